import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

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
});
