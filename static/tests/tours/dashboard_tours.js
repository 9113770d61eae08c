import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const URL = "/odoo/action-account_dunning.action_dashboard";

const part = (method) => `.o_dunning_part[data-part=${method}]`;
const figure = (method, key) => `${part(method)} [data-figure=${key}]`;
const back = { content: "Go back", trigger: ".o_back_button, .breadcrumb-item a", run: "click" };

// A manager reads, filters, asks how a figure is computed, and opens what is behind.
tours.add("dunning_dashboard_manager", {
    url: URL,
    steps: () => [
        {
            content: "What is overdue shows",
            trigger: `${figure("get_receivables", "overdue")} .o_dunning_value:contains(1,235)`,
        },
        {
            content: "To the cent where it is pointed at",
            trigger: `${figure("get_receivables", "overdue")} .o_dunning_value[title*='1,234.50']`,
        },
        {
            content: "What is counted is told as it is",
            trigger: `${figure("get_work", "late")} .o_dunning_value:not([title])`,
        },
        {
            content: "What is late is the redder the older it is",
            trigger: `${part("get_receivables")} canvas`,
            run({ anchor }) {
                const [dataset] = window.Chart.getChart(anchor).data.datasets;
                const colors = dataset.backgroundColor;
                const expected = ["#3d8b7d", "#e9b44c", "#e08e45", "#d4603a", "#b3261e"];
                if (colors.join() !== expected.join()) {
                    throw new Error(`The bars have the colours ${colors}`);
                }
            },
        },
        { content: "Work shows", trigger: figure("get_work", "late") },
        { content: "Trouble shows", trigger: `${part("get_late_customers")}:contains(Alpha Mail)` },
        {
            content: "How is it computed?",
            trigger: `${figure("get_receivables", "receivable")} .o_dunning_how`,
            run: "click",
        },
        { content: "It is said", trigger: ".o_dunning_how_text:contains(trade receivable)" },
        {
            content: "Choose the year",
            trigger: ".o_dunning_filters select[name=period]",
            run: "select year",
        },
        {
            content: "Choose a collector",
            trigger: ".o_dunning_filters select[name=user]",
            run: "selectByLabel dunning_manager",
        },
        {
            content: "Nothing is theirs",
            trigger: `${figure("get_receivables", "receivable")} .o_dunning_value:contains(0)`,
        },
        {
            content: "Everybody again",
            trigger: ".o_dunning_filters select[name=user]",
            run: "selectByLabel All collectors",
        },
        {
            content: "Open what is overdue",
            trigger: `${figure("get_receivables", "overdue")} button.o_dunning_value:contains(1,235)`,
            run: "click",
        },
        { content: "The item is listed", trigger: ".o_list_view .o_data_row:contains(Alpha Mail)" },
        back,
        {
            content: "What was chosen is still there",
            trigger: ".o_dunning_filters select[name=period]:has(option[value=year]:selected)",
        },
        {
            content: "Open a bar",
            trigger: `${part("get_receivables")} [data-point='1']`,
            run: "click",
        },
        { content: "It has the item", trigger: ".o_list_view .o_data_row:contains(Alpha Mail)" },
        back,
        {
            content: "Open the last month of the trend",
            trigger: `${part("get_trend")} [data-point='11']`,
            run: "click",
        },
        { content: "It has the customer", trigger: ".o_list_view .o_group_name:contains(Alpha Mail), .o_list_view .o_data_row:contains(Alpha Mail)" },
        back,
        {
            content: "Open the first week of what is expected",
            trigger: `${part("get_forecast")} [data-point='0']`,
            run: "click",
        },
        {
            content: "What is expected in it is listed",
            trigger: "body:has(.o_list_view) .o_control_panel:contains(Expected in the week of)",
        },
        { content: "Nothing is written as code", trigger: ".o_list_view:not(:contains(</p>))" },
        back,
        {
            content: "Open a late customer",
            trigger: `${part("get_late_customers")} ol button:contains(Alpha Mail)`,
            run: "click",
        },
        { content: "Its items are listed", trigger: ".o_list_view .o_data_row:contains(Alpha Mail)" },
    ],
});

// A collector sees the day and the portfolio, and opens the calls.
tours.add("dunning_dashboard_collector", {
    url: URL,
    steps: () => [
        { content: "My day", trigger: ".o_dunning_zone_title:contains(My Day)" },
        { content: "My portfolio", trigger: ".o_dunning_zone_title:contains(My Portfolio)" },
        {
            content: "What my customers owe",
            trigger: `${figure("get_receivables", "receivable")} .o_dunning_value:contains(1,235)`,
        },
        {
            content: "Open the calls",
            trigger: `${figure("get_day", "calls")} button.o_dunning_value:contains(1)`,
            run: "click",
        },
        { content: "The call is there", trigger: ".o_data_row:contains(Alpha Mail)" },
    ],
});

// What is missing about a customer is completed in the list.
tours.add("dunning_defects", {
    url: "/odoo/action-account_dunning.action_defects",
    steps: () => [
        {
            content: "Show those without e-mail",
            trigger: ".o_dunning_defects button[data-defect=email]",
            run: "click",
        },
        {
            content: "It is chosen",
            trigger: ".o_dunning_defects button[data-defect=email][aria-pressed=true]",
        },
        {
            content: "The list has been read again",
            trigger: ".o_list_table:not(:has(.o_data_row:contains(Beta Mail)))",
        },
        {
            content: "Click on the address",
            trigger: ".o_data_row:contains(Alpha Mail) td[name=dunning_reached_email]",
            run: "click",
        },
        {
            content: "Type it in",
            trigger: ".o_selected_row [name=dunning_reached_email] input",
            run: "edit accounts@example.com",
        },
        { content: "Save", trigger: ".o_list_button_save", run: "click" },
        {
            content: "It is there",
            trigger: ".o_data_row:not(.o_selected_row) td[name=dunning_reached_email]:contains(accounts@example.com)",
        },
    ],
});

// How the aged balance is looked at goes along to Excel.
tours.add("dunning_aged_balance_excel", {
    url: "/odoo/action-account_dunning.action_aged_balance",
    steps: () => [
        {
            content: "Look at it otherwise",
            trigger: ".o_control_panel button:contains(Another Day)",
            run: "click",
        },
        {
            content: "By invoice date",
            trigger: ".modal [name=counted_from] input[data-value=invoice]",
            run: "click",
        },
        { content: "Show it", trigger: ".modal button[name=action_open]", run: "click" },
        {
            content: "Export it",
            trigger:
                "body:has(.breadcrumb-item, .o_last_breadcrumb_item:contains(by Invoice Date)):not(:has(.modal)) .o_control_panel button:contains(Export to Excel)",
            run: "click",
        },
        {
            content: "By invoice date, too",
            trigger: ".modal [name=by] input[data-value=invoice]:checked",
        },
    ],
});

tours.add("dunning_dashboard_empty", {
    url: URL,
    steps: () => [
        { content: "It says what to do", trigger: ".o_dunning_empty:contains(Nothing to show yet)" },
        {
            content: "See what a run would do",
            trigger: ".o_dunning_empty .btn-primary",
            run: "click",
        },
        { content: "The dry run opens", trigger: ".o_form_view" },
    ],
});

tours.add("dunning_dashboard_error", {
    url: URL,
    steps: () => [
        { content: "The part says so", trigger: `${part("get_disputes")} .o_dunning_failed` },
        { content: "The others show", trigger: figure("get_receivables", "receivable") },
        {
            content: "It can be tried again",
            trigger: `${part("get_disputes")} .o_dunning_failed button`,
            run: "click",
        },
        { content: "No dialog is open", trigger: "body:not(:has(.modal))" },
    ],
});
