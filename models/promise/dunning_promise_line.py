from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools.promises import Standing

STATES = [
    ("open", "Running"),
    ("kept", "Kept"),
    ("partly_kept", "Partly Kept"),
    ("broken", "Broken"),
    ("void", "Void"),
    ("withdrawn", "Withdrawn"),
    ("renegotiated", "Renegotiated"),
]

STANDING_FIELDS = [
    "state",
    "amount_received",
    "amount_credited",
    "amount_in_time",
    "amount_ahead",
]


class DunningPromiseLine(models.Model):
    """One dated amount of a promise: an instalment."""

    _name = "dunning.promise.line"
    _description = "Promised Payment"
    _inherit = ["dunning.protected"]
    _order = "date, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    promise_id = fields.Many2one(
        "dunning.promise", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="promise_id.company_id")
    currency_id = fields.Many2one(related="promise_id.currency_id")
    date = fields.Date(required=True)
    date_limit = fields.Date(
        string="In Time Until",
        compute="_compute_date_limit",
        store=True,
        precompute=True,
        help="Last day of the tolerance; on a day off, the next working day. As the "
        "calendar was when it was agreed.",
    )
    amount = fields.Monetary(required=True)
    amount_received = fields.Monetary(string="Received", readonly=True, copy=False)
    amount_credited = fields.Monetary(
        string="Credited",
        readonly=True,
        copy=False,
        help="Needs not be paid any more: credit notes, write-offs, money that was "
        "there before the promise.",
    )
    amount_in_time = fields.Monetary(
        string="Received in Time", readonly=True, copy=False
    )
    amount_ahead = fields.Monetary(
        string="Dated in the Future",
        readonly=True,
        copy=False,
        help="Entered already, and counted on its day.",
    )
    amount_left = fields.Monetary(
        string="Still to Come",
        compute="_compute_amount_left",
        store=True,
        help="While the instalment is open.",
    )
    state = fields.Selection(
        STATES,
        string="Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
    )

    # === Constraints and indexes === #
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A promised amount must be more than zero."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date", "promise_id.tolerance_days")
    def _compute_date_limit(self):
        for line in self:
            promise = line.promise_id
            line.date_limit = line.date and promise.company_id._dunning_get_last_day(
                line.date, promise.tolerance_days
            )

    @api.depends("amount", "amount_received", "amount_credited", "state")
    def _compute_amount_left(self):
        for line in self:
            line.amount_left = line._get_standing().get_left(line.amount)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': with its promise, never added to one that runs
        for vals in vals_list:
            self._check_new_values(vals)
            self._check_positive(vals)
        lines = super().create(vals_list)
        lines._check_being_made()
        return lines

    def write(self, vals):
        # EXTENDS 'base': set by the system once it is there
        self._check_editable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_being_made()

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return set() if self else {"promise_id", "date", "amount"}

    def _write_standings(self, standings):
        """Write what has become of instalments: in one statement, for a bank import may
        settle thousands.

        :param standings: dict of line id to :class:`Standing`; the others stay
        """
        changed = self.filtered(
            lambda line: (
                standings.get(line.id, line._get_standing()) != line._get_standing()
            )
        )
        if not changed:
            return
        self.flush_model()
        rows = []
        for line in changed:
            standing = standings[line.id]
            left = line.currency_id.round(standing.get_left(line.amount))
            rows.append((line.id, *standing, left))
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_promise_line line
                   SET state = new.state,
                       amount_received = new.received,
                       amount_credited = new.credited,
                       amount_in_time = new.in_time,
                       amount_ahead = new.ahead,
                       amount_left = new.remaining,
                       write_uid = %s,
                       write_date = %s
                  FROM UNNEST(
                           %s, %s, %s::numeric[], %s::numeric[], %s::numeric[],
                           %s::numeric[], %s::numeric[]
                       )
                       AS new(
                           id, state, received, credited, in_time, ahead, remaining
                       )
                 WHERE line.id = new.id
                """,
                self.env.uid,
                self.env.cr.now(),
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        changed.invalidate_recordset([*STANDING_FIELDS, "amount_left"], flush=False)
        with self.env.protecting([self._fields["amount_left"]], changed):
            changed.modified([*STANDING_FIELDS, "amount_left"])

    def _get_standing(self):
        return Standing(*(self[name] for name in STANDING_FIELDS))

    @api.model
    def _check_positive(self, vals):
        # Said before the database says so: what follows would be an error.
        promise = self.env["dunning.promise"].browse(vals.get("promise_id"))
        amount = vals.get("amount") or 0
        if promise.currency_id:
            amount = promise.currency_id.round(amount)
        if amount <= 0:
            raise ValidationError(
                self.env._("A promised amount must be more than zero.")
            )

    def _check_being_made(self):
        """Refuse to change what was agreed.

        :raise UserError: a promise is made already
        """
        if self.promise_id.filtered("date"):
            raise UserError(
                self.env._(
                    "What was promised cannot be changed: make a new promise, which "
                    "renegotiates it."
                )
            )
