from collections import defaultdict

from odoo import api, models
from odoo.tools import format_amount, format_date


class DunningHold(models.Model):
    """What keeps items out, told to people who look at an item or an invoice."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_shares(self, items: models.BaseModel) -> dict:
        """Return what keeps some items out, and how much of each.

        :param items: journal items, of any customers and companies
        :return: dict of journal item id to list of (hold, amount): together never more
            than what is open; an empty hold stands for a payment in process
        """
        plan = self.env["dunning.plan"]
        rows = []
        for company, lines in (
            items.filtered("partner_id").grouped("company_id").items()
        ):
            partners = lines.partner_id.commercial_partner_id
            scope = company._dunning_scope(partners=partners.ids)
            rows += self.env.execute_query(plan._get_share_query(scope, lines.ids))
        holds = self.browse({hold_id for _line_id, hold_id, _amount in rows if hold_id})
        by_id = dict(zip(holds.ids, holds, strict=True))
        shares = defaultdict(list)
        for line_id, hold_id, amount in rows:
            shares[line_id].append((by_id.get(hold_id, self.browse()), float(amount)))
        return shares

    @api.model
    def _get_served_first(self) -> list[str]:
        """Return the origins of holds that get their part of an item before the others,
        in their order. Override to add some."""
        return []

    @api.model
    def _describe_shares(self, shares: list, currency: models.BaseModel) -> str:
        """Return in a line what keeps something out, and how much.

        :param shares: list of (hold, amount), in this currency
        """
        amounts, dates, names = defaultdict(float), {}, {}
        for hold, amount in shares:
            source = hold and (hold._get_source() or hold)
            amounts[source] += amount
            dates[source] = hold.date_end
            names[source] = hold._get_share_name()
        return "; ".join(
            self._describe_share(names[source], dates[source], amount, currency)
            for source, amount in amounts.items()
        )

    def _describe_share(self, name, date, amount, currency):
        amount = format_amount(self.env, amount, currency)
        if date:
            date = format_date(self.env, date)
            return self.env._(
                "%(what)s until %(date)s: %(amount)s",
                what=name,
                date=date,
                amount=amount,
            )
        return self.env._("%(what)s: %(amount)s", what=name, amount=amount)

    def _get_share_name(self):
        """Return what the hold is: promise, dispute, …, and its reason."""
        if not self:
            return self.env._("Payment in process")
        origins = dict(self._fields["origin"]._description_selection(self.env))
        by_hand = self.origin == "manual"
        name = self.env._("Hold") if by_hand else origins[self.origin]
        return f"{name} ({self.reason_id.name})" if self.reason_id else name

    def _get_source(self) -> models.BaseModel:
        """Return the record that wrote the hold; an empty one where people did.
        Override to know more of them."""
        self.ensure_one()
        return self.browse()

    def _open(self) -> dict:
        """Return the action that shows where the holds come from: the promise or the
        dispute, the hold made by hand, or the list of several."""
        action = {"type": "ir.actions.act_window", "name": self.env._("Holds")}
        sources = {hold._get_source() or hold for hold in self}
        if len(sources) != 1:
            domain = [("id", "in", self.ids)]
            return action | {
                "res_model": "dunning.hold",
                "view_mode": "list,form",
                "domain": domain,
            }
        [source] = sources
        return action | {
            "name": source.display_name,
            "res_model": source._name,
            "res_id": source.id,
            "view_mode": "form",
        }
