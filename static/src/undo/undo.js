import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const STAYS = 10000;
/** Told on the bus once something was taken back: the ids of the actions. */
export const TAKEN_BACK = "ACCOUNT_DUNNING:TAKEN-BACK";

// Only what was done last is taken back by the key.
let closeLast = null;

/**
 * Say what was done and offer to take it back: by a button, and by a key as long as the
 * message stands, whichever screen is behind it.
 *
 * @param {Object} env
 * @param {Object} what
 * @param {string} what.message
 * @param {string} [what.type]
 * @param {Function} [what.undo] takes it back
 */
export function tellWithUndo(env, { message, type = "success", undo }) {
    closeLast?.();
    const options = { type, autocloseDelay: STAYS };
    if (undo) {
        const takeBack = () => {
            closeLast?.();
            return undo();
        };
        options.onClose = env.services.hotkey.add("u", takeBack, {
            global: true,
            isAvailable: (target) => !target.closest(".modal"),
        });
        options.buttons = [{ name: _t("Undo (U)"), onClick: takeBack }];
    }
    closeLast = env.services.notification.add(message, options);
}

/** A notification of the server with an undo: `params.undo` has the method and the ids
 * of the actions, which answers with the action that follows. */
function notify(env, { params }) {
    const { action, orm } = env.services;
    const { message, next, type, undo } = params;
    tellWithUndo(env, {
        message,
        type,
        undo:
            undo &&
            (async () => {
                const answer = await orm.call("dunning.action", undo.method, [undo.ids]);
                await action.doAction(answer);
                env.bus.trigger(TAKEN_BACK, undo.ids);
            }),
    });
    return next;
}

registry.category("actions").add("account_dunning.notify", notify);
