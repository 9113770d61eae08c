import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

/** What is missing, with how many customers and what they owe: each shows its own. */
export class Defects extends Component {
    static template = "account_dunning.Defects";
    static props = { editing: Boolean };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ defects: [] });
        onWillStart(() => this.load());
        // What was just completed is missing no more. The list does not wait for it.
        onWillUpdateProps(({ editing }) => {
            if (this.props.editing && !editing) {
                this.load();
            }
        });
        // Filters may be chosen elsewhere.
        useBus(this.env.searchModel, "update", () => this.render());
    }

    async load() {
        this.state.defects = await this.orm.call("res.partner", "dunning_get_defects");
    }

    getFilter(code) {
        const name = `defect_${code}`;
        return this.env.searchModel.getSearchItems((item) => item.name === name)[0];
    }

    isShown(code) {
        return Boolean(this.getFilter(code)?.isActive);
    }

    /** Show those about whom this is missing, or all again. */
    toggle(code) {
        const wasShown = this.isShown(code);
        for (const defect of this.state.defects) {
            if (this.isShown(defect.code)) {
                this.env.searchModel.toggleSearchItem(this.getFilter(defect.code).id);
            }
        }
        if (!wasShown) {
            this.env.searchModel.toggleSearchItem(this.getFilter(code).id);
        }
    }
}

export class DefectsListRenderer extends ListRenderer {
    static template = "account_dunning.DefectsListRenderer";
    static components = { ...ListRenderer.components, Defects };
}

export class DefectsKanbanRenderer extends KanbanRenderer {
    static template = "account_dunning.DefectsKanbanRenderer";
    static components = { ...KanbanRenderer.components, Defects };
}

registry.category("views").add("dunning_defects_list", {
    ...listView,
    Renderer: DefectsListRenderer,
});
registry.category("views").add("dunning_defects_kanban", {
    ...kanbanView,
    Renderer: DefectsKanbanRenderer,
});
