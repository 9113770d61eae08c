import { Component, markup, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const HEAD = [
    ["from", _t("From")],
    ["to", _t("To")],
    ["cc", _t("Copy To")],
    ["reply_to", _t("Answers To")],
    ["subject", _t("Subject")],
];

/** What goes out by an action, or what went out: asked for anew whenever it is read. */
export class DunningActionPreview extends Component {
    static template = "account_dunning.ActionPreview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ shown: {} });
        useRecordObserver((record) => {
            // What is typed into the form changes nothing of what goes out.
            if (record.data && record.resId && !record.dirty) {
                this.load(record);
            }
        });
    }

    async load({ resModel, resId }) {
        const shown = await this.keepLast.add(
            this.orm.call(resModel, "get_preview", [[resId]])
        );
        this.state.shown = { ...shown, body: shown.body && markup(shown.body) };
    }

    get head() {
        return HEAD.filter(([name]) => this.state.shown[name]).map(([name, label]) => ({
            name,
            label,
            value: this.state.shown[name],
        }));
    }

    /** Whether it goes out otherwise than it was planned. */
    get isOther() {
        const { channel } = this.state.shown;
        return channel && channel !== this.props.record.data.channel;
    }
}

registry.category("view_widgets").add("dunning_action_preview", {
    component: DunningActionPreview,
});
