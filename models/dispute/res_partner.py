from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...tools.words import OPEN_STAGES, READERS
from ..base.mail_discreet_search import Ours

# How far back the customer's habit of disputing is looked at.
HABIT_MONTHS = 12


class ResPartner(models.Model):
    """What the customer contests of what the current company claims, how often, and
    how often it was wrong: pretexts show."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_dispute_ids = Ours("dunning.dispute", "partner_id", groups=READERS)
    dunning_dispute_count = fields.Integer(
        string="Open Disputes", compute="_compute_dunning_disputes", groups=READERS
    )
    dunning_dispute_amount = fields.Monetary(
        string="In Dispute",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_disputes",
        groups=READERS,
        help="In open disputes, in company currency.",
    )
    dunning_dispute_total = fields.Integer(
        string="Disputes over 12 Months",
        compute="_compute_dunning_disputes",
        groups=READERS,
        help="Those of the last 12 months, and older ones that are still open.",
    )
    dunning_dispute_rejected_share = fields.Integer(
        string="Rejected Disputes (%)",
        compute="_compute_dunning_disputes",
        groups=READERS,
        help="Of the disputes of the last 12 months on which somebody has decided.",
    )
    dunning_dispute_reason_id = fields.Many2one(
        "dunning.reason",
        string="Most Frequent Reason",
        compute="_compute_dunning_disputes",
        groups=READERS,
        help="Of the disputes of the last 12 months.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dunning_dispute_ids.state", "dunning_dispute_ids.reason_id")
    @api.depends_context("company")
    def _compute_dunning_disputes(self):
        since = self.env.company._dunning_today() - relativedelta(months=HABIT_MONTHS)
        groups = self.env["dunning.dispute"]._read_group(
            [
                ("partner_id", "in", self._origin.ids),
                ("company_id", "=", self.env.company.id),
                "|",
                ("date", ">=", since),
                ("state", "in", OPEN_STAGES),
            ],
            ["partner_id", "state", "reason_id"],
            ["__count", "amount_company:sum"],
        )
        by_partner = defaultdict(list)
        for partner, *group in groups:
            by_partner[partner].append(group)
        for partner in self:
            partner.update(
                self._dunning_get_dispute_figures(by_partner[partner._origin])
            )

    @api.model
    def _dunning_get_dispute_figures(self, groups):
        """Return the figures of one customer.

        :param groups: stage, reason, number and amount of its disputes
        """
        stages, reasons, amount = {}, {}, 0
        for stage, reason, count, disputed in groups:
            stages[stage] = stages.get(stage, 0) + count
            reasons[reason] = reasons.get(reason, 0) + count
            amount += disputed if stage in OPEN_STAGES else 0
        decided = sum(
            stages.get(stage, 0) for stage in ("accepted", "corrected", "rejected")
        )
        return {
            "dunning_dispute_count": sum(stages.get(x, 0) for x in OPEN_STAGES),
            "dunning_dispute_amount": amount,
            "dunning_dispute_total": sum(stages.values()),
            "dunning_dispute_rejected_share": (
                round(100 * stages.get("rejected", 0) / decided) if decided else 0
            ),
            "dunning_dispute_reason_id": max(reasons, key=reasons.get, default=False),
        }

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_disputes(self):
        """Open the disputes of the customer, open or closed."""
        self.ensure_one()
        return self._dunning_open_window("action_dispute")
