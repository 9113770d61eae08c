import { rpc } from "@web/core/network/rpc";
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

const CALL = "body:not(:has(.modal)) .o_dunning_call";

const shows = (customer, position, run) => ({
    content: `${customer} is call ${position}`,
    trigger: `${CALL}:has(.o_dunning_call_position:contains(${position})) h1:contains(${customer})`,
    run,
});

const show = (whose) => ({
    content: `Show ${whose} calls`,
    trigger: `.o_dunning_call_progress button:contains(${whose})`,
    run: "click",
});

const onActions = (method, ...args) =>
    rpc(`/web/dataset/call_kw/dunning.action/${method}`, {
        model: "dunning.action",
        method,
        args,
        kwargs: {},
    });

// To and fro, mine or everybody's, a note of several lines, and a colleague who works
// on the same calls.
registry.category("web_tour.tours").add("dunning_call_keys", {
    url: "/odoo/action-account_dunning.action_start_calls",
    steps: () => [
        shows("Alpha Owes", "1 of 2", "press ArrowRight"),
        shows("Beta Owes", "2 of 2", "press ArrowLeft"),
        shows("Alpha Owes", "1 of 2"),
        show("everybody"),
        shows("Alpha Owes", "2 of 3", "press ArrowLeft"),
        shows("Gamma Owes", "1 of 3"),
        show("my"),
        shows("Alpha Owes", "1 of 2", "press 8"),
        {
            content: "Enter is a new line of the note",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Calls back && press Enter",
        },
        {
            content: "The note goes on",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Calls back tomorrow",
        },
        {
            content: "Leave the dialog",
            trigger: ".modal .modal-header .btn-close",
            run: "click",
        },
        show("everybody"),
        shows("Alpha Owes", "2 of 3", async () => {
            const ids = await onActions("search", [["partner_id.name", "=", "Alpha Owes"]]);
            await onActions("action_skip", ids, "A colleague has settled it");
        }),
        shows("Alpha Owes", "2 of 3", "press 1"),
        {
            content: "A colleague was faster, and it is said",
            trigger: ".o_notification:contains(Alpha Owes)",
        },
        // What follows comes next, not what was passed over before.
        shows("Beta Owes", "2 of 2"),
    ],
});
