from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.words import READERS


class ResPartner(models.Model):
    """Customers whose collector cannot work any more, or who have none at all; and who
    does the work meanwhile."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_is_unassigned = fields.Boolean(
        string="Needs a Collector",
        compute="_compute_dunning_is_unassigned",
        search="_search_dunning_is_unassigned",
        groups=READERS,
        help="The collector was archived, works in another company or has lost the "
        "rights: somebody else does the work, and somebody should be chosen.",
    )

    dunning_stand_in_id = fields.Many2one(
        "res.users",
        string="Stands In",
        compute="_compute_dunning_stand_in_id",
        groups=READERS,
        help="Does the work of the collector, who is away or cannot do it any more.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dunning_user_id")
    @api.depends_context("company")
    def _compute_dunning_stand_in_id(self):
        workers = self.env.company._dunning_get_workers()
        for partner in self:
            collector = partner.dunning_collector_id
            worker = collector.browse(workers.find(collector.id or None))
            partner.dunning_stand_in_id = worker - collector

    @api.depends("dunning_user_id")
    @api.depends_context("company")
    def _compute_dunning_is_unassigned(self):
        able = self.env.company._dunning_get_workers().able
        for partner in self:
            partner.dunning_is_unassigned = partner.dunning_collector_id.id not in able

    # ------------------------------------------------------------------
    # SEARCH METHODS
    # ------------------------------------------------------------------

    def _search_dunning_is_unassigned(self, operator, value):
        self._dunning_check_searchable("dunning_is_unassigned")
        if operator != "in":
            return NotImplemented
        workers = self.env.company._dunning_get_workers()
        able = list(workers.able)
        assigned = Domain("dunning_user_id", "in", able)
        if workers.default in workers.able:
            assigned |= Domain("dunning_user_id", "=", False)
        found = Domain.FALSE
        if True in value:
            found |= ~assigned
        if False in value:
            found |= assigned
        return found
