import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const KINDS = [
    { id: false, label: _t("All") },
    { id: "contact", label: _t("Contacts") },
    { id: "message", label: _t("Messages") },
    { id: "payment", label: _t("Payments") },
    { id: "promise", label: _t("Promises") },
    { id: "dispute", label: _t("Disputes") },
    { id: "litigation", label: _t("Litigations") },
    { id: "einvoice", label: _t("E-Invoices") },
    { id: "note", label: _t("Notes") },
    { id: "hold", label: _t("Holds") },
];

/** What happened with a customer, the last on top, filtered by kind. */
export class DunningTimeline extends Component {
    static template = "account_dunning.Timeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.kinds = KINDS;
        this.state = useState({ kind: false, entries: [], more: false, loaded: false });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => {
            if (record !== this.props.record) {
                return this.load(record);
            }
        });
    }

    /** The customer, and in which company: the record itself, or what it is about. */
    getSubject({ resModel, resId, data }) {
        return resModel === "res.partner"
            ? [resId, false]
            : [data.partner_id?.id, data.company_id?.id];
    }

    async load(record, offset = 0) {
        const [partnerId, companyId] = this.getSubject(record);
        if (!partnerId) {
            Object.assign(this.state, { entries: [], more: false, loaded: true });
            return;
        }
        const page = await this.keepLast.add(
            this.orm.call("res.partner", "dunning_get_timeline", [[partnerId]], {
                kind: this.state.kind,
                offset,
                company: companyId,
            })
        );
        const before = offset ? this.state.entries : [];
        this.state.entries = [...before, ...page.entries];
        this.state.more = page.more;
        this.state.loaded = true;
    }

    filter(kind) {
        this.state.kind = kind;
        return this.load(this.props.record);
    }

    loadMore() {
        return this.load(this.props.record, this.state.entries.length);
    }

    open({ model, res_id }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("dunning_timeline", {
    component: DunningTimeline,
});
