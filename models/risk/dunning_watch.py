from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..base.dunning_entered import accepts
from .dunning_watch_rule import EFFECTS

# What people say of somebody they watch.
EDITABLE_FIELDS = {"effect", "reason", "note", "date_end"}


class DunningWatch(models.Model):
    """A customer is watched: since when, until when, why, by a rule or by hand, and
    what follows from it. Those that are over are the history and stay as they are."""

    _name = "dunning.watch"
    _description = "Customer on the Watch List"
    _inherit = ["dunning.protected"]
    _rec_name = "partner_id"
    _order = "date_closed DESC NULLS FIRST, date desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    rule_id = fields.Many2one(
        "dunning.watch.rule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    effect = fields.Selection(
        EFFECTS, required=True, default="alert", help="What follows from it."
    )
    reason = fields.Char(required=True)
    note = fields.Text()
    date = fields.Date(
        string="Since",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    date_end = fields.Date(
        string="Until", help="Last day; empty, until somebody or the rule takes it off."
    )
    date_closed = fields.Date(string="Taken off on", readonly=True, copy=False)
    closed_by = fields.Selection(
        [
            ("user", "By Hand"),
            ("rule", "The Rule Does Not Hold Any More"),
            ("expired", "Its Time Was Over"),
        ],
        string="Taken off",
        readonly=True,
        copy=False,
    )
    closed_user_id = fields.Many2one(
        "res.users",
        string="Taken off by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    is_open = fields.Boolean(
        string="On the List", compute="_compute_is_open", search="_search_is_open"
    )

    # === Constraints and indexes === #
    # Not unique: what customers that are merged had on the list both stays.
    _open_idx = models.Index(
        "(company_id, partner_id, rule_id) WHERE date_closed IS NULL"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date_closed")
    def _compute_is_open(self):
        for watch in self:
            watch.is_open = not watch.date_closed

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = fields.Domain("date_closed", "=", False)
        return found if True in value else ~found

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("date_end")
    def _check_date_end(self):
        for watch in self:
            if watch.date_end and watch.date_end < watch.date:
                raise ValidationError(
                    self.env._("Nobody leaves the watch list before joining it.")
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        self._check_new(vals_list)
        watches = super().create(vals_list)
        watches._ask_approval()
        return watches

    def write(self, vals):
        # EXTENDS 'base': what is over stays as it was
        self._check_editable(vals)
        if not self.env.su and any(watch.date_closed for watch in self):
            raise UserError(
                self.env._("Who has left the watch list is history: put them on again.")
            )
        result = super().write(vals)
        if vals.get("effect"):
            self._ask_approval()
        return result

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        if not self:
            return EDITABLE_FIELDS | {"partner_id", "company_id"}
        return EDITABLE_FIELDS

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts()
    def action_close(self) -> bool:
        """Take customers off the list. A rule that still holds puts them on again.

        :raise UserError: one is off already
        """
        self.check_access("write")
        if any(watch.date_closed for watch in self):
            raise UserError(self.env._("This customer is off the watch list already."))
        self._close("user")
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_effect(self) -> str:
        """Return what follows from being on the list, why and since when, of each
        entry."""
        effects = dict(self._fields["effect"]._description_selection(self.env))
        return "; ".join(
            self.env._(
                "%(effect)s: %(reason)s (since %(date)s)",
                effect=effects[watch.effect],
                reason=watch.reason,
                date=format_date(self.env, watch.date),
            )
            for watch in self
        )

    def _close(self, cause):
        """Take customers off the list.

        :param cause: see ``closed_by``
        """
        user = self.env.user._dunning_get_staff()
        # Users may not write how it ended.
        for company, watches_sudo in self.sudo().grouped("company_id").items():
            watches_sudo.write(
                {
                    "date_closed": company._dunning_today(),
                    "closed_by": cause,
                    "closed_user_id": user.id if cause == "user" else False,
                }
            )

    @api.model
    def _close_expired(self, company):
        """Take off those of a company whose time is over."""
        self.search(
            [
                ("company_id", "=", company.id),
                ("date_closed", "=", False),
                ("date_end", "<", company._dunning_today()),
            ]
        )._close("expired")

    @api.model
    def _get_approved_query(self, company) -> SQL:
        """Return SQL giving the customers of whom what goes out has to be validated."""
        return SQL(
            """
            SELECT partner_id
              FROM dunning_watch
             WHERE company_id = %s
               AND date_closed IS NULL
               AND effect = 'approve'
            """,
            company.id,
        )

    def _ask_approval(self):
        """Have what was about to go out by itself wait for somebody's approval."""
        asking = self.filtered(lambda w: w.effect == "approve" and not w.date_closed)
        # Whoever watches somebody need not plan what goes out.
        actions_sudo = self.env["dunning.action"].sudo()
        for company, watches in asking.grouped("company_id").items():
            actions_sudo.search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", watches.partner_id.ids),
                    ("state", "=", "todo"),
                    ("execution", "=", "automatic"),
                ]
            )._send_back_unapproved()

    def _tell(self):
        """Tell the collectors of who is new on the list, once."""
        for company, watches in self.grouped("company_id").items():
            reasons = {watch.partner_id.id: watch.reason for watch in watches}
            company._dunning_tell_collectors(
                watches.partner_id,
                company._dunning_today(),
                lambda env, partner, reasons=reasons: env._(
                    "On the watch list: %s", reasons[partner.id]
                ),
                lambda env, count: env._(
                    "%s customers are new on the watch list", count
                ),
            )
