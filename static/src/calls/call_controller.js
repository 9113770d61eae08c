import { useState, useSubEnv, onWillStart } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

const ALL_CALLS = "account_dunning.all_calls";

/**
 * The call screen: a form that goes from call to call. The queue is the server's; what
 * was skipped stays in it and comes back at its end.
 */
export class CallController extends FormController {
    setup() {
        super.setup();
        this.hotkey = useService("hotkey");
        this.notification = useService("notification");
        this.queue = useState({
            ids: [],
            done: 0,
            mine: !browser.localStorage.getItem(ALL_CALLS),
        });
        useSubEnv({ dunningCalls: this });
        onWillStart(() => this.loadQueue());
    }

    get callId() {
        return this.model.root.resId;
    }

    async loadQueue() {
        const { ids, done } = await this.callServer("get_call_queue", [this.queue.mine]);
        Object.assign(this.queue, { ids, done });
    }

    callServer(method, args) {
        return this.orm.call("dunning.action", method, args, {
            context: this.props.context,
        });
    }

    // ------------------------------------------------------------------
    // FROM CALL TO CALL
    // ------------------------------------------------------------------

    /** Place of the call among today's, those made included; 0 when it is none. */
    get position() {
        const index = this.queue.ids.indexOf(this.callId);
        return index < 0 ? 0 : this.queue.done + index + 1;
    }

    get total() {
        return this.queue.done + this.queue.ids.length;
    }

    getNeighbour(step) {
        return this.queue.ids[this.queue.ids.indexOf(this.callId) + step];
    }

    async goTo(resId) {
        if (resId) {
            const saved = await this.model.root.save({ reload: false });
            if (saved) {
                await this.model.load({ resId });
            }
        }
    }

    /** Show the call that follows, once this one is dealt with. */
    async goOn() {
        const before = this.queue.ids;
        const following = before.slice(before.indexOf(this.callId) + 1);
        await this.loadQueue();
        const left = this.queue.ids.filter((id) => id !== this.callId);
        const resId = following.find((id) => left.includes(id)) || left[0];
        if (resId) {
            await this.model.load({ resId });
        } else {
            await this.openFirst();
        }
    }

    /** Open the first call of the queue, or what is shown when there is none. */
    async openFirst() {
        const action = await this.callServer("action_open_calls", [this.queue.mine]);
        await this.actionService.doAction(action, {
            stackPosition: "replaceCurrentAction",
        });
    }

    async toggleMine() {
        this.queue.mine = !this.queue.mine;
        if (this.queue.mine) {
            browser.localStorage.removeItem(ALL_CALLS);
        } else {
            browser.localStorage.setItem(ALL_CALLS, "1");
        }
        await this.loadQueue();
        if (!this.queue.ids.includes(this.callId) && this.queue.ids.length) {
            await this.goTo(this.queue.ids[0]);
        }
    }

    // ------------------------------------------------------------------
    // OUTCOMES
    // ------------------------------------------------------------------

    async openOutcome(outcome) {
        if (!(await this.model.root.save())) {
            return;
        }
        let action;
        try {
            action = await this.callServer("action_open_outcome", [
                [this.callId],
                outcome,
            ]);
        } catch (error) {
            if (!error.data?.message) {
                throw error;
            }
            // A colleague was faster: say so, and go on.
            this.notification.add(error.data.message, { type: "warning" });
            await this.goOn();
            return;
        }
        await this.actionService.doAction(action, {
            onClose: (infos) => this.onOutcome(infos?.call),
        });
    }

    async onOutcome(call) {
        if (!call) {
            return;
        }
        this.closeMessage?.();
        this.closeMessage = this.notification.add(call.text, {
            type: call.good ? "success" : "warning",
            autocloseDelay: 10000,
            ...(call.undo ? this.getUndo(call.undo) : {}),
        });
        if (call.again) {
            await this.model.load({ resId: this.callId });
            await this.loadQueue();
        } else {
            await this.goOn();
        }
    }

    /** What a message offers to take an outcome back: a button, and a key as long as
     * the message stands, whichever screen is behind it. */
    getUndo(resId) {
        const undo = () => this.undo(resId);
        const forgetKey = this.hotkey.add("u", undo, {
            global: true,
            isAvailable: (target) => !target.closest(".modal"),
        });
        return {
            buttons: [{ name: _t("Undo (U)"), onClick: undo }],
            onClose: forgetKey,
        };
    }

    /** Take an outcome back, possibly from another screen: this one may be gone. */
    async undo(resId) {
        const { action, orm } = this.env.services;
        this.closeMessage?.();
        const callId = await orm.call("dunning.action", "action_undo_call", [[resId]]);
        await action.doAction(
            await orm.call("dunning.action", "action_open_call", [[callId]]),
            { stackPosition: "replaceCurrentAction" }
        );
    }
}

registry.category("views").add("dunning_call", {
    ...formView,
    Controller: CallController,
});
