import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const fill = (name, text, inDialog = false, element = "input") => ({
    content: `Fill in ${name}`,
    trigger: `${inDialog ? ".modal " : ""}.o_field_widget[name=${name}] ${element}`,
    run: `edit ${text}`,
});

const choose = (text) => ({
    content: `Choose ${text}`,
    trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
    run: "click",
});

// A collector plans a task by hand from the agenda, and a call from the customer.
tours.add("dunning_planned_by_hand", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        { content: "New", trigger: ".o_list_button_add", run: "click" },
        fill("partner_id", "Alpha"),
        choose("Alpha Mail"),
        fill("note", "Ask for the new address", false, "textarea"),
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "What the customer owes is listed",
            trigger: ".o_form_saved .o_field_widget[name=amount_by_currency]:contains(1,000.00)",
        },
        {
            content: "Go to the customer",
            trigger: ".oe_title .o_field_widget[name=partner_id] .o_external_button, .oe_title a.o_form_uri",
            run: "click",
        },
        {
            content: "Open the tab of dunning",
            trigger: ".o_notebook .nav-link[name=dunning]",
            run: "click",
        },
        {
            content: "Plan a call",
            trigger: "button[name=action_dunning_plan_call]",
            run: "click",
        },
        fill("note", "Call before noon", true, "textarea"),
        {
            content: "Save it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "Two are open now",
            trigger:
                "body:not(:has(.modal)) button[name=action_dunning_open_actions]:contains(2)",
        },
    ],
});
