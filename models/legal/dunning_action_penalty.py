from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import formatLang
from odoo.tools.i18n import format_list

from ...tools import interest
from ...tools.dates import shift
from ...tools.errors import MissingRate
from ..action.dunning_action_format import NO_BREAK_SPACE

# More rows would push the letter onto another sheet: then items are summed up, and of
# many items only the totals are told.
MOST_PERIODS = 4
MOST_ITEMS = 4


class ItemPenalty(NamedTuple):
    """What a text says of the penalties on an item."""

    number: str
    date_due: object
    periods: list
    amount: float
    per_day: float


class Penalties(NamedTuple):
    """What a text says of penalties in one currency; ``total`` is what is to be paid
    where they are claimed."""

    currency: models.BaseModel
    items: list[ItemPenalty]
    interest: float
    indemnity: float
    indemnity_count: int
    per_day: float
    principal: float

    @property
    def amount(self):
        """Interest and indemnities."""
        return self.currency.round(self.interest + self.indemnity)

    @property
    def total(self):
        """Principal, interest and indemnities."""
        return self.currency.round(self.principal + self.amount)

    @property
    def detail(self):
        """How much is shown: ``periods``, ``items``, or nothing."""
        if sum(len(item.periods) for item in self.items) <= MOST_PERIODS:
            return "periods"
        return "items" if len(self.items) <= MOST_ITEMS else None


class DunningAction(models.Model):
    """Penalties on letters and e-mails, as their level says: nothing, shown, or claimed
    with the principal. They are those of the day of the letter that are neither claimed
    by an invoice nor let off, on the items that it lists."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    penalties_block = fields.Html(compute="_compute_penalties_block", sanitize=False)
    penalties_text = fields.Char(
        compute="_compute_penalties_block",
        help="Penalties and indemnities, in each currency.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "state", "level_id.claim", "line_ids.state", "line_ids.amount_residual"
    )
    @api.depends_context("lang", "dunning_paper")
    def _compute_penalties_block(self):
        for action in self:
            action.penalties_block = action.penalties_text = ""
            if not action._states_penalties():
                continue
            try:
                told = action._get_penalties()
            except MissingRate as error:
                # A screen shows it; nothing goes out, see _get_legal_problem.
                action.penalties_block = action._render_content(
                    "penalties_missing", problem=str(error)
                )
                continue
            amounts = [self._format_amount(p.amount, p.currency) for p in told]
            action.penalties_text = format_list(self.env, amounts) if amounts else ""
            if told:
                action.penalties_block = action._render_content("penalties", told=told)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def mail_allowed_qweb_expressions(self):
        # EXTENDS 'account_dunning'
        return (
            *super().mail_allowed_qweb_expressions(),
            "object.penalties_block",
            "object.penalties_text",
        )

    @api.model
    def _get_merge_fields(self):
        # EXTENDS 'account_dunning'
        return super()._get_merge_fields() | {
            "penalties_text": self.env._("Penalties and indemnities, in each currency"),
        }

    def _render_content(self, name, **values):
        # EXTENDS 'account_dunning': rates are shown, too
        return super()._render_content(name, percent=self._format_percent, **values)

    @api.model
    def _format_percent(self, rate) -> str:
        """Return a percent as it is written in the language of the environment."""
        text = formatLang(self.env, rate, digits=2)
        return self._keep_together(f"{text}{NO_BREAK_SPACE}%")

    def _states_penalties(self) -> bool:
        """Return whether the text of the action states or claims penalties."""
        self.ensure_one()
        level = self.level_id
        return (level.claim or "none") != "none" and self._get_kind()._has_claims()

    def _get_penalties(self) -> list[Penalties]:
        """Return what is owed of penalties on the day of the text, by currency.

        :raise MissingRate: a rate is not known
        """
        self.ensure_one()
        day = self._get_content_day()
        lines = self._get_content_lines().filtered(
            lambda line: line.move_line_id and line.date_due < day
        )
        items = lines.move_line_id
        model = self.env["dunning.interest"]
        periods = items._dunning_open_interest(day)
        indemnities = model._fetch_indemnities(
            model._get_scope(self.company_id, day, items)
        )
        told = []
        for currency, own in lines.grouped("currency_id").items():
            penalty = self._sum_penalties(currency, own, periods, indemnities)
            if penalty.amount:
                told.append(penalty)
        return told

    def _sum_penalties(self, currency, lines, periods, indemnities):
        """Return what is told of one currency."""
        day = self._get_content_day()
        # What a company has set does not depend on who writes.
        basis = self.company_id.sudo().dunning_interest_basis
        basis = basis if basis == "actual" else int(basis)
        items, indemnity, count = [], 0.0, 0
        for line in lines:
            item = line.move_line_id
            found = periods.get(item.id) or []
            if amount := indemnities.get(item.id, {}).get("indemnity"):
                indemnity, count = indemnity + amount, count + 1
            last = found[-1] if found and found[-1].date_to == day else None
            per_day = last and interest.per_day(
                last.base, last.rate, shift(day, 1), basis, currency.decimal_places
            )
            if found:
                items.append(
                    ItemPenalty(
                        line._get_content_number(),
                        line.date_due,
                        found,
                        interest.total(found),
                        per_day or 0.0,
                    )
                )
        total = next(
            (t for t in self._get_totals()[self] if t.currency == currency), None
        )
        return Penalties(
            currency,
            items,
            currency.round(sum(item.amount for item in items)),
            currency.round(indemnity),
            count,
            currency.round(sum(item.per_day for item in items)),
            total.claimed if total else 0.0,
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS MISSING
    # ------------------------------------------------------------------

    def _choose_channels(self):
        # EXTENDS 'account_dunning': what would say something wrong does not go out
        fit = self
        for action in self:
            if problem := action._get_legal_problem():
                action._fail(problem)
                fit -= action
        return super(DunningAction, fit)._choose_channels()

    def _get_legal_problem(self) -> str | None:
        """Return why the text must not go out, and what to do; None when nothing is
        wrong. Override to look at more."""
        self.ensure_one()
        if not self._has_texts() or not self._states_penalties():
            return None
        try:
            self._get_penalties()
        except MissingRate as error:
            return str(error)
        return None
