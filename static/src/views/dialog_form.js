import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** Odoo saves what is open when the page is left. In a dialog nothing is done before its
 * button is pressed: what has been entered is asked for, and not saved. */
class DunningDialogController extends formView.Controller {
    async beforeUnload(ev) {
        if (!this.env.inDialog) {
            return super.beforeUnload(ev);
        }
        if (this.model.root.dirty) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }
}

registry.category("views").add("dunning_dialog_form", {
    ...formView,
    Controller: DunningDialogController,
});
