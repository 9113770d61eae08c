import json

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningWorkbook(models.Model):
    """A workbook of what somebody looked for in the list of the aged balance: the
    condition is kept, and asked again under the rights of the author."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    domain = fields.Char(readonly=True, help="Only what was looked for in the list.")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_filter_sql(self, companies) -> SQL | None:
        """Return SQL giving the journal items that were looked for, None for all."""
        if not self.domain:
            return None
        balance = self.env["dunning.aged.balance"].with_context(
            allowed_company_ids=companies.ids,
            dunning_balance_date=fields.Date.to_string(self.date),
            dunning_balance_by=self.by,
            dunning_balance_netted=self.credits == "netted",
        )
        return balance._search(Domain(json.loads(self.domain))).subselect()
