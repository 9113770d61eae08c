import { markup, onMounted } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";
import { closePickers, DateDialogController } from "@account_dunning/views/date_dialog";

// Where the key has a meaning of its own.
const OWN_ENTER = "textarea, button, a, [contenteditable=true]";
// Choices are not focused by the form itself.
const FIRST_CHOICE = "[name=retry] input:checked";
const OPEN_CHOICES = ".o-autocomplete--dropdown-menu, .o-dropdown--menu";
// What people write themselves, and what changes no text.
const NOT_AGREED = ["confirm_subject", "confirm_body", "note"];

/**
 * The dialog of an outcome: the Enter key confirms. The e-mail that confirms what was
 * agreed is asked of the server, and anew whenever something else is agreed.
 */
export class CallOutcomeController extends DateDialogController {
    setup() {
        super.setup();
        this.notification = useService("notification");
        this.writing = new Mutex();
        this.written = "";
        this.text = "";
        useHotkey("enter", () => this.confirm(), {
            bypassEditableProtection: true,
            isAvailable: (target) =>
                !target.closest(OWN_ENTER) && !document.querySelector(OPEN_CHOICES),
        });
        onMounted(() => {
            this.rootRef.el.querySelector(FIRST_CHOICE)?.focus();
            this.writeConfirmation();
        });
    }

    get modelParams() {
        const params = super.modelParams;
        // Not waited for: the change must be complete before what it gives is asked.
        const onRecordChanged = () => {
            this.writeConfirmation();
        };
        return { ...params, hooks: { ...params.hooks, onRecordChanged } };
    }

    confirm() {
        closePickers();
        const dialog = this.rootRef.el.closest(".modal");
        dialog?.querySelector("button[name=action_apply]:not([disabled])")?.click();
    }

    /** Write the confirmation of what the dialog holds. */
    writeConfirmation() {
        return this.writing.exec(async () => {
            const record = this.model.root;
            if (!record.data.confirm) {
                return;
            }
            const values = await record.getChanges({ withReadonly: true });
            NOT_AGREED.forEach((name) => delete values[name]);
            const agreed = JSON.stringify(values);
            if (agreed === this.written) {
                return;
            }
            const ids = record.resId ? [record.resId] : [];
            const args = [ids, values];
            const { subject, body, problem } = await this.orm.silent.call(
                record.resModel,
                "get_confirmation",
                args
            );
            this.written = agreed;
            if (problem) {
                this.notification.add(problem, { type: "warning" });
                return;
            }
            const text = JSON.stringify([subject, body]);
            if (text === this.text) {
                // What people have changed in it stays.
                return;
            }
            this.text = text;
            await record.update({
                confirm_subject: subject,
                confirm_body: body && markup(body),
            });
        });
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.special !== "cancel") {
            // What is sent is what was agreed last.
            await this.writeConfirmation();
        }
        return super.beforeExecuteActionButton(clickParams);
    }
}

registry.category("views").add("dunning_call_outcome", {
    ...formView,
    Controller: CallOutcomeController,
});
