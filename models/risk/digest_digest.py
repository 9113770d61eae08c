from odoo import fields, models
from odoo.fields import Domain

from ...tools.words import READERS


class DigestDigest(models.Model):
    """Who came on the watch list, in the e-mails that Odoo sends at intervals."""

    _inherit = "digest.digest"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    kpi_dunning_watched = fields.Boolean(
        "New on the Watch List", copy=False, groups=READERS
    )
    kpi_dunning_watched_value = fields.Integer(
        compute="_compute_kpi_dunning_watched_value", groups=READERS
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_kpi_dunning_watched_value(self):
        for digest, company, start, end in self._dunning_get_periods():
            domain = self._dunning_get_kpi_domain(company) & Domain(
                [("date", ">", start), ("date", "<=", end)]
            )
            watches = self.env["dunning.watch"]
            digest.kpi_dunning_watched_value = watches.search_count(domain)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _compute_kpis_actions(self, company, user):
        # EXTENDS 'digest'
        menu = f"?menu_id={self.env.ref('account_dunning.menu_root').id}"
        return super()._compute_kpis_actions(company, user) | {
            "kpi_dunning_watched": f"account_dunning.action_watch{menu}"
        }
