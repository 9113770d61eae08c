import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openAction = (customer) => [
    {
        content: `Open the action of ${customer}`,
        trigger: `.o_data_row:contains(${customer}) td[name=partner_id]`,
        run: "click",
    },
    {
        content: "Its form is there",
        trigger: `.o_form_view:contains(${customer}) .o_statusbar_status`,
    },
];

const backToAgenda = () => [
    {
        content: "Back to the agenda",
        trigger: ".o_breadcrumb .o_back_button",
        run: "click",
    },
    { content: "The list is there", trigger: ".o_list_view .o_data_row" },
];

const openMenu = (section, item) => [
    {
        content: `Unfold ${section}`,
        trigger: `.o_menu_sections button:contains(${section})`,
        run: "click",
    },
    {
        content: `Open ${item}`,
        trigger: `.o-dropdown--menu .o-dropdown-item:contains(${item})`,
        run: "click",
    },
    {
        content: `${item} is there`,
        trigger: `.o_control_panel .o_last_breadcrumb_item:contains(${item})`,
    },
];

// A collector approves an e-mail, prints a letter and finds both in the history.
tours.add("dunning_post_room", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        { content: "Two contacts wait", trigger: ".o_data_row:nth-child(2)" },
        ...openMenu("Agenda", "To Validate"),
        ...openAction("Alpha Mail"),
        {
            content: "What goes out is shown",
            trigger: ".o_form_view:contains(customer@example.com)",
        },
        {
            content: "Approve it",
            trigger: "button[name=action_approve]:contains(Validate)",
            run: "click",
        },
        {
            content: "Nothing else waits",
            trigger: ".o_view_nocontent:contains(Nothing waits for approval)",
        },
        ...openMenu("Agenda", "Letters to Print"),
        {
            content: "Choose the letter",
            trigger: ".o_data_row:contains(Delta Letter) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Print what is chosen",
            trigger: ".o_list_selection_box ~ * button[name=action_print], .o_control_panel button[name=action_print]",
            run: "click",
        },
        {
            content: "The user is told",
            trigger: ".o_notification:contains(1 of 1 printed)",
        },
        {
            content: "The letter is no longer to print",
            trigger: ".o_view_nocontent:contains(No letter to print)",
        },
        ...openMenu("Agenda", "History"),
        ...openAction("Delta Letter"),
        {
            content: "It can be printed again",
            trigger: "button[name=action_print_again]",
        },
        {
            content: "Open the timeline",
            trigger: ".o_notebook .nav-link:contains(Timeline)",
            run: "click",
        },
        {
            content: "The letter is in it",
            trigger: ".o_dunning_timeline .o_dunning_entry:contains(First letter)",
        },
    ],
});

// A collector sends an e-mail, records a call and postpones a third contact.
tours.add("dunning_collector_day", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        { content: "Three contacts wait", trigger: ".o_data_row:nth-child(3)" },
        ...openAction("Alpha Mail"),
        {
            content: "Send the e-mail",
            trigger: "button[name=action_execute]:contains(Send Now)",
            run: "click",
        },
        {
            content: "It cannot be taken back: yes",
            trigger: ".modal .modal-footer .btn-primary:contains(Send Now)",
            run: "click",
        },
        { content: "The user is told", trigger: ".o_notification:contains(: sent)" },
        {
            content: "The action is done",
            trigger: ".o_arrow_button_current:contains(Done)",
        },
        ...backToAgenda(),
        {
            content: "It has left the agenda",
            trigger: ".o_list_view:not(:contains(Alpha Mail))",
        },
        ...openAction("Beta Call"),
        {
            content: "What to say is on the screen",
            trigger: ".alert-info:contains(Ask when the payment leaves)",
        },
        {
            content: "Finish the call",
            trigger: "button[name=action_finish]:contains(Mark as Done)",
            run: "click",
        },
        {
            content: "It asks how the call ended",
            trigger: ".modal .o_dunning_outcomes [data-outcome=not_approved]",
            run: "click",
        },
        {
            content: "Record the outcome",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It can be undone",
            trigger: ".o_notification:contains(Beta Call) button:contains(Undo)",
        },
        {
            content: "The call is done",
            trigger: ".o_arrow_button_current:contains(Done)",
        },
        ...backToAgenda(),
        ...openAction("Gamma Later"),
        {
            content: "Postpone the contact",
            trigger: ".o_statusbar_buttons button:contains(Postpone)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Back on Monday",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The reason is in the history of the action",
            trigger: "body:not(:has(.modal)) .o-mail-Message:contains(Back on Monday)",
        },
    ],
});

// A credit manager looks at the plan, leaves a customer out and runs.
tours.add("dunning_dry_run", {
    url: "/odoo/action-account_dunning.action_preview",
    steps: () => [
        {
            content: "Make the dry run",
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            content: "Choose the item of a customer",
            trigger: ".o_data_row:contains(Beta Call) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Leave it out",
            trigger: "button[name=action_leave_out]",
            run: "click",
        },
        {
            content: "It is left out",
            trigger: ".o_data_row td[name=excluded] input:checked",
        },
        {
            content: "A figure of the summary shows the items behind it",
            trigger: ".o_dunning_preview_summary button:contains(2 customers)",
            run: "click",
        },
        {
            content: "The item that was left out is not among them",
            trigger: ".o_list_view:not(:contains(Beta Call)) .o_data_row:contains(Alpha Mail)",
        },
        {
            content: "Run",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Confirm the numbers",
            trigger: ".modal:contains(by itself) button[name=action_apply]",
            run: "click",
        },
        {
            content: "The run opens with its actions",
            trigger: ".o_form_view button[name=action_open_actions]:contains(2)",
            run: "click",
        },
        {
            content: "The customer who was left out is not among them",
            trigger: ".o_list_view:not(:contains(Beta Call)) .o_data_row:contains(Alpha Mail)",
        },
    ],
});

// An empty company is told what to do next.
tours.add("dunning_empty_company", {
    url: "/odoo/action-account_dunning.action_agenda",
    steps: () => [
        {
            content: "The empty agenda says what to do",
            trigger: ".o_view_nocontent:contains(dry run)",
        },
    ],
});

const answerWith = (key, customer) => [
    {
        content: `The call of ${customer} is on the screen`,
        trigger: `.o_dunning_call h1:contains(${customer})`,
    },
    {
        content: `Press ${key}`,
        trigger: ".o_dunning_outcomes",
        run: `press ${key}`,
    },
];

// A collector works through a morning of calls with keys only.
tours.add("dunning_morning_of_calls", {
    url: "/odoo/action-account_dunning.action_start_calls",
    steps: () => [
        {
            content: "The most important of three calls comes first",
            trigger: ".o_dunning_call_position:contains(1 of 3)",
        },
        {
            content: "The script speaks of this customer",
            trigger: ".o_dunning_script:contains(Alpha Owes: say):contains(3,000.00)",
        },
        {
            content: "What is typed in the note is no outcome",
            trigger: ".o_field_widget[name=note] textarea",
            run: "edit Was told 3 times",
        },
        {
            content: "No dialog has come up; leave the note",
            trigger: "body:not(:has(.modal)) .o_dunning_call h1",
            run: "click",
        },
        ...answerWith("1", "Alpha Owes"),
        {
            content: "The promise is about all that is claimed",
            trigger: ".modal .o_field_widget[name=amount] input:value(3,000.00)",
        },
        {
            content: "Enter confirms",
            trigger: ".modal .o_field_widget[name=who] input",
            run: "edit Ms Alpha && press Enter",
        },
        {
            content: "The user is told, and can take it back",
            trigger: ".o_notification:contains(Alpha Owes) button:contains(Undo)",
        },
        {
            content: "The next call is there without a click",
            trigger: ".o_dunning_call_position:contains(2 of 3)",
        },
        ...answerWith("6", "Beta Silent"),
        {
            content: "Enter confirms",
            trigger: ".modal .o_field_widget[name=retry] input:checked",
            run: "press Enter",
        },
        ...answerWith("7", "Gamma Dumb"),
        {
            content: "Give the number that was missing",
            trigger: ".modal .o_field_widget[name=phone] input",
            run: "edit +33199001122 && press Enter",
        },
        {
            content: "The same call again, with its number",
            trigger: ".o_dunning_phone:contains(+33199001122)",
        },
        ...answerWith("5", "Gamma Dumb"),
        {
            content: "Enter confirms",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "press Enter",
        },
        {
            content: "All calls are made",
            trigger: ".o_dunning_calls_done .o_nocontent_help:contains(All calls are made) .o_dunning_day_summary:contains(Calls made today: 3):contains(Nobody answered: 1)",
        },
        {
            content: "The last one can be undone",
            trigger: ".o_notification:contains(Gamma Dumb) button:contains(Undo)",
        },
        {
            content: "Undo it by its key",
            trigger: ".o_dunning_calls_done p:first",
            run: "press u",
        },
        {
            content: "It is to be made again",
            trigger: ".o_dunning_call h1:contains(Gamma Dumb)",
        },
        {
            content: "Two calls were made or tried today, the one that was undone is left",
            trigger: ".o_dunning_call_position:contains(3 of 3)",
        },
    ],
});

// A collector approves a queue: one edited, one postponed, one skipped, the rest at
// once.
tours.add("dunning_approval", {
    url: "/odoo/action-account_dunning.action_to_validate",
    steps: () => [
        { content: "Five wait", trigger: ".o_data_row:nth-child(5)" },
        {
            content: "Open the first",
            trigger: ".o_data_row:contains(Customer 1) td[name=partner_id]",
            run: "click",
        },
        {
            content: "What goes out is on the screen",
            trigger: ".o_dunning_preview_subject:contains(Payment reminder)",
        },
        {
            content: "To whom",
            trigger: ".o_dunning_preview_to:contains(customer1@example.com)",
        },
        {
            content: "Edit it",
            trigger: "button[name=action_edit_text]",
            run: "click",
        },
        {
            content: "The subject is filled in",
            trigger: ".modal .o_field_widget[name=subject] input:value(Payment reminder)",
            run: "edit A word from us",
        },
        {
            content: "Keep the text",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The edited text is what goes out",
            trigger:
                "body:not(:has(.modal)) .o_dunning_preview_subject:contains(A word from us)",
        },
        { content: "Validate it", trigger: "button[name=action_approve]", run: "click" },
        {
            content: "The next one is there",
            trigger: ".o_form_view .o_field_widget[name=partner_id]:contains(Customer 2)",
        },
        {
            content: "Postpone it",
            trigger: ".o_statusbar_buttons button:contains(Postpone)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Back on Monday",
        },
        { content: "Confirm", trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "The next one is there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=partner_id]:contains(Customer 3)",
        },
        {
            content: "Skip it",
            trigger: ".o_statusbar_buttons button:contains(Skip)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Settled by phone",
        },
        { content: "Confirm", trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "The next one is there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=partner_id]:contains(Customer 4)",
        },
        {
            content: "Back to the queue",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "Those that were validated or skipped have left",
            trigger: ".o_list_view:not(:contains(Customer 1)):not(:contains(Customer 3))",
        },
        {
            content: "Choose all",
            trigger: ".o_list_record_selector:first input",
            run: "click",
        },
        {
            content: "Validate them",
            trigger: ".o_control_panel_actions button:contains(Validate)",
            run: "click",
        },
        {
            content: "What they are is told before",
            trigger: ".modal .o_dunning_summary:contains(E-mail)",
        },
        { content: "Confirm", trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "Nothing waits any more",
            trigger: ".o_view_nocontent:contains(Nothing waits for approval)",
        },
    ],
});

// An auditor reads the timeline of a customer, filtered.
tours.add("dunning_timeline", {
    steps: () => [
        {
            content: "Open the timeline",
            trigger: ".o_notebook .nav-link:contains(Timeline)",
            run: "click",
        },
        {
            content: "The last that happened is there",
            trigger: ".o_dunning_timeline:contains(Note 24)",
        },
        {
            content: "Only holds",
            trigger: ".o_dunning_chips button[data-kind=hold]",
            run: "click",
        },
        {
            content: "The hold says why",
            trigger: ".o_dunning_timeline:not(:contains(Note 24)):contains(Wait a little)",
        },
        {
            content: "Only notes",
            trigger: ".o_dunning_chips button[data-kind=note]",
            run: "click",
        },
        {
            content: "The last ones are there",
            trigger: ".o_dunning_timeline:contains(Note 24):not(:contains(Put on hold))",
        },
        {
            content: "Show the older ones",
            trigger: ".o_dunning_more",
            run: "click",
        },
        {
            content: "They are there",
            trigger: ".o_dunning_timeline:not(:has(.o_dunning_more)) .o_dunning_entry:contains(Note 0)",
        },
    ],
});
