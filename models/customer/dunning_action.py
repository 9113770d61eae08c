from itertools import chain

from odoo import api, fields, models
from odoo.tools import format_amount

from ...tools.text import is_told


class DunningAction(models.Model):
    """What the agenda shows around an action: when it is due, what was said last,
    what comes next. Nothing here is stored or decides anything."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    is_sendable = fields.Boolean(compute="_compute_is_sendable")
    next_level_id = fields.Many2one(
        "dunning.level",
        string="Next Step",
        compute="_compute_next_level_id",
        help="The level that follows if the customer still does not pay.",
    )
    last_exchange_date = fields.Date(compute="_compute_last_exchange")
    last_exchange = fields.Char(
        compute="_compute_last_exchange",
        help="The last contact or message with the customer.",
    )
    has_dropped = fields.Boolean(compute="_compute_has_columns")
    has_withheld = fields.Boolean(compute="_compute_has_columns")
    amount_by_currency = fields.Char(
        string="Amounts Claimed",
        compute="_compute_amount_by_currency",
        help="One total for each currency.",
    )
    open_by_currency = fields.Char(
        string="Still Open",
        compute="_compute_amount_by_currency",
        help="What is left today of what was claimed, for each currency.",
    )
    amount_open = fields.Monetary(
        string="Open Today",
        compute="_compute_amount_open",
        help="In company currency: what is left today of what was claimed.",
    )
    customer_balance = fields.Html(compute="_compute_customer", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("title")
    @api.depends_context("dunning_beside_customer")
    def _compute_display_name(self):
        # EXTENDS 'account_dunning': beside its customer it is called as in the agenda
        if not self.env.context.get("dunning_beside_customer"):
            return super()._compute_display_name()
        for action in self:
            action.display_name = action.title
        return None

    @api.depends("channel", "level_id", "company_id")
    def _compute_is_sendable(self):
        for action in self:
            action.is_sendable = action._is_sendable()

    @api.depends("kind", "level_id", "scenario_id", "line_ids.state")
    def _compute_next_level_id(self):
        # What is planned by hand has the text of a level, and brings no item to it.
        by_hand = self.filtered(lambda x: x.kind == "manual" and x.level_id)
        for company, actions in by_hand.grouped("company_id").items():
            items = actions.partner_id.with_company(company)._dunning_get_items()
            for action in actions:
                listed = action._get_content_lines().move_line_id
                own = items.filtered(lambda x, listed=listed: x.move_line_id in listed)
                action.next_level_id = own._get_first_planned().next_level_id
        for action in self - by_hand:
            level = action.level_id
            following = action.scenario_id.level_ids.filtered(
                lambda other, level=level: other.delay_days > level.delay_days
            )
            action.next_level_id = level and following.sorted("delay_days")[:1]

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "tz")
    def _compute_last_exchange(self):
        for company, actions in chain(
            *(r.grouped("company_id").items() for r in self._by_rights_on_customer())
        ):
            partners = actions.partner_id.with_company(company)
            exchanges = partners._dunning_get_last_exchanges()
            for action in actions:
                date, text = exchanges.get(action.partner_id.id, (False, False))
                action.last_exchange_date = date
                action.last_exchange = text

    @api.depends("line_ids.state", "line_ids.amount_withheld")
    def _compute_has_columns(self):
        for action in self:
            states = action.line_ids.mapped("state")
            action.has_dropped = "dropped" in states
            action.has_withheld = any(action.line_ids.mapped("amount_withheld"))

    @api.depends("state", "line_ids.state", "line_ids.amount_claimed")
    @api.depends_context("lang")
    def _compute_amount_by_currency(self):
        told = self.filtered(lambda action: action.state != "cancelled")
        (self - told).amount_by_currency = False
        (self - told).open_by_currency = False
        deducted = told._get_standing_deductions()
        for action, totals in told._get_totals().items():
            told_totals = [total for total in totals if total.lines]
            action.amount_by_currency = self._join_amounts(
                (total.claimed, total.currency) for total in told_totals
            )
            action.open_by_currency = self._join_amounts(
                (
                    self._get_left(total, deducted[action].get(total.currency.id, 0)),
                    total.currency,
                )
                for total in told_totals
            )

    @api.model
    def _get_left(self, total, deducted):
        left = sum(total.lines.mapped("amount_open")) - deducted
        return min(total.claimed, max(left, 0))

    def _join_amounts(self, amounts):
        return "  +  ".join(
            format_amount(self.env, amount, currency) for amount, currency in amounts
        )

    @api.depends("state", "amount", "line_ids.state", "line_ids.amount_open")
    def _compute_amount_open(self):
        currencies = self.env["res.currency"]
        deducted = self._get_standing_deductions()
        for action in self:
            amounts = [
                (line.currency_id, line.amount_open)
                for line in action._get_content_lines()
            ]
            amounts.extend(
                (currencies.browse(id_), -amount)
                for id_, amount in deducted[action].items()
            )
            left = sum(
                currency._convert(
                    amount,
                    action.currency_id,
                    action.company_id,
                    action._get_content_day(),
                )
                for currency, amount in amounts
            )
            action.amount_open = min(action.amount, max(left, 0))

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "tz")
    def _compute_customer(self):
        for action in chain(*self._by_rights_on_customer()):
            partner = action.partner_id.with_company(action.company_id)
            action.customer_balance = partner.dunning_balance

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_standing_deductions(self) -> dict:
        """Return what was deducted when the actions were done and would be so today:
        credits that nobody has allocated yet, and amounts on hold.

        :return: dict of action to dict of currency id to amount
        """
        found = {action: {} for action in self}
        done = self.filtered(
            lambda action: action.state == "done" and action.deductions
        )
        for company, actions in done.grouped("company_id").items():
            scope = company._dunning_scope(partners=actions.partner_id.ids)
            now = {
                (partner_id, currency_id): amounts
                for partner_id, currency_id, *amounts in self.env.execute_query(
                    self.env["dunning.plan"]._get_deduction_query(scope)
                )
            }
            for action, totals in actions._get_totals().items():
                for total in totals:
                    # Credits pay the oldest items first: others claim theirs whole.
                    claims = sum(total.lines.mapped("amount_claimed"))
                    key = (action.partner_id.id, total.currency.id)
                    found[action][total.currency.id] = min(
                        claims - total.claimed, float(sum(now.get(key, (0, 0))))
                    )
        return found

    def _get_result(self):
        """Return how it ended, in words. Override for what ends in several ways."""
        return False

    def _get_reason_beside(self) -> str | bool:
        """Return the name of the reason where nothing else tells it."""
        name = self.reason_id.name
        return not is_told(name, self._get_result(), self.note) and name

    def _get_history_text(self) -> str:
        """Return what the timeline says of what was done."""
        self.ensure_one()
        texts = (self._get_result(), self.note)
        return " – ".join(text for text in texts if text) or False
