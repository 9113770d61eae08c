from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...tools.einvoice_codes import get_name, get_statuses

# Stands for statuses that are not known.
OTHER = "other"


class DunningEinvoiceStatus(models.Model):
    """Where an e-invoice stands in the words of its buyer: what lists of invoices and
    open items show and group by. One narrow row for each invoice of which something was
    said; it can be worked out anew at any time."""

    _name = "dunning.einvoice.status"
    _description = "Where an E-Invoice Stands"
    _inherit = ["dunning.protected"]
    _rec_name = "code"

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
    company_id = fields.Many2one(related="move_id.company_id")
    code = fields.Char(string="Status Code", required=True, readonly=True)
    status = fields.Selection(
        selection="_get_status_selection",
        required=True,
        readonly=True,
        help="The code, as far as it is known.",
    )
    date = fields.Datetime(string="Said on", readonly=True)
    date_received = fields.Datetime(
        string="Certainly Received on",
        readonly=True,
        help="The buyer, or its platform, had the invoice then.",
    )

    # === Constraints and indexes === #
    _move_uniq = models.UniqueIndex("(move_id)")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for status in self:
            status.display_name = get_name(status.code or "", self.env.lang)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_status_selection(self) -> list:
        """Return the statuses that are known, for selection fields."""
        lang = self.env.lang
        known = [(code, f"{code} {get_name(code, lang)}") for code in get_statuses()]
        return [*known, (OTHER, self.env._("Another status"))]

    @api.model
    def _reserve(self, moves) -> None:
        """Let nobody else work out in the meantime what holds of invoices: who does
        waits, and the database has the later of both try again on what is true then."""
        self.flush_model(["move_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE dunning_einvoice_status SET id = id WHERE move_id = ANY(%s)",
                moves.ids,
            )
        )

    @api.model
    def _write_all(self, known: dict) -> None:
        """Note where invoices stand.

        :param known: dict of invoice to what is known of it
        """
        moves = self.env["account.move"].concat(*known)
        there = {
            row.move_id: row for row in self.search([("move_id", "in", moves.ids)])
        }
        new = []
        for move, found in known.items():
            state = found.state
            row = there.get(move, self.browse())
            if not state.headline:
                row.unlink()
                continue
            values = {
                "code": state.headline.code,
                "status": self._get_status(state.headline.code),
                "date": state.headline.when,
                "date_received": state.received or False,
            }
            if not row:
                new.append({"move_id": move.id, **values})
            elif changed := {n: v for n, v in values.items() if row[n] != v}:
                row.write(changed)
        try:
            self.create(new)
        except UniqueViolation as error:
            # Two statuses of it came at the same moment: whoever tries again sees both.
            raise ConcurrencyError("e-invoice status received twice") from error
        # Nothing tells the ORM that invoices show it.
        moves.invalidate_recordset(
            [name for name in moves._fields if name.startswith("dunning_einvoice_")],
            flush=False,
        )

    def _get_received_day(self):
        """Return the day since which the buyer certainly has the invoice."""
        events = self.env["dunning.einvoice.event"]
        return events._get_day_of(self.company_id, self.date_received)

    @api.model
    def _get_status(self, code):
        return code if code in get_statuses() else OTHER

    @api.model
    def _filter_known(self, moves) -> models.BaseModel:
        """Return the invoices of which something was said: most are not, and payments
        wait for the answer."""
        if not moves:
            return moves
        self.flush_model(["move_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT move_id FROM dunning_einvoice_status WHERE move_id = ANY(%s)",
                moves.ids,
            )
        )
        return moves.browse(id_ for (id_,) in rows)
