import { useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";
import { TAKEN_BACK } from "../undo/undo";

const { Controller, Model } = formView;

/** What is approved is what goes out: its amounts are brought up to date first. */
export class DunningApprovalModel extends Model {
    async _loadData(config, ...args) {
        if (config.isRoot && config.resId) {
            if (await user.hasGroup("account_dunning.group_dunning_collector")) {
                await this.orm.call("dunning.action", "action_refresh", [[config.resId]]);
            }
        }
        return super._loadData(config, ...args);
    }
}

/** Whoever has decided on an action comes to the next one that waits, and back to the
 * one of which that was undone. */
export class DunningApprovalController extends Controller {
    setup() {
        super.setup();
        this.notification = useService("notification");
        this.decided = new Set();
        useBus(this.env.bus, TAKEN_BACK, ({ detail: ids }) => this.showUndone(ids));
        let shown = null;
        useEffect(
            (root) => {
                const { resId, data } = root;
                const now = { resId, state: data.state, date: data.date?.toISODate() };
                const isDecision =
                    shown?.resId === resId &&
                    shown.state === "to_validate" &&
                    (shown.state !== now.state || shown.date !== now.date);
                shown = now;
                if (isDecision) {
                    this.showNext(root);
                }
            },
            () => [this.model.root]
        );
    }

    showNext({ resId, resIds }) {
        this.decided.add(resId);
        const after = resIds.slice(resIds.indexOf(resId) + 1);
        const waiting = [...after, ...resIds].filter((id) => !this.decided.has(id));
        if (waiting.length) {
            const left = resIds.filter((id) => !this.decided.has(id));
            return this.model.load({ resId: waiting[0], resIds: left });
        }
        this.notification.add(_t("That was the last one."), { type: "success" });
        return this.env.config.historyBack();
    }

    showUndone(ids) {
        if (ids.length === 1) {
            const [resId] = ids;
            const { resIds } = this.model.root;
            this.decided.delete(resId);
            return this.model.load({
                resId,
                resIds: resIds.includes(resId) ? resIds : [resId, ...resIds],
            });
        }
    }
}

registry.category("views").add("dunning_action_approval", {
    ...formView,
    Controller: DunningApprovalController,
    Model: DunningApprovalModel,
});
