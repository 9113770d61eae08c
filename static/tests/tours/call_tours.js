import { registry } from "@web/core/registry";

const BODY = ".modal .o_field_widget[name=confirm_body] [contenteditable=true]";

// What is agreed is confirmed: the text is there, and follows what is agreed.
registry.category("web_tour.tours").add("dunning_call_confirmed", {
    url: "/odoo/action-account_dunning.action_start_calls",
    steps: () => [
        {
            content: "The customer promises",
            trigger: ".o_dunning_call h1:contains(Alpha Owes)",
            run: "press 1",
        },
        {
            content: "Confirm it",
            trigger: ".modal .o_field_widget[name=confirm] input",
            run: "click",
        },
        {
            content: "The text is there",
            trigger: `${BODY}:contains(3,000.00)`,
        },
        {
            content: "Less is promised",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 1200 && press Tab",
        },
        {
            content: "The text says so",
            trigger: `${BODY}:contains(1,200.00):not(:contains(3,000.00))`,
        },
        {
            content: "Write the subject oneself",
            trigger: ".modal .o_field_widget[name=confirm_subject] input",
            run: "edit As agreed by phone",
        },
        {
            content: "Record it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is told",
            trigger: ".o_notification:contains(Alpha Owes)",
        },
    ],
});
