import { Component, useSubEnv } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CallOutcomes } from "@account_dunning/calls/call_widgets";
import { tellWithUndo } from "@account_dunning/undo/undo";

/**
 * Open the dialog of an outcome of a call; once it is recorded, say so and offer to
 * take it back.
 *
 * @param {Object} env
 * @param {number} callId
 * @param {string} outcome
 * @param {Function} onDone called with what the server says of the call, with nothing
 *     when the dialog was left, with `gone` when there is no call to make any more
 * @param {Function} showUndone called with the id of the call that is to be made again
 */
export async function openOutcome(env, callId, outcome, onDone, showUndone) {
    const { action, notification, orm } = env.services;
    let window;
    try {
        const args = [[callId], outcome];
        window = await orm.call("dunning.action", "action_open_outcome", args);
    } catch (error) {
        if (!error.data?.message) {
            throw error;
        }
        // A colleague was faster: say so, and go on.
        notification.add(error.data.message, { type: "warning" });
        return onDone({ gone: true });
    }
    return action.doAction(window, {
        onClose: (infos) => {
            const call = infos?.call;
            if (call) {
                tellWithUndo(env, {
                    message: call.text,
                    type: call.good ? "success" : "warning",
                    undo: call.undo && (() => undoCall(env, call, showUndone)),
                });
            }
            return onDone(call);
        },
    });
}

async function undoCall(env, { undo, left }, showUndone) {
    const { notification, orm } = env.services;
    const callId = await orm.call("dunning.action", "action_undo_call", [[undo]]);
    if (left) {
        notification.add(left, { type: "warning" });
    }
    return showUndone(callId);
}

/** How did the call end? Asked where there is no call screen: in lists and forms. */
export class CallOutcomeDialog extends Component {
    static template = "account_dunning.CallOutcomeDialog";
    static components = { CallOutcomes, Dialog };
    static props = { call: Object, close: Function, onDone: Function };

    setup() {
        useSubEnv({ dunningCalls: this });
    }

    openOutcome(outcome) {
        const { call, close, onDone } = this.props;
        const { env } = this;
        close();
        return openOutcome(env, call.id, outcome, onDone, async () => {
            const { action, notification } = env.services;
            await action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
            notification.add(_t("%s: to be called again", call.name), { type: "success" });
        });
    }
}

function askOutcome(env, { params }, options) {
    env.services.dialog.add(CallOutcomeDialog, {
        call: params,
        onDone: (call) => call && options.onClose?.(),
    });
}

registry.category("actions").add("account_dunning.call_outcome", askOutcome);
