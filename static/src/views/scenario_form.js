import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** Levels that are switched off are listed: the server reads them for who asks for them
 * with the scenario, not with its levels. */
class DunningScenarioModel extends formView.Model {
    load(params = {}) {
        const context = { ...(params.context ?? this.config.context), active_test: false };
        return super.load({ ...params, context });
    }
}

/** Who is told to duplicate a scenario is not offered to archive or delete it. */
class DunningScenarioController extends formView.Controller {
    get archiveEnabled() {
        return super.archiveEnabled && !this.model.root.data.refusal;
    }

    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        const { isAvailable } = items.delete;
        items.delete.isAvailable = () => isAvailable() && !this.model.root.data.refusal;
        return items;
    }
}

registry.category("views").add("dunning_scenario_form", {
    ...formView,
    Controller: DunningScenarioController,
    Model: DunningScenarioModel,
});
