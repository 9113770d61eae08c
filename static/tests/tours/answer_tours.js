import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Whoever has no answers of his own sees those of all.
tours.add("dunning_answers_of_all", {
    steps: () => [
        {
            content: "An answer to a colleague is there",
            trigger: ".o_list_view .o_data_row td[name=own_title]",
        },
        {
            content: "Only what is to be decided is shown",
            trigger: ".o_searchview:has(.o_searchview_facet):not(:has(.o_searchview_facet ~ .o_searchview_facet))",
        },
    ],
});

// These tours are played in several languages: nothing is found by its label.

const PAGE = ".o_dunning_page";

function open(path) {
    return {
        content: `Open the form ${path}`,
        trigger: `${PAGE} .o_dunning_acts a[href$='/${path}']`,
        run: "click",
        expectUnloadPage: true,
    };
}

function tick() {
    return {
        content: "Choose the first invoice",
        trigger: `${PAGE} .o_dunning_pick input[name=item_ids]`,
        run: "click",
    };
}

function fill(name, value) {
    return {
        content: `Fill in ${name}`,
        trigger: `${PAGE} [name=${name}]`,
        run: (helpers) => {
            const field = document.querySelector(`${PAGE} [name=${name}]`);
            field.value = typeof value === "function" ? value(field) : value;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

function attach(name, file, content, type) {
    return {
        content: `Choose a file for ${name}`,
        trigger: `${PAGE} input[type=file][name=${name}]`,
        run: () => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], file, { type }));
            document.querySelector(`${PAGE} input[name=${name}]`).files = transfer.files;
        },
    };
}

// A tour stays in its tab.
function clickHere({ anchor }) {
    (anchor.form || anchor).target = "_self";
    anchor.click();
}

const PROOF = ["proof.pdf", "%PDF-1.4\n1 0 obj\n<< >>\nendobj\n", "application/pdf"];

function send(condition = "") {
    return {
        content: "Send the form",
        trigger: `${PAGE} form${condition} button[type=submit].o_dunning_primary`,
        run: "click",
        expectUnloadPage: true,
    };
}

const TOLD = { content: "It has arrived", trigger: `${PAGE} .alert-success[role=status]` };

tours.add("dunning_answer_paid", {
    steps: () => [
        open("paid"),
        {
            content: "Send it without choosing anything: the browser lets dates be empty",
            trigger: `${PAGE} form`,
            run: () => (document.querySelector(`${PAGE} form`).noValidate = true),
        },
        send(),
        {
            content: "What is wrong is told beside its fields",
            trigger: `${PAGE} #problem_item_ids`,
        },
        { content: "Of each of them", trigger: `${PAGE} input[name=date][aria-invalid=true]` },
        tick(),
        fill("date", (field) => field.max),
        fill("reference", "TRF 42"),
        attach("files", ...PROOF),
        send(),
        TOLD,
    ],
});

tours.add("dunning_answer_promise", {
    steps: () => [
        open("promise"),
        tick(),
        fill("date", (field) => field.min),
        fill("number", "2"),
        send(),
        TOLD,
    ],
});

tours.add("dunning_answer_dispute", {
    steps: () => [
        open("dispute"),
        tick(),
        fill("reason_id", (field) => field.options[1].value),
        fill("text", "It is not what we ordered"),
        fill("amount", "100"),
        attach("files", ...PROOF),
        send(),
        TOLD,
    ],
});

tours.add("dunning_answer_follow", {
    steps: () => [
        {
            content: "Open the dispute",
            trigger: `${PAGE} a[href*='/dispute/']`,
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Its stage", trigger: `${PAGE} [name=stage] strong` },
        {
            content: "What we have answered",
            trigger: `${PAGE} .o_dunning_list li:contains(Please send us your order)`,
        },
        fill("text", "Here is our order"),
        attach("files", ...PROOF),
        send(),
        TOLD,
    ],
});

tours.add("dunning_answer_details", {
    steps: () => [
        open("details"),
        fill("email", "new@example.com"),
        fill("second_email", "second@example.com"),
        send("[action$='/details']"),
        TOLD,
    ],
});

tours.add("dunning_answer_compare", {
    steps: () => [
        open("compare"),
        attach("file", "ledger.csv", "Invoice;Amount\nUNKNOWN/7;12.00\n", "text/csv"),
        send(),
        {
            content: "A line that we do not know",
            trigger: `${PAGE} tr[data-status=unknown_to_us]`,
        },
        {
            content: "An invoice that is not in the file: contest it by one click",
            trigger: `${PAGE} tr[data-status=unknown_to_customer] a[href*='/dispute?']`,
            run: clickHere,
            expectUnloadPage: true,
        },
        {
            content: "It is chosen already",
            trigger: `${PAGE} .o_dunning_pick input[name=item_ids]:checked`,
        },
    ],
});

tours.add("dunning_answer_send", {
    steps: () => [
        open("compare"),
        attach("file", "ledger.csv", "Invoice;Amount\nUNKNOWN/7;12.00\n", "text/csv"),
        send(),
        {
            content: "An invoice that is not in the file: have it sent by one click",
            trigger: `${PAGE} tr[data-status=unknown_to_customer] button[name=o_dunning_send]`,
            run: clickHere,
            expectUnloadPage: true,
        },
        TOLD,
    ],
});

tours.add("dunning_answer_confirm", {
    steps: () => [
        {
            content: "What was asked for is shown",
            trigger: `${PAGE} dl.o_dunning_card dd`,
        },
        {
            content: "Confirm it",
            trigger: `${PAGE} button[name=o_dunning_confirm]`,
            run: "click",
            expectUnloadPage: true,
        },
        TOLD,
        {
            content: "There is nothing left to confirm",
            trigger: `${PAGE}:not(:has(button[name=o_dunning_confirm]))`,
        },
    ],
});

// The collector's side

tours.add("dunning_answer_accepted", {
    steps: () => [
        {
            content: "Open what is to be decided",
            trigger: ".o_list_view .o_data_row td[name=own_title]",
            run: "click",
        },
        {
            content: "Accept it",
            trigger: ".o_form_view button[name=action_accept]",
            run: "click",
        },
        {
            content: "It is accepted",
            trigger:
                ".o_form_view:not(:has(button[name=action_accept])) [name=decision_user_id]",
        },
    ],
});

tours.add("dunning_answer_refused", {
    steps: () => [
        {
            content: "Open what is to be decided",
            trigger: ".o_list_view .o_data_row td[name=own_title]",
            run: "click",
        },
        {
            content: "Old and new stand beside each other",
            trigger: ".o_form_view [name=change_ids] .o_data_row td[name=new]",
        },
        {
            content: "Refuse it",
            trigger:
                ".o_form_view .o_form_statusbar button:not([name=action_accept]):not([name=action_open_result]).btn-secondary",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal [name=note] textarea",
            run: "edit Please call us",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is refused",
            trigger: ".o_form_view:not(:has(button[name=action_accept])) [name=decision_note]",
        },
    ],
});

tours.add("dunning_answer_follows", {
    steps: () => [
        {
            content: "What follows from the answer",
            trigger: ".o_form_view button[name=action_open_result]",
            run: "click",
        },
        {
            content: "The promise with its payments",
            trigger: ".o_form_view [name=line_ids] .o_data_row:nth-child(2)",
        },
    ],
});

tours.add("dunning_answer_replied", {
    steps: () => [
        {
            content: "Open what the customer has sent",
            trigger: ".o_notebook .nav-link[name=answers]",
            run: "click",
        },
        {
            content: "It is there",
            trigger: ".o_field_widget[name=request_ids] .o_data_row",
        },
        {
            content: "Answer it",
            trigger: ".o_form_statusbar button.o_dunning_answer",
            run: "click",
        },
        {
            content: "Where the e-mail goes is told",
            trigger: ".modal [name=address]:contains(@)",
        },
        {
            content: "Write what the customer reads",
            trigger: ".modal [name=text] textarea",
            run: "edit Please send us your order",
        },
        {
            content: "Wait for the customer",
            trigger: ".modal [name=waits] input",
            run: "click",
        },
        {
            content: "Send it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is listed",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=answer_ids] .o_data_row",
        },
    ],
});
