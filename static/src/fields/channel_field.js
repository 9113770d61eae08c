import { registry } from "@web/core/registry";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";

const ICONS = {
    email: "fa-envelope-o",
    letter: "fa-file-text-o",
    registered: "fa-certificate",
    sms: "fa-mobile",
    call: "fa-phone",
    task: "fa-check-square-o",
};

/** The channel of a contact: its icon and its name. */
export class DunningChannelField extends SelectionField {
    static template = "account_dunning.ChannelField";

    get icon() {
        return ICONS[this.value] || "";
    }
}

registry.category("fields").add("dunning_channel", {
    ...selectionField,
    component: DunningChannelField,
    supportedTypes: ["selection"],
    // The longest name, with its icon, in French.
    listViewWidth: 168,
});
