import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const open = (customer) => [
    {
        content: `Open the action of ${customer}`,
        trigger: `.o_data_row:contains(${customer}) td[name=partner_id]`,
        run: "click",
    },
    shows(customer),
];

const shows = (customer) => ({
    content: `${customer} is shown`,
    trigger: `.o_form_view .o_field_widget[name=partner_id]:contains(${customer})`,
});

const approve = () => ({
    content: "Validate",
    trigger: ".o_form_view button[name=action_approve]",
    run: "click",
});

// Whoever takes an approval back sees again what it was about, and decides anew.
tours.add("dunning_approval_undone", {
    url: "/odoo/action-account_dunning.action_to_validate",
    steps: () => [
        ...open("Customer 1"),
        approve(),
        shows("Customer 2"),
        {
            content: "Undo it",
            trigger: ".o_notification button:contains(Undo)",
            run: "click",
        },
        shows("Customer 1"),
        approve(),
        shows("Customer 2"),
    ],
});

// After the last one the list is shown, whose search box takes the focus.
tours.add("dunning_last_approval_undone", {
    url: "/odoo/action-account_dunning.action_to_validate",
    steps: () => [
        ...open("Customer 1"),
        approve(),
        {
            content: "It was the last one, and the list has it no more",
            trigger: ".o_list_view:not(:has(.o_data_row)) .o_searchview_input:not(:focus)",
        },
        {
            content: "Undo it by its key, wherever the focus is",
            trigger: ".o_notification button:contains(Undo)",
            run() {
                const press = (type) => new KeyboardEvent(type, { key: "u", bubbles: true });
                document.activeElement.dispatchEvent(press("keydown"));
            },
        },
        {
            content: "It waits again",
            trigger: ".o_list_view .o_data_row:contains(Customer 1)",
        },
    ],
});

// The heads of columns are longer in some languages than in others.
tours.add("dunning_whole_heads", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        {
            content: "No head is cut, however long it is",
            trigger: ".o_list_view:has(.o_data_row) thead th[data-name=days_late]",
            run() {
                const heads = [...document.querySelectorAll("thead th[data-name]")];
                const titles = heads.map((th) => th.querySelector(".text-truncate"));
                for (const title of titles.filter(Boolean)) {
                    title.textContent = "Jours de retard à ce jour";
                    if (title.scrollWidth > title.clientWidth) {
                        throw new Error(`cut: ${title.closest("th").dataset.name}`);
                    }
                }
            },
        },
    ],
});

// What cannot be taken back is asked for before, and said afterwards.
tours.add("dunning_send_asked", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        {
            content: "Send from the list",
            trigger: ".o_data_row:contains(Customer 1) button[name=action_execute]",
            run: "click",
        },
        {
            content: "It is asked",
            trigger: ".modal:contains(cannot be taken back)",
        },
        {
            content: "Rather not",
            trigger: ".modal .modal-footer .btn-secondary",
            run: "click",
        },
        {
            content: "It is still there",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Customer 1)",
        },
        ...open("Customer 1"),
        {
            content: "Send it",
            trigger: ".o_form_view button[name=action_execute]",
            run: "click",
        },
        {
            content: "It is asked here, too",
            trigger: ".modal:contains(cannot be taken back)",
        },
        {
            content: "Yes",
            trigger: ".modal .modal-footer .btn-primary:contains(Send Now)",
            run: "click",
        },
        {
            content: "It is said",
            trigger: ".o_notification:contains(: sent)",
        },
    ],
});
