import { Component, markup, useState } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { Notebook } from "@web/core/notebook/notebook";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// Milliseconds after which what was typed is shown.
const PATIENCE = 300;

/**
 * Beside a text that is being written: what it gives for a customer, and the fields it
 * may use. Both are asked of the server, which evaluates nothing of what is typed.
 */
export class DunningTextHelper extends Component {
    static template = "account_dunning.TextHelper";
    static components = { CopyButton, Notebook, RecordSelector };
    static props = { ...standardWidgetProps, texts: Array };

    setup() {
        this.orm = useService("orm");
        this.previews = new KeepLast();
        this.fields = new KeepLast();
        this.copied = _t("Copied: paste it into the text");
        this.state = useState({
            sampleId: false,
            lang: false,
            languages: [],
            shown: { subject: "", body: "", problem: false },
            fields: [],
            loaded: false,
        });
        this.showLater = useDebounced(() => this.showText(), PATIENCE);
        useRecordObserver((record) => this.follow(record));
    }

    follow({ resId, data }) {
        const typed = this.props.texts.map((name) => [name, `${data[name] || ""}`]);
        const isOther = this.template !== resId;
        this.template = resId;
        this.typed = Object.fromEntries(typed);
        if (isOther || !this.state.loaded) {
            this.state.sampleId = false;
            this.show();
        } else {
            this.showLater();
        }
    }

    async show() {
        await this.showText();
        await this.showFields();
    }

    async showText() {
        const shown = await this.previews.add(
            this.call("dunning_get_preview", [this.typed, ...this.choice])
        );
        Object.assign(this.state, {
            sampleId: shown.sample_id,
            lang: shown.lang,
            languages: shown.languages,
            shown: { ...shown, body: markup(shown.body) },
            loaded: true,
        });
    }

    async showFields() {
        this.state.fields = await this.fields.add(
            this.call("dunning_get_merge_fields", this.choice)
        );
    }

    call(method, args) {
        const ids = this.template ? [this.template] : [];
        return this.orm.silent.call(this.props.record.resModel, method, [ids, ...args]);
    }

    get choice() {
        return [this.state.sampleId, this.state.lang];
    }

    chooseSample(id) {
        this.state.sampleId = id;
        return this.show();
    }

    chooseLanguage(ev) {
        this.state.lang = ev.target.value;
        return this.show();
    }

    getExpression({ name }) {
        return `{{ ${name} }}`;
    }
}

registry.category("view_widgets").add("dunning_text_helper", {
    component: DunningTextHelper,
    extractProps: ({ options }) => ({ texts: options.texts }),
});
