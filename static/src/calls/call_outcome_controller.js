import { onMounted } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { closePickers, DateDialogController } from "@account_dunning/views/date_dialog";

// Where the key has a meaning of its own.
const OWN_ENTER = "textarea, button, a, [contenteditable=true]";
// Choices are not focused by the form itself.
const FIRST_CHOICE = "[name=retry] input:checked";
const OPEN_CHOICES = ".o-autocomplete--dropdown-menu, .o-dropdown--menu";

/** The dialog of an outcome: the Enter key confirms. */
export class CallOutcomeController extends DateDialogController {
    setup() {
        super.setup();
        useHotkey("enter", () => this.confirm(), {
            bypassEditableProtection: true,
            isAvailable: (target) =>
                !target.closest(OWN_ENTER) && !document.querySelector(OPEN_CHOICES),
        });
        onMounted(() => this.rootRef.el.querySelector(FIRST_CHOICE)?.focus());
    }

    confirm() {
        closePickers();
        const dialog = this.rootRef.el.closest(".modal");
        dialog?.querySelector("button[name=action_apply]:not([disabled])")?.click();
    }
}

registry.category("views").add("dunning_call_outcome", {
    ...formView,
    Controller: CallOutcomeController,
});
