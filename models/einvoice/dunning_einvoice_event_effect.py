from datetime import datetime

from odoo import api, fields, models


class DunningEinvoiceEvent(models.Model):
    """What dunning makes of what was said."""

    _inherit = "dunning.einvoice.event"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    matter_ids = fields.Many2many(
        "dunning.einvoice.matter",
        "dunning_einvoice_matter_event_rel",
        "event_id",
        "matter_id",
        string="What Follows",
        readonly=True,
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account_dunning': an invoice of which it is not said after all is as
        # if it never had been
        if not {"move_id", "state"} & vals.keys():
            return super().write(vals)
        assigned = self.filtered(lambda event: event.state == "assigned")
        before = assigned.move_id
        result = super().write(vals)
        now = self.filtered(lambda event: event.state == "assigned").move_id
        if left := before - now:
            self.env["dunning.einvoice.matter"]._bring_in_line(left)
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self):
        # EXTENDS 'account_dunning'
        result = super()._apply()
        self.env["dunning.einvoice.matter"]._bring_in_line(self.move_id)
        return result

    def _get_day(self):
        """Return the day on which it was said, where the company is."""
        self.ensure_one()
        return self._get_day_of(self.company_id, self.date)

    @api.model
    def _get_day_of(self, company: models.BaseModel, moment: datetime):
        """Return the day of a moment, where a company is."""
        return company._dunning_get_local(moment).date()
