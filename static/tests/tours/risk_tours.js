import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

// -- worklist ---------------------------------------------------------------------

tours.add("dunning_worklist", {
    steps: () => [
        {
            content: "Who is late for longest comes first, and it says why",
            trigger:
                ".o_data_row:first:has(.o_data_cell[name=partner_id]:contains(Alpha Mail)) " +
                ".o_data_cell[name=priority_detail]:contains(+)",
        },
        {
            content: "What comes next is told",
            trigger: ".o_data_row:first .o_data_cell[name=next_action]:contains(First email)",
        },
        {
            content: "Do it",
            trigger: ".o_data_row:first button[name=action_open_next]",
            run: "click",
        },
        {
            content: "The action is open",
            trigger: ".o_form_view .o_field_widget[name=partner_id]:contains(Alpha Mail)",
        },
    ],
});

// -- priorities -------------------------------------------------------------------

tours.add("dunning_priority_preview", {
    steps: () => [
        {
            content: "Open the rule of our own",
            trigger: ".o_data_row .o_data_cell[name=name]:contains(Large Amounts)",
            run: "click",
        },
        {
            content: "Today Alpha comes first",
            trigger: ".o_field_widget[name=preview] tbody tr:first:contains(Alpha Mail)",
        },
        {
            content: "Amounts count for much more",
            trigger: ".o_field_widget[name=points] input",
            run: "edit 900 && press Tab",
        },
        {
            content: "Beta would come first",
            trigger:
                ".o_field_widget[name=preview] tbody tr:first:contains(Beta Mail):has(.fa-arrow-up)",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is so now",
            trigger:
                ".o_field_widget[name=preview] tbody tr:first:contains(Beta Mail):not(:has(.fa-arrow-up))",
        },
    ],
});
