from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount

from ...tools.litigation import KINDS, OPEN_LITIGATION
from ...tools.words import READERS
from ..base.mail_discreet_search import Ours


class ResPartner(models.Model):
    """What of a customer was handed over by the current company."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_litigation_ids = Ours("dunning.litigation", "partner_id", groups=READERS)
    dunning_litigation_count = fields.Integer(
        string="Litigations", compute="_compute_dunning_litigations", groups=READERS
    )
    dunning_litigation_amount = fields.Monetary(
        string="In Litigation",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_litigations",
        groups=READERS,
        help="Left of open litigations, in company currency.",
    )
    dunning_litigation_kind = fields.Selection(
        KINDS,
        string="Litigation",
        compute="_compute_dunning_litigations",
        search="_search_dunning_litigation_kind",
        groups=READERS,
        help="To whom something is handed over now; insolvency before all else.",
    )
    dunning_litigation_text = fields.Char(
        string="Handed Over",
        compute="_compute_dunning_litigations",
        groups=READERS,
        help="What is left of open litigations, by to whom it was handed over.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "dunning_litigation_ids.state",
        "dunning_litigation_ids.left_company",
        "dunning_litigation_ids.amount_left",
        "dunning_litigation_ids.kind",
    )
    @api.depends_context("company", "lang")
    def _compute_dunning_litigations(self):
        groups = self.env["dunning.litigation"]._read_group(
            [
                ("partner_id", "in", self._origin.ids),
                ("company_id", "=", self.env.company.id),
            ],
            ["partner_id", "state", "kind", "currency_id"],
            ["__count", "left_company:sum", "amount_left:sum"],
        )
        by_partner = defaultdict(list)
        for partner, *group in groups:
            by_partner[partner].append(group)
        # Insolvency is the last of them.
        ranks = [kind for kind, _label in KINDS]
        for partner in self:
            own = by_partner[partner._origin]
            running = [group for group in own if group[0] in OPEN_LITIGATION]
            kinds = {kind for _state, kind, *_figures in running}
            partner.dunning_litigation_count = sum(group[3] for group in own)
            partner.dunning_litigation_amount = sum(group[4] for group in running)
            partner.dunning_litigation_kind = max(kinds, key=ranks.index, default=False)
            partner.dunning_litigation_text = self._dunning_tell_litigations(running)

    @api.model
    def _dunning_tell_litigations(self, groups):
        """Return how much is handed over to whom.

        :param groups: state, kind, currency, number, amount left in company currency
            and in its own
        """
        totals = defaultdict(Counter)
        for _state, kind, currency, _count, _left_company, left in groups:
            totals[kind][currency] += left
        return ", ".join(
            self.env._(
                "%(what)s: %(details)s",
                what=label,
                # At the rate of a day it would be no figure of the form.
                details=" + ".join(
                    format_amount(self.env, amount, currency)
                    for currency, amount in totals[kind].items()
                ),
            )
            for kind, label in self._fields[
                "dunning_litigation_kind"
            ]._description_selection(self.env)
            if kind in totals
        )

    def _search_dunning_litigation_kind(self, operator, value):
        self._dunning_check_searchable("dunning_litigation_kind")
        if operator != "in":
            return NotImplemented
        running = fields.Domain("state", "in", OPEN_LITIGATION) & fields.Domain(
            "company_id", "=", self.env.company.id
        )
        kinds = [kind for kind in value if kind]
        found = fields.Domain(
            "dunning_litigation_ids",
            "any",
            running & fields.Domain("kind", "in", kinds),
        )
        if False in value:
            found |= ~fields.Domain("dunning_litigation_ids", "any", running)
        return found

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_litigations(self):
        """Open the litigations of the customer, open or closed."""
        self.ensure_one()
        return self._dunning_open_window("action_litigation")

    def action_dunning_proof(self):
        """Download the proof file of the customer, in the current company.

        :return: client action
        """
        self.ensure_one()
        return self.env["dunning.proof"]._ask_for(self)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_is_insolvent(self, company: models.BaseModel) -> bool:
        """Return whether the customer is in insolvency proceedings for a company."""
        # Whoever writes to it need not read what was handed over.
        customer_sudo = self.with_company(company).sudo()
        return customer_sudo.dunning_litigation_kind == "insolvency"

    def _dunning_narrow(self, holds, items):
        # EXTENDS 'account_dunning': the insolvency of somebody who is a contact of a
        # sound customer now is about its own items
        own = holds.filtered("litigation_id")
        own.litigation_id.is_whole = False
        own._end()
        return super()._dunning_narrow(holds - own, items)
