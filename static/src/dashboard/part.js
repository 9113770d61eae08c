import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";

/** A part of the dashboard: it asks for its figures by itself, shows where they will
 * stand until they come, and what is wrong when they do not. */
export class Part extends Component {
    static template = "account_dunning.DashboardPart";
    static props = {
        title: String,
        method: String,
        filters: Object,
        ask: Function,
        className: { type: String, optional: true },
        slots: Object,
    };

    setup() {
        this.keepLast = new KeepLast();
        this.state = useState({ status: "loading", data: null, error: "" });
        // Nothing waits for it.
        onWillStart(() => void this.load(this.props));
        onWillUpdateProps((props) => {
            const changed =
                props.method !== this.props.method ||
                Object.keys(props.filters).some((key) => props.filters[key] !== this.props.filters[key]);
            if (changed) {
                this.load(props);
            }
        });
    }

    async load({ ask, method, filters }) {
        this.state.status = "loading";
        try {
            this.state.data = await this.keepLast.add(ask(method, { ...filters }));
            if (this.state.data.stale) {
                // What was worked out last is shown until it has been worked out anew.
                this.state.data = await this.keepLast.add(
                    ask(method, { ...filters, refresh: true })
                );
            }
            this.state.status = "ready";
        } catch (error) {
            this.state.error = error.data?.message || _t("The server cannot be reached.");
            this.state.status = "error";
        }
    }

    retry() {
        return this.load(this.props);
    }
}
