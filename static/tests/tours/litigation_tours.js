import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

const openTab = () => ({
    content: "Open the tab of dunning",
    trigger: ".o_notebook .nav-link[name=dunning]",
    run: "click",
});

const openDialog = () => [
    openTab(),
    {
        content: "Open the dialog",
        trigger: ".o_notebook button:has(.fa-university)",
        run: "click",
    },
    {
        content: "It is about what the customer owes",
        trigger: ".modal .o_field_widget[name=move_line_ids] .o_tag",
    },
];

const apply = () => ({
    content: "Apply",
    trigger: ".modal button[name=action_apply]:visible",
    run: "click",
});

const inState = (state) => ({
    content: `It is ${state}`,
    trigger: `body:not(:has(.modal)) .o_arrow_button_current[data-value=${state}]`,
});

tours.add("dunning_litigation_handed_over", {
    steps: () => [
        ...openDialog(),
        {
            content: "To an agency",
            trigger: ".modal .o_field_widget[name=kind] input[data-value=agency]",
            run: "click",
        },
        {
            content: "The only one is proposed",
            trigger: ".modal .o_field_widget[name=agent_id] input:value(Agency)",
        },
        apply(),
        inState("new"),
        {
            content: "It is with the agency now",
            trigger: ".o_arrow_button[data-value=amicable]",
            run: "click",
        },
        inState("amicable"),
        {
            content: "Something was done",
            trigger: ".o_statusbar_buttons button.btn-primary",
            run: "click",
        },
        {
            content: "Say what",
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit They have answered",
        },
        {
            content: "Save",
            trigger: ".modal .o_form_button_save, .modal footer .btn-primary",
            run: "click",
        },
        {
            content: "It is among the acts",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=act_ids] .o_data_row:contains(They have answered)",
        },
    ],
});

tours.add("dunning_litigation_insolvency", {
    steps: () => [
        ...openDialog(),
        {
            content: "Insolvency",
            trigger: ".modal .o_field_widget[name=kind] input[data-value=insolvency]",
            run: "click",
        },
        {
            content: "When it was published",
            trigger: ".modal .o_field_widget[name=date_published] :is(input, button)",
            run: "click",
        },
        {
            content: "In these days",
            trigger: ".o_datetime_picker .o_date_item_cell.o_today",
            run: "click",
        },
        {
            content: "It is entered",
            trigger: ".modal .o_field_widget[name=date_published]:not(.o_field_empty)",
        },
        apply(),
        inState("new"),
        {
            content: "The publication is the first act",
            trigger: ".o_field_widget[name=act_ids] .o_data_row",
        },
    ],
});

tours.add("dunning_litigation_proof", {
    steps: () => [
        openTab(),
        {
            content: "Ask for the proof file",
            trigger: ".o_notebook button[name=action_dunning_proof]",
            run: "click",
        },
        {
            content: "The form is ready again",
            trigger: ".o_notebook button[name=action_dunning_proof]:enabled",
        },
    ],
});

const prepareEntry = (kind) => [
    {
        content: "Prepare an entry",
        trigger: ".o_form_statusbar button[data-hotkey=w]",
        run: "click",
    },
    {
        content: `Choose ${kind}`,
        trigger: `.modal .o_field_widget[name=kind] input[data-value=${kind}]`,
        run: "click",
    },
];

const isDraft = {
    content: "The draft is there",
    trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=draft]",
};

// What is doubtful is moved, and half of it provided for.
tours.add("dunning_litigation_doubtful", {
    steps: () => [
        ...prepareEntry("doubtful"),
        {
            content: "It goes to the account of doubtful receivables",
            trigger: ".modal .o_field_widget[name=preview] td:contains(416999)",
        },
        apply(),
        isDraft,
        {
            content: "Back to the litigation",
            trigger: ".o_breadcrumb .o_back_button a, .o_back_button",
            run: "click",
        },
        ...prepareEntry("provision"),
        {
            content: "All of it is proposed",
            trigger: ".modal .o_field_widget[name=preview] td:contains(/1.000[.,]00/)",
        },
        {
            content: "Half of it",
            trigger: ".modal .o_field_widget[name=rate] input",
            run: "edit 50 && press Tab",
        },
        {
            content: "The entry is about half of it",
            trigger:
                ".modal .o_field_widget[name=preview]:has(td:contains(491999)) td:contains(/500[.,]00/)",
        },
        apply(),
        isDraft,
    ],
});

// What follows from acts, and the entry that an accountant prepares.
tours.add("dunning_litigation_written_off", {
    steps: () => [
        {
            content: "What follows from the order to pay",
            trigger: ".o_notebook .nav-link[name=clock]",
            run: "click",
        },
        {
            content: "It is to be served",
            trigger: ".o_field_widget[name=deadline_ids] .o_data_row",
        },
        ...prepareEntry("write_off"),
        {
            content: "It is shown before it is made",
            trigger: ".modal .o_field_widget[name=preview] td:contains(654000)",
        },
        apply(),
        isDraft,
    ],
});
