import { registry } from "@web/core/registry";
import { capitalize } from "@web/core/utils/strings";
import {
    RemainingDaysField,
    remainingDaysField,
} from "@web/views/fields/remaining_days/remaining_days_field";

/**
 * A day to act on: in words only where they help, that is yesterday, today and tomorrow.
 * Any other day is shown as it is; how far away it is stands in its tooltip.
 */
export class DunningDayField extends RemainingDaysField {
    static template = "account_dunning.DayField";

    get inWords() {
        const value = this.props.record.data[this.props.name];
        return value ? capitalize(value.toRelativeCalendar({ unit: "days" })) : "";
    }

    get isNear() {
        return this.diffDays !== null && Math.abs(this.diffDays) <= 1;
    }

    get diffString() {
        if (this.diffDays === null) {
            return "";
        }
        return this.isNear ? this.inWords : this.formattedValue;
    }

    get tooltip() {
        return this.isNear ? this.formattedValue : this.inWords;
    }
}

registry.category("fields").add("dunning_day", {
    ...remainingDaysField,
    component: DunningDayField,
});
