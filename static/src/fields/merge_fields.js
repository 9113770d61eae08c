import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The fields that a text may use, each with an example, to be copied into it. */
export class DunningMergeFields extends Component {
    static template = "account_dunning.MergeFields";
    static components = { CopyButton };
    static props = { ...standardFieldProps };

    setup() {
        this.copied = _t("Copied: paste it into the text");
    }

    get mergeFields() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("dunning_merge_fields", {
    component: DunningMergeFields,
    supportedTypes: ["json"],
});
