from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Days after which an arrival says nothing any more, whatever the settings.
FORGOTTEN_DAYS = 366


class DunningInvoiceArrival(models.Model):
    """Since when the customer has an invoice that came late: posted or sent when its
    first reminder was near, or its due date over. Its first contact leaves the
    customer some days (``dunning_first_contact_days`` of the company).

    Kept beside the ledger, which knows neither day, and only of invoices for which it
    makes a difference.
    """

    _name = "dunning.invoice.arrival"
    _description = "Arrival of a Late Invoice"
    _log_access = False
    _rec_name = "move_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date = fields.Date(required=True, readonly=True)

    # === Constraints and indexes === #
    _move_uniq = models.UniqueIndex("(move_id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _record(self, moves: models.BaseModel) -> None:
        """Note that invoices reach their customers today, if that is late.

        :param moves: entries that have just been posted, or sent for the first time
        """
        for company, invoices in moves.grouped("company_id").items():
            today = company._dunning_today()
            days = company.dunning_first_contact_days
            lead = self.env["dunning.plan"]._get_lead_days()
            late = invoices._dunning_filter_due_before(
                today + timedelta(days=days + lead)
            )
            if days and late:
                self._write_arrivals(late, today)

    @api.model
    def _write_arrivals(self, moves, date):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_invoice_arrival (move_id, date)
                SELECT UNNEST(%s), %s
           ON CONFLICT (move_id)
             DO UPDATE SET date = EXCLUDED.date
                """,
                moves.ids,
                date,
            )
        )
        self.invalidate_model()

    @api.autovacuum
    def _gc_old(self):
        """Forget the invoices that have arrived long ago."""
        before = fields.Date.subtract(fields.Date.today(), days=FORGOTTEN_DAYS)
        self.env.cr.execute(
            SQL("DELETE FROM dunning_invoice_arrival WHERE date < %s", before)
        )
        self.invalidate_model()
