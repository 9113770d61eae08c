import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** HTML made by the server and only shown, whose links stay in the window. */
export class DunningMarkupField extends Component {
    static template = "account_dunning.MarkupField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name] || "";
    }
}

registry.category("fields").add("dunning_markup", {
    component: DunningMarkupField,
    supportedTypes: ["html"],
});
