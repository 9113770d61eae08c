import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { formatFigure } from "./format";

/** How a figure is computed: in words, with its numbers and its period. */
export class How extends Component {
    static template = "account_dunning.How";
    static props = { how: Object, currencyId: Number, close: Function };

    format(number) {
        const kind = number.kind === "amount" ? "exact" : number.kind;
        return formatFigure(number.value, kind, this.props.currencyId);
    }
}

/** A figure that opens its records, and says how it is computed. */
export class Figure extends Component {
    static template = "account_dunning.Figure";
    static props = {
        figure: Object,
        currencyId: Number,
        open: Function,
        large: { type: Boolean, optional: true },
    };

    setup() {
        this.how = usePopover(How, { position: "bottom" });
        this.howRef = useRef("how");
    }

    get text() {
        const { value, kind } = this.props.figure;
        return formatFigure(value, kind, this.props.currencyId);
    }

    get howLabel() {
        return _t("How is this computed: %s", this.props.figure.label);
    }

    /** An amount to the cent. */
    get exact() {
        const { value, kind } = this.props.figure;
        return kind === "amount"
            ? formatFigure(value, "exact", this.props.currencyId)
            : undefined;
    }

    get note() {
        const { value, kind } = this.props.figure.note;
        return formatFigure(value, kind, this.props.currencyId);
    }

    toggleHow() {
        const { figure, currencyId } = this.props;
        if (this.how.isOpen) {
            this.how.close();
        } else {
            this.how.open(this.howRef.el, { how: figure.how, currencyId });
        }
    }
}
