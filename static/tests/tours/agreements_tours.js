import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

const openDialog = (icon) => [
    {
        content: "Open the tab of dunning",
        trigger: ".o_notebook .nav-link[name=dunning]",
        run: "click",
    },
    {
        content: "Open the dialog",
        trigger: `.o_notebook button:has(.${icon})`,
        run: "click",
    },
    {
        content: "It is about what the customer owes",
        trigger: ".modal .o_field_widget[name=move_line_ids] .o_tag",
    },
];

const type = (name, text, element = "input") => ({
    content: `Fill in ${name}`,
    trigger: `.modal .o_field_widget[name=${name}] ${element}`,
    run: `edit ${text}`,
});

const apply = () => ({
    content: "Apply",
    trigger: ".modal button[name=action_apply]:visible",
    run: "click",
});

const inState = (state) => ({
    content: `It is ${state}`,
    // Stages are folded into one where the buttons leave them no room.
    trigger: `body:not(:has(.modal)):has(.o_arrow_button_current[data-value=${state}])`,
});

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button[name=${name}]`,
    run: "click",
});

// -- promises ---------------------------------------------------------------------

tours.add("dunning_promise_made", {
    steps: () => [
        ...openDialog("fa-handshake-o"),
        type("amount", "600"),
        type("promised_by", "Ms Alpha"),
        apply(),
        inState("open"),
        {
            content: "Who promised is shown",
            trigger: ".o_field_widget[name=promised_by] input:value(Ms Alpha)",
        },
    ],
});

tours.add("dunning_promise_kept", {
    steps: () => [
        inState("kept"),
        {
            content: "The payment is kept too",
            trigger: ".o_field_widget[name=line_ids] .o_data_row .text-bg-success",
        },
    ],
});

tours.add("dunning_promise_confirmed", {
    steps: () => [
        inState("open"),
        press("action_send_confirmation"),
        {
            content: "What goes out is shown before it does",
            trigger: ".o_field_widget[name=partner_id]:visible",
        },
        inState("todo"),
        press("action_execute"),
        {
            content: "It cannot be taken back: yes",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        inState("done"),
    ],
});

tours.add("dunning_promise_withdrawn", {
    steps: () => [
        inState("open"),
        {
            content: "Withdraw it",
            trigger: ".o_statusbar_buttons button[data-hotkey=w]",
            run: "click",
        },
        type("reason", "Taken back"),
        apply(),
        inState("withdrawn"),
        {
            content: "Why is in its history",
            trigger: ".o-mail-Message:contains(Taken back)",
        },
        press("action_reopen"),
        inState("open"),
    ],
});

// -- instalment plans -------------------------------------------------------------

tours.add("dunning_plan_made", {
    steps: () => [
        ...openDialog("fa-handshake-o"),
        type("count", "3"),
        {
            content: "Leave the number of instalments",
            trigger: ".modal .o_field_widget[name=promised_by] input",
            run: "click",
        },
        {
            content: "Three instalments are proposed",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:eq(2)",
        },
        {
            content: "There is not a fourth one",
            trigger:
                ".modal .o_field_widget[name=line_ids]:not(:has(.o_data_row:eq(3)))",
        },
        apply(),
        inState("open"),
        {
            content: "The schedule is that of the dialog",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:eq(2)",
        },
    ],
});

tours.add("dunning_plan_broken", {
    steps: () => [
        inState("partly_kept"),
        {
            content: "The second instalment is missed",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:eq(1) .text-bg-danger",
        },
        {
            content: "What happened and what follows is told",
            trigger: ".alert-danger .o_field_widget[name=outcome_text] span:contains(.)",
        },
        press("action_renegotiate"),
        {
            content: "The dialog is about the same invoice",
            trigger: ".modal .o_field_widget[name=move_line_ids] .o_tag",
        },
        type("promised_by", "Mr Alpha"),
        apply(),
        {
            content: "The new promise is on the screen",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=promised_by] input:value(Mr Alpha)",
        },
        inState("open"),
    ],
});

// -- disputes ---------------------------------------------------------------------

tours.add("dunning_dispute_recorded", {
    steps: () => [
        ...openDialog("fa-balance-scale"),
        type("amount", "400"),
        type("reason_id", "Bent Frame"),
        {
            content: "Choose the reason",
            trigger: ".o-autocomplete .dropdown-item:contains(Bent Frame)",
            run: "click",
        },
        {
            content: "Ask its department",
            trigger: ".modal .o_field_widget[name=ask] input",
            run: "click",
        },
        type("question", "Is the frame bent?", "textarea"),
        apply(),
        inState("waiting_department"),
    ],
});

tours.add("dunning_dispute_answered", {
    steps: () => [
        {
            content: "The question is an activity of who is asked",
            trigger:
                ".o-mail-Activity:contains(Is the frame bent?) .o-mail-Activity-markDone",
            run: "click",
        },
        {
            content: "Answer",
            trigger: ".o-mail-ActivityMarkAsDone textarea",
            run: "edit It is bent",
        },
        {
            content: "Done",
            trigger: ".o-mail-ActivityMarkAsDone button.btn-primary.mx-2",
            run: "click",
        },
        {
            content: "The answer is in the history",
            trigger: ".o-mail-Message:contains(It is bent)",
        },
    ],
});

tours.add("dunning_dispute_accepted", {
    steps: () => [
        inState("in_process"),
        press("action_accept"),
        {
            content: "The credit note is a draft",
            trigger: ".o_form_view .o_arrow_button_current[data-value=draft]",
            // Making it takes a while on a machine that has much to do.
            timeout: 40000,
        },
    ],
});

tours.add("dunning_credit_note_posted", {
    steps: () => [inState("draft"), press("action_post"), inState("posted")],
});

tours.add("dunning_dispute_credited", {
    steps: () => [inState("accepted")],
});

tours.add("dunning_invoice_with_dispute", {
    steps: () => [
        {
            content: "The invoice leads to its dispute",
            trigger: "button[name=action_dunning_open_disputes]:visible",
            run: "click",
        },
        inState("accepted"),
    ],
});
