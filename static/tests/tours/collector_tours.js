import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

// -- assignment -------------------------------------------------------------------

tours.add("dunning_assignment", {
    steps: () => [
        {
            content: "Select all customers",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Open the menu of actions",
            trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Assign them",
            trigger: ".o-dropdown--menu .dunning_assign, .o-dropdown--menu .o_menu_item:contains(/Assign|Affecter/)",
            run: "click",
        },
        {
            content: "It shows what the rules would do",
            trigger: ".modal .o_field_widget[name=preview] td:contains(Alpha Mail)",
        },
        {
            content: "The rule is for one of them",
            trigger: ".modal .o_field_widget[name=preview]:not(:contains(Beta Mail))",
        },
        {
            content: "Give them",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is said",
            trigger: ".o_notification",
        },
        {
            content: "The dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
    ],
});

// -- absence ----------------------------------------------------------------------

tours.add("dunning_absence", {
    steps: () => [
        {
            content: "Enter an absence",
            trigger: ".o_list_buttons button.btn-primary, .o_control_panel button.btn-primary",
            run: "click",
        },
        {
            content: "Say who is away",
            trigger: ".modal .o_field_widget[name=user_id] input",
            run: "edit Paul",
        },
        {
            content: "Choose the collector",
            trigger: ".o-autocomplete--dropdown-item a:contains(Paul)",
            run: "click",
        },
        {
            content: "Who stands in is known",
            trigger: ".modal .o_field_widget[name=substitute_id] input:value(Sophie)",
        },
        {
            content: "Save",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The substitution runs",
            trigger: ".o_data_row .o_data_cell[name=substitute_id]:contains(Sophie)",
        },
    ],
});

// Whoever is away has nothing of his own, and looks at the agenda all the same.
tours.add("dunning_away", {
    steps: () => [
        {
            content: "Who does the work is told",
            trigger: ".o_notification:contains(Sophie)",
        },
        {
            content: "What all have is shown",
            trigger: ".o_list_view .o_data_row:contains(Alpha Mail)",
        },
    ],
});
