import { Domain } from "@web/core/domain";
import { evaluateBooleanExpr } from "@web/core/py_js/py";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { SearchModel } from "@web/search/search_model";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

const OWN = "search_default_mine";

/** What waits is brought in line with the ledger once, when its list opens. */
export class TrueSearchModel extends SearchModel {
    async load(config) {
        const { context = {}, domain = [], resModel, state } = config;
        if (!state) {
            const shown = new Domain(domain).toList(context);
            await this.orm.call(resModel, "refresh_waiting", [shown]);
        }
        return super.load(config);
    }
}

/** Whoever has nothing of his own, as managers and auditors, begins with what all have:
 * an empty list would say that nothing is to be done.
 *
 * @param {Function} Model the search model that is extended
 * @param {Function} getOwn returns the condition of what somebody has to do, by its id
 */
const withOwnFirst = (Model, getOwn) =>
    class OwnFirstSearchModel extends Model {
        async load(config) {
            const { context = {}, domain = [], resModel, state } = config;
            if (!state && context[OWN]) {
                const own = Domain.and([domain, getOwn(user.userId)]);
                const found = await this.orm.search(resModel, own.toList(context), {
                    limit: 1,
                });
                if (!found.length) {
                    const { [OWN]: _own, ...others } = context;
                    config = { ...config, context: others };
                }
            }
            return super.load(config);
        }
    };

const OwnActionsFirst = withOwnFirst(TrueSearchModel, (id) => [["user_id", "=", id]]);

/** Whoever is away, and has nothing of his own therefore, is told who does the work. */
class OwnActionsSearchModel extends OwnActionsFirst {
    async load(config) {
        if (!config.state && config.context?.[OWN]) {
            const told = await this.orm.call("dunning.substitution", "get_own_absence", []);
            if (told) {
                this.env.services.notification.add(told, { type: "info" });
            }
        }
        return super.load(config);
    }
}

const OwnAnswersSearchModel = withOwnFirst(SearchModel, (id) => [
    ["responsible_id", "=", id],
    ["decision", "=", "open"],
]);

const OPEN_STATES = new Set(["to_validate", "todo", "failed"]);

/** Buttons above a list are offered for what can be done with the selected actions:
 * whether they are hidden may depend on these words of the context. */
const withSelection = (Controller) =>
    class extends Controller {
        evalViewModifier(modifier) {
            const { isDomainSelected, selection } = this.model.root;
            const selected = isDomainSelected ? [] : selection;
            const states = selected.map((record) => record.data.state);
            const context = {
                ...this.props.context,
                dunning_none_open:
                    states.length && !states.some((state) => OPEN_STATES.has(state)),
                dunning_none_waiting: states.length && !states.includes("to_validate"),
                dunning_some_closed: states.some((state) => !OPEN_STATES.has(state)),
            };
            return evaluateBooleanExpr(modifier, { context });
        }
    };

const ActionListController = withSelection(listView.Controller);

registry.category("views").add("dunning_own_first_list", {
    ...listView,
    Controller: ActionListController,
    SearchModel: OwnActionsSearchModel,
});
registry.category("views").add("dunning_own_first_kanban", {
    ...kanbanView,
    Controller: withSelection(kanbanView.Controller),
    SearchModel: OwnActionsSearchModel,
});
registry.category("views").add("dunning_own_answers_list", {
    ...listView,
    SearchModel: OwnAnswersSearchModel,
});
registry.category("views").add("dunning_own_answers_kanban", {
    ...kanbanView,
    SearchModel: OwnAnswersSearchModel,
});
registry.category("views").add("dunning_true_list", {
    ...listView,
    Controller: ActionListController,
    SearchModel: TrueSearchModel,
});
