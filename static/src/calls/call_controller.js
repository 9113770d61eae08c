import { useState, useSubEnv, onWillStart } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { openOutcome } from "@account_dunning/calls/call_outcome";

const ALL_CALLS = "account_dunning.all_calls";

/** Show a call, possibly from another screen: that of the call may be gone. */
async function showCall({ services: { action, orm } }, callId) {
    await action.doAction(
        await orm.call("dunning.action", "action_open_call", [[callId]]),
        { stackPosition: "replaceCurrentAction" }
    );
}

/**
 * The call screen: a form that goes from call to call. The queue is the server's; what
 * was skipped stays in it and comes back at its end.
 */
export class CallController extends FormController {
    setup() {
        super.setup();
        this.wantsOwn = !browser.localStorage.getItem(ALL_CALLS);
        this.queue = useState({ ids: [], done: 0, mine: this.wantsOwn });
        useSubEnv({ dunningCalls: this });
        onWillStart(() => this.loadQueue());
    }

    get callId() {
        return this.model.root.resId;
    }

    async loadQueue() {
        const queue = await this.callServer("get_call_queue", [this.wantsOwn]);
        Object.assign(this.queue, queue);
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
        const action = await this.callServer("action_open_calls", [this.wantsOwn]);
        await this.actionService.doAction(action, {
            stackPosition: "replaceCurrentAction",
        });
    }

    async toggleMine() {
        this.wantsOwn = !this.wantsOwn;
        if (this.wantsOwn) {
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
        if (await this.model.root.save()) {
            await openOutcome(
                this.env,
                this.callId,
                outcome,
                (call) => this.onOutcome(call),
                (callId) => showCall(this.env, callId)
            );
        }
    }

    async onOutcome(call) {
        if (call?.again) {
            await this.model.load({ resId: this.callId });
            await this.loadQueue();
        } else if (call) {
            await this.goOn();
        }
    }
}

registry.category("views").add("dunning_call", {
    ...formView,
    Controller: CallController,
});
