import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import { onWillDestroy } from "@odoo/owl";

const CHANNEL = "account_dunning.workbook";

/** Says that a workbook is ready, or why it is not, whatever screen is open. */
const workbookService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service: bus, notification }) {
        bus.subscribe(CHANNEL, ({ message, title, type, url }) => {
            if (!message) {
                return;
            }
            const buttons = [];
            if (url) {
                const download = { type: "ir.actions.act_url", url, target: "download" };
                const onClick = () => {
                    close();
                    action.doAction(download);
                };
                buttons.push({ name: _t("Download"), primary: true, onClick });
            }
            const close = notification.add(message, { buttons, sticky: true, title, type });
        });
        bus.start();
    },
};

registry.category("services").add("account_dunning.workbook", workbookService);

/** How far the workbook, or the job, of this form is, as it goes on. */
export class WorkbookProgressField extends ProgressBarField {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const follow = ({ id, model = "dunning.workbook" }) => {
            const { record } = this.props;
            if (id === record.resId && model === record.resModel) {
                record.load();
            }
        };
        bus.subscribe(CHANNEL, follow);
        onWillDestroy(() => bus.unsubscribe(CHANNEL, follow));
    }
}

registry.category("fields").add("dunning_workbook_progress", {
    ...progressBarField,
    component: WorkbookProgressField,
});
