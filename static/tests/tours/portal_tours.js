import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

const STATEMENT = [
    {
        content: "What is to pay, and the items",
        trigger: ".o_dunning_page [name=to_pay]:contains(1,500), .o_dunning_page [name=to_pay]:contains(500,00)",
    },
    {
        content: "Both items are there",
        trigger: ".o_dunning_items tbody tr:nth-child(2)",
    },
    {
        content: "Somebody to talk to",
        trigger: ".o_dunning_page a[href^='mailto:']",
    },
];

const PAY = [
    {
        content: "Tick the first item",
        trigger: ".o_dunning_items tbody tr:first-child input[name=item]",
        run: "click",
    },
    {
        content: "Pay it",
        trigger: "button[name=o_dunning_choose]",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "The amount is that of the item",
        trigger: "[name=amount]:contains(1,000), [name=amount]:contains(000,00)",
    },
    {
        content: "Give the number of a card",
        trigger: "#o_payment_form #customer_input",
        run: "edit 4242424242424242",
    },
    {
        content: "Send the payment",
        trigger: "button[name=o_payment_submit_button]:not(:disabled)",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "The payment has arrived",
        trigger: ".o_dunning_page .alert-success[role=status]",
    },
    {
        content: "One item is left",
        trigger: ".o_dunning_items tbody:not(:has(tr:nth-child(2)))",
    },
];

tours.add("dunning_portal_link", { steps: () => [...STATEMENT, ...PAY] });

tours.add("dunning_portal_login", {
    steps: () => [
        {
            content: "The card of my account",
            trigger: ".o_portal_docs a[href='/my/dunning']",
            run: "click",
            expectUnloadPage: true,
        },
        ...STATEMENT,
        ...PAY,
    ],
});

tours.add("dunning_portal_collector", {
    steps: () => [
        {
            content: "Open the tab of dunning",
            trigger: ".o_notebook .nav-link[name=dunning]",
            run: "click",
        },
        {
            content: "The visit stands in the timeline",
            trigger: ".o_dunning_entry .fa-eye",
        },
        {
            content: "Revoke the links",
            trigger: ".o_notebook button[name=action_dunning_portal_revoke]",
            run: "click",
        },
        {
            content: "Yes, really",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is told what that means",
            trigger: ".o_notification",
        },
    ],
});
