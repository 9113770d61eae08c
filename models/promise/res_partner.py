from operator import ge, gt, le, lt

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from ...tools.promises import MISSED
from ...tools.words import READERS
from ..base.mail_discreet_search import Ours

COMPARISONS = {
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
    "in": lambda count, values: count in values,
}


class ResPartner(models.Model):
    """What the customer has promised to the current company, and how that ended."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_promise_ids = Ours("dunning.promise", "partner_id", groups=READERS)
    dunning_promise_count = fields.Integer(
        string="Running Promises", compute="_compute_dunning_promises", groups=READERS
    )
    dunning_promised_text = fields.Char(
        string="Promised",
        compute="_compute_dunning_promises",
        groups=READERS,
        help="What is still to come of running promises, in each currency.",
    )
    dunning_promise_broken_count = fields.Integer(
        string="Broken Promises",
        compute="_compute_dunning_promises",
        search="_search_dunning_promise_broken_count",
        groups=READERS,
        help="Wholly or in part.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dunning_promise_ids.state", "dunning_promise_ids.amount_left")
    @api.depends_context("company", "lang")
    def _compute_dunning_promises(self):
        groups = self.env["dunning.promise"]._read_group(
            [
                ("partner_id", "in", self._origin.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("open", *MISSED)),
                # What nobody has approved is without effect.
                ("approval", "!=", "waiting"),
            ],
            ["partner_id", "state", "currency_id"],
            ["__count", "amount_left:sum"],
        )
        self.dunning_promise_count = 0
        self.dunning_promise_broken_count = 0
        texts = {}
        for partner, state, currency, count, amount in groups:
            if state in MISSED:
                partner.dunning_promise_broken_count += count
            else:
                partner.dunning_promise_count += count
                text = format_amount(self.env, amount, currency)
                texts.setdefault(partner, []).append(text)
        for partner in self:
            partner.dunning_promised_text = ", ".join(texts.get(partner, [])) or False

    def _search_dunning_promise_broken_count(self, operator, value):
        self._dunning_check_searchable("dunning_promise_broken_count")
        if operator not in COMPARISONS:
            return NotImplemented
        groups = self.env["dunning.promise"]._read_group(
            [("company_id", "=", self.env.company.id), ("state", "in", MISSED)],
            ["partner_id"],
            ["__count"],
        )
        compare = COMPARISONS[operator]
        found = {partner.id: compare(count, value) for partner, count in groups}
        if compare(0, value):
            return Domain("id", "not in", [id_ for id_ in found if not found[id_]])
        return Domain("id", "in", [id_ for id_ in found if found[id_]])

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_promises(self):
        """Open the promises of the customer, running or over."""
        self.ensure_one()
        return self._dunning_open_window("action_promise")
