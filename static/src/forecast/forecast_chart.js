/* global Chart */
import { Component, markup, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatTick } from "../dashboard/format";

const LAYERS = [
    ["plan", _t("Plans"), "#1a7f5a"],
    ["promise", _t("Promises"), "#5cb88a"],
    ["habit", _t("By Habit"), "#714b67"],
    ["due", _t("By Due Date"), "#b9a3b2"],
];
const LINES = [
    ["low", _t("Low Estimate"), "#8a6d3b"],
    ["high", _t("High Estimate"), "#c9a227"],
];

/** Bars of what is expected by week, by certainty, with a low and a high line; a bar
 * opens the items behind it, which the list below does, too. */
export class ForecastChart extends Component {
    static template = "account_dunning.ForecastChart";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.chart?.destroy();
            },
            () => [JSON.stringify(this.weeks)]
        );
    }

    get weeks() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(week) {
        const action = await this.orm.call("dunning.forecast.week", "action_open_items", [
            [week.id],
        ]);
        // Its help is markup of the server, which the client cannot know here.
        const help = action.help && markup(action.help);
        this.action.doAction({ ...action, help });
    }

    format(value) {
        const currency = this.props.record.data.currency_id;
        return formatMonetary(value, { currencyId: currency?.id });
    }

    getDatasets() {
        const bars = LAYERS.filter(([key]) => this.weeks.some((week) => week[key])).map(
            ([key, label, color]) => ({
                label,
                data: this.weeks.map((week) => week[key]),
                backgroundColor: color,
                stack: "expected",
                order: 2,
            })
        );
        const lines = LINES.map(([key, label, color]) => ({
            type: "line",
            label,
            data: this.weeks.map((week) => week[key]),
            borderColor: color,
            backgroundColor: color,
            borderDash: [5, 4],
            borderWidth: 2,
            pointRadius: 0,
            pointHitRadius: 10,
            stack: key,
            order: 1,
        }));
        return [...bars, ...lines];
    }

    draw() {
        this.chart = new Chart(this.canvasRef.el, {
            type: "bar",
            data: {
                labels: this.weeks.map((week) => week.label),
                datasets: this.getDatasets(),
            },
            options: {
                animation: false,
                responsive: true,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                onClick: (_ev, found) => found.length && this.open(this.weeks[found[0].index]),
                plugins: {
                    legend: { position: "bottom", labels: { boxWidth: 12 } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${this.format(raw)}`,
                        },
                    },
                },
                scales: {
                    x: { stacked: true, grid: { display: false } },
                    y: { stacked: true, beginAtZero: true, ticks: { callback: formatTick } },
                },
            },
        });
    }
}

registry.category("fields").add("dunning_forecast_chart", {
    component: ForecastChart,
    supportedTypes: ["json"],
});
