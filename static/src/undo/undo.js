import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const STAYS = 10000;
const SCREEN_CHANGED = "ACTION_MANAGER:UI-UPDATED";
/** Told on the bus once something was taken back: the ids of the actions. */
export const TAKEN_BACK = "ACCOUNT_DUNNING:TAKEN-BACK";

// Only what was done last is taken back by the key.
let closeLast = null;

/** The list that follows gives the focus to its search box, where the key would be a
 * letter. Who goes there to type something is not disturbed. */
function leaveSearchBox() {
    const box = document.activeElement;
    if (box?.matches(".o_searchview_input") && !box.value) {
        box.blur();
    }
}

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
        const removeKey = env.services.hotkey.add("u", takeBack, {
            global: true,
            isAvailable: (target) => !target.closest(".modal"),
        });
        leaveSearchBox();
        env.bus.addEventListener(SCREEN_CHANGED, leaveSearchBox, { once: true });
        options.onClose = () => {
            removeKey();
            env.bus.removeEventListener(SCREEN_CHANGED, leaveSearchBox);
        };
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
