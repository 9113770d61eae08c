import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { formatFloat } from "@web/core/utils/numbers";

/** A figure in words, as people read it at a glance: amounts without cents. */
export function formatFigure(value, kind, currencyId) {
    if (value === null || value === undefined) {
        return _t("n/a");
    }
    switch (kind) {
        case "amount":
            return formatCurrency(value, currencyId, { digits: [69, 0] });
        case "exact":
            return formatCurrency(value, currencyId);
        case "rate":
            return `${formatFloat(100 * value, { digits: [69, 1] })}\u00a0%`;
        case "days":
            return formatDays(value);
        case "items":
            return value === 1 ? _t("1 item") : _t("%s items", formatCount(value));
        default:
            return formatCount(value);
    }
}

function formatDays(value) {
    const days = formatFloat(value, { digits: [69, 1] });
    return Math.round(10 * value) === 10 ? _t("%s day", days) : _t("%s days", days);
}

function formatCount(value) {
    return formatFloat(value, { digits: [69, 0] });
}

/** A number at an axis, short, as the language of the user writes it. */
export function formatTick(value) {
    return new Intl.NumberFormat(user.lang, { notation: "compact" }).format(value);
}
