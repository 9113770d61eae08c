from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.i18n import format_list


class DunningAction(models.Model):
    """What notices say: the same merge fields as other texts, filled from what they are
    about instead of the items, and some of their own.

    The figures (:meth:`_get_notice_details`) are those at
    that moment and, once the notice went out, those that it told.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice_details = fields.Json(
        readonly=True, copy=False, help="Dates and amounts, as they were told."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("notice", "notice_details")
    @api.depends_context("lang")
    def _compute_dates(self):
        # EXTENDS 'account_dunning': the day of the payment
        result = super()._compute_dates()
        for action in self.filtered("notice"):
            details = action._get_notice_details()
            payments = details.get("payments", [])
            day = payments[0][0] if len(payments) == 1 else details.get("pay_by")
            if day:
                action.deadline_text = self.env._(
                    "no later than %s", self._format_day(fields.Date.to_date(day))
                )
        return result

    @api.depends("notice", "notice_details")
    @api.depends_context("lang", "dunning_paper")
    def _compute_amounts(self):
        # EXTENDS 'account_dunning': the schedule, or what was contested
        result = super()._compute_amounts()
        for action in self.filtered("notice"):
            amounts = action._get_notice_amounts()
            action.amount_text = format_list(self.env, amounts) if amounts else ""
            action.items_table = action._get_notice()._render_table(
                action, action._get_notice_details()
            )
        return result

    @api.depends("notice")
    def _compute_payment_block(self):
        # EXTENDS 'account_dunning': bank details are for transfers
        result = super()._compute_payment_block()
        for action in self.filtered("notice"):
            if not action._get_notice()._is_paid_by_transfer(action):
                action.payment_block = ""
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS - MERGE FIELDS
    # ------------------------------------------------------------------

    @api.model
    def _get_notice_fields(self) -> dict[str, str]:
        """Return the merge fields that notices alone have, with what they say. Override
        to add some."""
        return {}

    @api.model
    def mail_allowed_qweb_expressions(self):
        # EXTENDS 'account_dunning'
        return (
            *super().mail_allowed_qweb_expressions(),
            *(f"object.{name}" for name in self._get_notice_fields()),
        )

    @api.model
    def _get_merge_fields(self):
        # EXTENDS 'account_dunning'
        return super()._get_merge_fields() | self._get_notice_fields()

    def _get_history_text(self):
        # EXTENDS 'account_dunning': what was told
        text = super()._get_history_text()
        if not self.notice:
            return text
        amount = "  +  ".join(self._get_notice_amounts())
        payments = self._get_notice_details().get("payments")
        if payments:
            day = format_date(self.env, payments[-1][0])
            amount = self.env._("%(amount)s by %(day)s", amount=amount, day=day)
        return " – ".join(filter(None, (amount, text))) or False

    # ------------------------------------------------------------------
    # BUSINESS METHODS - FIGURES
    # ------------------------------------------------------------------

    def _get_notice_details(self) -> dict:
        """Return the dates and amounts of the notice: now, or when it went out."""
        self.ensure_one()
        if self.state == "done":
            return self._get_told_details()
        return self._get_notice()._get_details(self)

    def _get_told_details(self) -> dict:
        """Return the dates and amounts that the notice told when it went out."""
        self.ensure_one()
        # The database keeps nothing where none was told, as of thanks.
        return self.notice_details or {}

    def _get_notice_totals(self):
        """Return what is told of each currency, as a list of :class:`Total`."""
        self.ensure_one()
        return self._get_notice()._get_totals(self, self._get_notice_details())

    def _get_notice_amounts(self):
        """Return the amounts that are told, in words."""
        return [
            self._format_amount(total.claimed, total.currency)
            for total in self._get_notice_totals()
        ]

    def _get_notice_items(self) -> models.BaseModel:
        """Return the journal items that the notice is about, the oldest first."""
        self.ensure_one()
        return self._get_notice()._get_items(self)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - STAYING TRUE
    # ------------------------------------------------------------------

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': texts follow what they are about
        self.invalidate_recordset(self._get_notice_fields(), flush=False)
        return super()._refresh(any_day=any_day, complete=complete, routine=routine)

    def _mark_done(self, date):
        # EXTENDS 'account_dunning': what was told can be told again
        for action in self.filtered("notice"):
            action.notice_details = action._get_notice_details()
        return super()._mark_done(date)

    def _take_back(self, state, message):
        # EXTENDS 'account_dunning'
        result = super()._take_back(state, message)
        self.filtered("notice").write({"notice_details": False})
        return result

    def _get_text_basis(self):
        # EXTENDS 'account_dunning': figures of a notice do not age from day to day
        basis = super()._get_text_basis()
        if self.notice:
            basis |= {"day": False, "notice": self._get_notice_details()}
        return basis
