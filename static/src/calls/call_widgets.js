import { Component, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Where the call stands in the queue, and the way to the others. */
export class CallProgress extends Component {
    static template = "account_dunning.CallProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.calls = this.env.dunningCalls;
        this.queue = useState(this.calls.queue);
        useHotkey("arrowleft", () => this.go(-1));
        useHotkey("arrowright", () => this.go(1));
    }

    get neighbours() {
        return { previous: this.getNeighbour(-1), next: this.getNeighbour(1) };
    }

    get percent() {
        return this.calls.total ? (100 * this.queue.done) / this.calls.total : 0;
    }

    getNeighbour(step) {
        return this.calls.position ? this.calls.getNeighbour(step) : undefined;
    }

    go(step) {
        return this.calls.goTo(this.getNeighbour(step));
    }
}

/** How the call ended: a click or a key. */
export class CallOutcomes extends Component {
    static template = "account_dunning.CallOutcomes";
    static props = { ...standardWidgetProps };

    setup() {
        this.outcomes = [
            { name: "promise", label: _t("Will pay on…"), icon: "fa-calendar-check-o" },
            { name: "dispute", label: _t("Contests"), icon: "fa-gavel" },
            { name: "not_received", label: _t("Did not get it"), icon: "fa-share" },
            { name: "not_approved", label: _t("Not validated"), icon: "fa-hourglass-half" },
            { name: "cash", label: _t("Cash trouble"), icon: "fa-life-ring" },
            { name: "no_answer", label: _t("No answer"), icon: "fa-volume-off" },
            { name: "wrong_contact", label: _t("Wrong contact"), icon: "fa-user-times" },
            { name: "other", label: _t("Other"), icon: "fa-ellipsis-h" },
        ];
        for (const [index, outcome] of this.outcomes.entries()) {
            useHotkey(`${index + 1}`, () => this.choose(outcome.name));
        }
    }

    choose(outcome) {
        return this.env.dunningCalls.openOutcome(outcome);
    }
}

registry.category("view_widgets").add("dunning_call_progress", {
    component: CallProgress,
});
registry.category("view_widgets").add("dunning_call_outcomes", {
    component: CallOutcomes,
});
