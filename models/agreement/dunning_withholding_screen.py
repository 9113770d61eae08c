from odoo import api, fields, models

from ...tools.text import is_told


class DunningWithholding(models.AbstractModel):
    """What screens show of promises and disputes alike."""

    _inherit = "dunning.withholding"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        string="Amount in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
        help="At the rate of the day on which it was recorded.",
    )
    notice_count = fields.Integer(string="Written", compute="_compute_notice_count")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("amount", "currency_id", "company_id")
    def _compute_amount_company(self):
        for record in self:
            day = record.create_date or fields.Datetime.now()
            record.amount_company = record.currency_id._convert(
                record.amount,
                record.company_id.currency_id,
                record.company_id,
                day.date(),
            )

    @api.depends("notice_ids")
    def _compute_notice_count(self):
        for record in self:
            record.notice_count = len(record.notice_ids)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_items(self):
        """Open the invoices that it is about."""
        return self.move_line_ids.move_id._get_records_action(
            name=self.env._("Invoices")
        )

    def action_open_notices(self):
        """Open what was written to the customer about it."""
        return self.notice_ids._get_records_action(name=self.env._("Written"))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_beside(self, *said) -> str | bool:
        """Return the name of the reason where nothing else tells it.

        :param said: texts that stand beside it
        """
        name = self.reason_id.name
        return not is_told(name, *said) and name
