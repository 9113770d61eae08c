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

const inUse = ".o_field_widget[name=level_ids] .o_data_row [name=active] input";

// A level that is switched off stays in the list, and is switched on again.
tours.add("dunning_level_switched_off", {
    steps: () => [
        { content: "Switch it off", trigger: `${inUse}:checked`, run: "click" },
        { content: "Save", trigger: ".o_form_button_save:enabled", run: "click" },
        {
            content: "It is still there",
            trigger: `.o_form_saved ${inUse}:not(:checked)`,
            run: "click",
        },
        { content: "Save", trigger: ".o_form_button_save:enabled", run: "click" },
        {
            content: "It is in use again",
            trigger: `.o_form_saved ${inUse}:checked`,
        },
    ],
});

// Whoever leaves the page while a dialog is open has planned nothing.
tours.add("dunning_left_in_a_dialog", {
    steps: () => [
        {
            content: "Open the tab of dunning",
            trigger: ".o_notebook .nav-link[name=dunning]",
            run: "click",
        },
        {
            content: "Open the dialog",
            trigger: "button[name=action_dunning_plan_call]",
            run: "click",
        },
        {
            content: "Leave the page",
            trigger: ".modal .o_field_widget[name=note]",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        {
            content: "The dialog is gone",
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link[name=dunning]",
        },
    ],
});

// A collector plans a task by hand from the agenda, and a call from the customer.
tours.add("dunning_planned_by_hand", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        { content: "New", trigger: ".o_list_button_add", run: "click" },
        fill("partner_id", "Alpha"),
        choose("Alpha Mail"),
        {
            content: "Choose the channel",
            trigger: ".o_field_widget[name=channel] .o_select_menu_toggler",
            run: "click",
        },
        {
            content: "A task",
            trigger: ".o_select_menu_item:contains(Task)",
            run: "click",
        },
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
            content: "It is told where the call is",
            trigger: ".o_notification:contains(is in the agenda) a[href*=action_agenda]",
        },
        {
            content: "Two are open now",
            trigger:
                "body:not(:has(.modal)) button[name=action_dunning_open_actions]:contains(2)",
        },
        {
            content: "Plan another call",
            trigger: "button[name=action_dunning_plan_call]",
            run: "click",
        },
        {
            content: "It is said that there is one",
            trigger: ".o_notification:contains(is planned already)",
        },
        fill("note", "Ask for Mrs Durand", true, "textarea"),
        {
            content: "Save it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "There are two still",
            trigger:
                "body:not(:has(.modal)) button[name=action_dunning_open_actions]:contains(2)",
        },
    ],
});

const finish = (customer) => ({
    content: `Finish the action of ${customer} in the list`,
    trigger: `.o_data_row:contains(${customer}) button[name=action_finish]`,
    run: "click",
});

// In the list: a call asks for its outcome, a task is done and taken back, the rest is
// sent at once after saying what happens.
tours.add("dunning_finish_in_the_list", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        finish("Beta Call"),
        {
            content: "How did it end?",
            trigger: ".modal:contains(Beta Call) [data-outcome=other]",
            run: "press 6",
        },
        {
            content: "Nobody answered: Enter records it",
            trigger: ".modal .o_field_widget[name=retry] input:checked",
            run: "press Enter",
        },
        {
            content: "The user is told and can take it back",
            trigger: ".o_notification:contains(Beta Call) button:contains(Undo)",
            run: "click",
        },
        {
            content: "Undone, and still in the agenda",
            trigger: "body:has(.o_data_row:contains(Beta Call)) .o_notification:contains(to be called again)",
        },
        finish("Gamma Task"),
        {
            content: "It is gone",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Gamma Task)))",
        },
        {
            content: "It can be taken back",
            trigger:
                ".o_notification:contains(Gamma Task) button:contains(Undo)",
            run: "click",
        },
        {
            content: "It is there again, once the list has been read anew",
            trigger: ".o_data_row:contains(Gamma Task)",
            run: () => new Promise((resolve) => setTimeout(resolve, 3000)),
        },
        {
            content: "Choose all",
            trigger: ".o_list_record_selector:first input",
            run: "click",
        },
        {
            content: "Send them",
            trigger: ".o_control_panel_actions button:contains(Send / Done)",
            run: "click",
        },
        {
            content: "What happens is told before, by channel",
            trigger:
                ".modal .o_dunning_summary:contains(sent now):contains(recorded as done)",
        },
        {
            content: "Calls are left",
            trigger: ".modal .alert:contains(1):contains(to call)",
        },
        { content: "Confirm", trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "Two are done",
            trigger: ".o_notification:contains(2 done)",
        },
        {
            content: "The call is still to be made",
            trigger:
                ".o_list_view:not(:contains(Alpha Mail)) .o_data_row:contains(Beta Call)",
        },
    ],
});

// A manager who has no actions of his own sees those of all, and may ask for his.
tours.add("dunning_nothing_of_my_own", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        {
            content: "What all have is there, without a filter",
            trigger: ".o_control_panel:not(:has(.o_searchview_facet)) ~ * .o_data_row",
        },
        {
            content: "Calls",
            trigger: ".o_menu_sections button:contains(Agenda)",
            run: "click",
        },
        {
            content: "Open them",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Calls)",
            run: "click",
        },
        {
            content: "A colleague's call is on the screen",
            trigger: ".o_dunning_call_position:contains(1 of 1)",
        },
    ],
});

// What is for tomorrow says so; what comes later has its date.
tours.add("dunning_days_in_words", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        {
            content: "Tomorrow, in a word",
            trigger: ".o_data_row:contains(Alpha Mail) td[name=date]:contains(Tomorrow)",
        },
        {
            content: "The day after it, by its date",
            trigger: ".o_data_row:contains(Beta Call) td[name=date]:not(:contains(days))",
        },
    ],
});
