import { Component, markup, onWillStart, useState, useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DashboardChart } from "./chart";
import { Figure } from "./figure";
import { formatFigure } from "./format";
import { Part } from "./part";

const PERIODS = [
    { id: "month", label: _t("This month") },
    { id: "quarter", label: _t("Three months") },
    { id: "year", label: _t("Twelve months") },
];

// From not due to late for longest; credits at the end.
const AGE_COLORS = ["#3d8b7d", "#e9b44c", "#e08e45", "#d4603a", "#b3261e"];
const LAYER_COLORS = ["#1f5c50", "#3d8b7d", "#8cc0b5", "#cfd8dc"];
const LINE_COLORS = ["#8a6d3b", "#c9a227"];
const CREDIT_COLOR = "#6c757d";
// Parts that show the same figures of the ledger come in one answer.
const TOGETHER = {
    get_receivables: "get_open",
    get_late_customers: "get_open",
    get_near_limit: "get_open",
};
const MAIN_COLOR = "#714b67";
const SECOND_COLOR = "#3d8b7d";

/** The first screen: the money, the work and the trouble, for who leads the work; my
 * day and my customers, for who does it. */
export class Dashboard extends Component {
    static template = "account_dunning.Dashboard";
    static components = { ControlPanel, DashboardChart, Figure, Part };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.periods = PERIODS;
        this.display = {};
        this.asked = {};
        this.ask = this.ask.bind(this);
        const kept = this.props.state || {};
        this.state = useState({
            setup: null,
            filters: kept.filters || { company: false, user: false, period: "quarter" },
        });
        useSubEnv({ config: { ...this.env.config } });
        useSetupAction({ getLocalState: () => ({ filters: { ...this.state.filters } }) });
        onWillStart(async () => {
            await this.loadSetup();
            if (!kept.filters) {
                this.state.filters.user = this.setup_.user;
            }
        });
    }

    get setup_() {
        return this.state.setup;
    }

    async loadSetup() {
        this.state.setup = await this.orm.call("dunning.dashboard", "get_setup", [], {
            company: this.state.filters.company,
        });
    }

    get isCollector() {
        return this.setup_.role === "collector";
    }

    get currencyId() {
        return this.setup_.currency_id;
    }

    /** What is chosen, as the parts take it. */
    get filters() {
        return { ...this.state.filters };
    }

    get filterText() {
        const { company, user, period } = this.state.filters;
        const named = (list, id) => (list.find(([each]) => each === id) || [])[1];
        return [
            named(this.setup_.companies, company) || this.setup_.companies[0][1],
            named(this.setup_.collectors, user) || _t("All collectors"),
            PERIODS.find(({ id }) => id === period).label.toString(),
        ].join(" · ");
    }

    /** Ask for a part; parts that come together are asked for once. */
    async ask(method, filters) {
        const together = TOGETHER[method];
        const call = (name) => this.orm.silent.call("dunning.dashboard", name, [], filters);
        if (!together) {
            return call(method);
        }
        const key = JSON.stringify([together, filters]);
        this.asked[key] ||= call(together).finally(() => delete this.asked[key]);
        return (await this.asked[key])[method];
    }

    async onChangeCompany(ev) {
        this.state.filters.company = Number(ev.target.value) || false;
        this.state.filters.user = this.isCollector ? this.state.filters.user : false;
        await this.loadSetup();
    }

    onChangeUser(ev) {
        this.state.filters.user = Number(ev.target.value) || false;
    }

    onChangePeriod(ev) {
        this.state.filters.period = ev.target.value;
    }

    print() {
        window.print();
    }

    /** Open records; which ones may be known by the server alone. */
    async open(action) {
        if (action.method) {
            const values = { ...action.values, ...this.filters };
            action = await this.orm.call("dunning.dashboard", action.method, [], values);
        }
        // Its help is markup of the server, which the client cannot know here.
        const help = action.help && markup(action.help);
        return this.action.doAction({ ...action, help });
    }

    openByName(name) {
        return this.action.doAction(`account_dunning.${name}`);
    }

    format(value, kind = "amount") {
        return formatFigure(value, kind, this.currencyId);
    }

    /** Certainties, the most certain darkest; between two lines. */
    getForecastSeries({ series, lines }) {
        return [
            ...series.map((one, index) => ({ ...one, colors: [LAYER_COLORS[index]] })),
            ...lines.map((one, index) => ({ ...one, colors: [LINE_COLORS[index]], line: true, dashed: true })),
        ];
    }

    /** What is, and dashed what could be. */
    getTrendSeries([real, ...others]) {
        return [
            { ...real, colors: [MAIN_COLOR] },
            ...others.map((one) => ({ ...one, colors: [SECOND_COLOR], dashed: true })),
        ];
    }

    getAgeColors(ages) {
        const late = ages.filter(({ amount }, index) => index && amount >= 0).length;
        return ages.map(({ amount }, index) => {
            if (amount < 0) {
                return CREDIT_COLOR;
            }
            // The last group is red, however many there are.
            const step = late > 1 ? (AGE_COLORS.length - 2) / (late - 1) : 0;
            return index ? AGE_COLORS[1 + Math.round((index - 1) * step)] : AGE_COLORS[0];
        });
    }

    /** Width of a bar in a table, in percent of the largest value. */
    getShare(value, rows, key) {
        const largest = Math.max(...rows.map((row) => row[key]), 0);
        return largest ? Math.round((100 * value) / largest) : 0;
    }
}

registry.category("actions").add("dunning_dashboard", Dashboard);
