import { onMounted, onWillDestroy } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** A calendar is a popover of its own: it would stay open over what follows. */
export function closePickers() {
    if (document.querySelector(".o_datetime_picker")) {
        document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    }
}

/**
 * A dialog that begins with a date: where there is no keyboard, the calendar that opens
 * with the focus would hide what is asked.
 */
export class DateDialogController extends FormController {
    setup() {
        super.setup();
        onWillDestroy(closePickers);
        onMounted(() => {
            if (hasTouch()) {
                this.rootRef.el.tabIndex = -1;
                this.rootRef.el.focus();
            }
        });
    }
}

registry.category("views").add("dunning_date_dialog", {
    ...formView,
    Controller: DateDialogController,
});
