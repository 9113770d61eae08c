import { Component, onMounted, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

/**
 * The dry run as a whole, above its list: what the run makes by channel, and why the
 * other items wait. Each figure shows the items behind it. Of many customers, the first
 * are shown while it goes on looking at the others.
 */
export class DunningPreviewSummary extends Component {
    static template = "account_dunning.PreviewSummary";
    static props = { list: { type: Object } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ summary: null, progress: {} });
        this.isLeft = false;
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
        onMounted(() => {
            this.fill();
        });
        onWillUnmount(() => {
            this.isLeft = true;
        });
    }

    get previewId() {
        return this.env.searchModel.context.dunning_preview_id;
    }

    async load() {
        if (this.previewId) {
            this.state.summary = await this.orm.call("dunning.preview", "get_summary", [
                [this.previewId],
            ]);
            this.state.progress = this.state.summary.progress;
        }
    }

    /** Go on until all customers are looked at; show them when they are twice as many. */
    async fill() {
        let shown = this.state.progress.done;
        while (!this.isLeft && this.state.progress.state === "filling") {
            this.state.progress = await this.ask("fill_next");
            const { state, done } = this.state.progress;
            if (!this.isLeft && (state !== "filling" || done >= 2 * shown)) {
                shown = done;
                await Promise.all([this.props.list.load(), this.load()]);
            }
        }
    }

    async stop() {
        this.state.progress = await this.ask("stop_filling");
    }

    ask(method) {
        return this.orm.silent.call("dunning.preview", method, [[this.previewId]]);
    }

    get share() {
        const { done, count } = this.state.progress;
        return count ? Math.floor((100 * done) / count) : 0;
    }

    format(amount) {
        return formatMonetary(amount, { currencyId: this.state.summary.currency_id });
    }

    /** Show the items behind a figure, in the place of what was filtered before. */
    show(row) {
        const model = this.env.searchModel;
        const isFilter = (item) => ["filter", "field", "favorite"].includes(item.type);
        const shown = new Set(model.getSearchItems(isFilter).map((item) => item.id));
        model.query = model.query.filter((element) => !shown.has(element.searchItemId));
        model.createNewFilters([
            { description: row.label, domain: row.domain, type: "filter" },
        ]);
    }
}

export class DunningPreviewRenderer extends ListRenderer {
    static template = "account_dunning.PreviewListRenderer";
    static components = { ...ListRenderer.components, DunningPreviewSummary };
}

registry.category("views").add("dunning_preview_list", {
    ...listView,
    Renderer: DunningPreviewRenderer,
});
