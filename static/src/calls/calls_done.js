import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** No call is left: what was done, and what comes next. */
export class CallsDone extends Component {
    static template = "account_dunning.CallsDone";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.actionService = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
    }

    get params() {
        return this.props.action.params || {};
    }

    async openAll() {
        const action = await this.orm.call("dunning.action", "action_open_calls", [false]);
        await this.actionService.doAction(action);
    }

    open(xmlid) {
        return this.actionService.doAction(xmlid);
    }
}

registry.category("actions").add("account_dunning.calls_done", CallsDone);
