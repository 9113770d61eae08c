/* global Chart */
import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { formatFigure, formatTick } from "./format";

/** So many points have room for all their labels, in lines of at most so many characters. */
const FEW = 7;
const LINE = 12;
/** What is not for bars beside them, and how wide a point and a character are, in pixels;
 * a narrow point has its label in small letters. */
const MARGIN = 45;
const NARROW = 70;
const CHARACTER = 6;

/** Bars, lines or both, each point of which opens its records. Who does not see or point
 * at them finds the same in the list behind. */
export class DashboardChart extends Component {
    static template = "account_dunning.DashboardChart";
    static props = {
        type: { type: String, optional: true },
        label: String,
        kind: { type: String, optional: true },
        currencyId: Number,
        points: Array,
        series: Array,
        stacked: { type: Boolean, optional: true },
        horizontal: { type: Boolean, optional: true },
        open: Function,
    };
    static defaultProps = { type: "bar", kind: "amount" };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => {
            this.draw();
            return () => this.chart?.destroy();
        });
        this.beforePrint = () => this.chart?.resize();
        window.addEventListener("beforeprint", this.beforePrint);
        onWillUnmount(() => window.removeEventListener("beforeprint", this.beforePrint));
    }

    format(value) {
        return formatFigure(value, this.props.kind, this.props.currencyId);
    }

    /** What somebody hears of a point. */
    describe(point) {
        const values = this.props.series
            .filter(({ key }) => point[key] !== null && point[key] !== undefined)
            .map(({ key, label }) => `${label}: ${this.format(point[key])}`);
        return `${point.label} – ${values.join(", ")}`;
    }

    /** Whether all labels have room below their bars. */
    isRoomy() {
        return !this.props.horizontal && this.props.points.length <= FEW;
    }

    openPoint(point) {
        if (point.action) {
            this.props.open(point.action);
        }
    }

    /** The width of a point. */
    getPointWidth() {
        const width = this.canvasRef.el.parentElement.clientWidth;
        return (width - MARGIN) / (this.props.points.length || 1);
    }

    draw() {
        const { points, series } = this.props;
        const line = Math.min(LINE, Math.floor(this.getPointWidth() / CHARACTER));
        this.chart = new Chart(this.canvasRef.el, {
            type: this.props.type,
            data: {
                labels: points.map(({ label }) => (this.isRoomy() ? split(label, line) : label)),
                datasets: series.map((one) => this.getDataset(one, points)),
            },
            options: this.getOptions(points, series),
        });
    }

    getDataset({ key, label, colors, fill, dashed, ...one }, points) {
        const line = one.line || this.props.type === "line";
        return {
            type: line ? "line" : "bar",
            // A line is drawn over the bars, and is not one more on top of them.
            order: line ? 1 : 2,
            ...(this.props.stacked && { stack: line ? key : "bars" }),
            label,
            data: points.map((point) => point[key] ?? null),
            backgroundColor: line ? `${colors[0]}33` : points.map((_, i) => colors[i % colors.length]),
            borderColor: line ? colors[0] : undefined,
            borderDash: dashed ? [4, 4] : undefined,
            borderWidth: line ? 2 : 0,
            borderRadius: 3,
            pointRadius: line ? 2 : 0,
            pointHitRadius: 12,
            maxBarThickness: 64,
            fill: fill ?? false,
            spanGaps: true,
            tension: 0.25,
        };
    }

    getOptions(points, series) {
        const { horizontal, stacked } = this.props;
        const compact = {
            ticks: {
                maxTicksLimit: 5,
                callback: formatTick,
            },
            grid: { color: "#e9ecef" },
            border: { display: false },
            beginAtZero: true,
            stacked,
        };
        const autoSkip = !this.isRoomy();
        const ticks = { autoSkip, maxRotation: 0 };
        if (this.isRoomy() && this.getPointWidth() < NARROW) {
            ticks.font = { size: 10 };
        }
        const plain = { grid: { display: false }, stacked, ticks };
        return {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            indexAxis: horizontal ? "y" : "x",
            interaction: { mode: "index", intersect: false },
            onClick: (_ev, elements) => elements.length && this.openPoint(points[elements[0].index]),
            onHover: (ev, elements) => {
                const opens = elements.length && points[elements[0].index].action;
                ev.native.target.style.cursor = opens ? "pointer" : "default";
            },
            plugins: {
                legend: { display: series.length > 1, position: "bottom", labels: { boxWidth: 12 } },
                tooltip: {
                    callbacks: {
                        label: ({ dataset, raw }) => `${dataset.label}: ${this.format(raw)}`,
                    },
                },
            },
            scales: horizontal ? { x: compact, y: plain } : { x: plain, y: compact },
        };
    }
}

/** Return the words of a label as lines that stand below a bar. */
function split(label, length) {
    const lines = [];
    for (const word of label.split(" ")) {
        const last = lines.at(-1);
        if (last && `${last} ${word}`.length <= length) {
            lines[lines.length - 1] = `${last} ${word}`;
        } else {
            lines.push(word);
        }
    }
    return lines;
}
