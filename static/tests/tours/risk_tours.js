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

// -- watch list -------------------------------------------------------------------

tours.add("dunning_watch", {
    steps: () => [
        {
            content: "Put somebody on the list",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Say whom",
            trigger: ".o_form_view .o_field_widget[name=partner_id] input",
            run: "edit Alpha Mail",
        },
        {
            content: "Choose the customer",
            trigger: ".o-autocomplete--dropdown-item:contains(Alpha Mail)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".o_field_widget[name=reason] input",
            run: "edit Bad news",
        },
        {
            content: "Nothing is sold meanwhile",
            trigger: ".o_field_widget[name=effect] input[data-value=block]",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Take the customer off again",
            trigger: ".o_form_view button[name=action_close]",
            run: "click",
        },
        {
            content: "Who took it off is told",
            trigger: ".o_field_widget[name=closed_user_id]",
        },
    ],
});

tours.add("dunning_watch_rule_applied", {
    steps: () => [
        {
            content: "Open the rule",
            trigger: ".o_data_row .o_data_cell[name=name]:contains(Pays Late)",
            run: "click",
        },
        {
            content: "Nobody is watched by it yet",
            trigger: ".o_form_view .o_field_widget[name=watch_count]:contains(0)",
        },
        {
            content: "Look now who meets it",
            trigger: ".o_form_statusbar button[name=action_apply]",
            run: "click",
        },
        {
            content: "One customer does",
            trigger: ".o_form_view .o_field_widget[name=watch_count]:contains(1)",
        },
        {
            content: "Who?",
            trigger: "button[name=action_open_watched]",
            run: "click",
        },
        {
            content: "Alpha, for the reason of the rule; take it off",
            trigger:
                ".o_data_row:has(.o_data_cell[name=partner_id]:contains(Alpha Mail))" +
                ":has(.o_data_cell[name=reason]:contains(Pays Late)) button[name=action_close]",
            run: "click",
        },
        {
            content: "Nobody is watched any more",
            trigger: ".o_list_view:not(:has(.o_data_row)), .o_view_nocontent",
        },
    ],
});

// -- insurance --------------------------------------------------------------------

tours.add("dunning_cover_import", {
    steps: () => [
        {
            content: "Import the insurer's list",
            trigger: ".o_control_panel button.btn-secondary[type=action], .o_control_panel button[name][type=action]",
            run: "click",
        },
        {
            content: "Choose a file of which one row is known",
            trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
            run({ anchor }) {
                const text = "Client;Assureur;Montant\nAlpha Mail;Beta Mail;1 500,50\nGamma;Beta Mail;5";
                const files = new DataTransfer();
                files.items.add(new File([text], "covers.csv", { type: "text/csv" }));
                anchor.files = files.files;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "The row that cannot be used is told",
            trigger: ".modal .o_field_widget[name=preview] .text-danger",
        },
        {
            content: "Enter the other one",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "What is left stays on the screen, and nothing is left to enter",
            trigger: ".modal:not(:has(button[name=action_apply])) button[name=action_download_rejected]",
        },
    ],
});

// -- credit stops -----------------------------------------------------------------

tours.add("dunning_stop_released", {
    steps: () => [
        {
            content: "Release a credit stop",
            trigger: ".o_control_panel button.btn-primary[type=action], .o_control_panel button.btn-primary[name]",
            run: "click",
        },
        {
            content: "Say of whom",
            trigger: ".modal .o_field_widget[name=partner_ids] input",
            run: "edit Alpha Mail",
        },
        {
            content: "Choose the customer",
            trigger: ".o-autocomplete--dropdown-item:contains(Alpha Mail)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Paid by transfer",
        },
        {
            content: "Release",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is on the list; take it back",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains(Alpha Mail):contains(Paid by transfer) button[name=action_withdraw]",
            run: "click",
        },
        {
            content: "It is taken back",
            trigger: "body:not(:has(.o_data_row button[name=action_withdraw]))",
        },
    ],
});
