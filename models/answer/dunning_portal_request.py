from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Longer than any key of a form.
MAX_ONCE = 40
# Days for which is kept what nobody has confirmed, and what came out of a comparison.
KEPT_DAYS, RESULT_DAYS = 30, 2


class DunningPortalRequest(models.Model):
    """Answers of customers, as collectors see them: what they have led to, who looks
    after them, and what was decided. A form that is sent twice counts once."""

    _inherit = "dunning.portal.request"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    responsible_id = fields.Many2one(
        "res.users",
        string="Collector",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    decision = fields.Selection(
        [
            ("none", "Nothing to Decide"),
            ("open", "To Decide"),
            ("accepted", "Accepted"),
            ("refused", "Turned Down"),
        ],
        required=True,
        readonly=True,
        default="none",
        copy=False,
    )
    decision_note = fields.Text(string="Told to the Customer", readonly=True)
    decision_date = fields.Date(string="Decided on", readonly=True)
    decision_user_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, ondelete="restrict"
    )
    once = fields.Char(readonly=True, copy=False, help="Key of the form that was sent.")

    results = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        groups=fields.NO_ACCESS,
        help="What came out of a comparison, for the pages that show it.",
    )

    # === What it has led to === #
    promise_id = fields.Many2one("dunning.promise", readonly=True, ondelete="set null")
    dispute_id = fields.Many2one(
        "dunning.dispute", readonly=True, index="btree_not_null", ondelete="set null"
    )
    # What the customer has read is kept as it was.
    own_title = fields.Char(string="Asked For", compute="_compute_own_title")
    hold_id = fields.Many2one("dunning.hold", readonly=True, ondelete="set null")
    action_id = fields.Many2one(
        "dunning.action", string="Task", readonly=True, ondelete="set null"
    )
    activity_id = fields.Many2one(
        "mail.activity", string="Told by", readonly=True, ondelete="set null"
    )
    change_ids = fields.One2many(
        "dunning.portal.change", "request_id", string="Corrections", readonly=True
    )

    # === Constraints and indexes === #
    _sent_once = models.UniqueIndex("(partner_id, company_id, once)")
    _open_idx = models.Index("(company_id, id) WHERE decision = 'open'")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("kind", "title")
    @api.depends_context("lang")
    def _compute_own_title(self):
        for request in self:
            request.own_title = request._get_own_title()

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_unconfirmed(self):
        """Forget what was never confirmed, with its files."""
        until = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        forgotten = self.search([("state", "=", "waiting"), ("date", "<", until)])
        forgotten.attachment_ids.unlink()
        forgotten.unlink()

    @api.autovacuum
    def _gc_results(self):
        """Forget what came out of comparisons: it has the words of customers' books."""
        until = fields.Datetime.now() - timedelta(days=RESULT_DAYS)
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_portal_request
                   SET results = NULL
                 WHERE kind = 'comparison' AND results IS NOT NULL AND date < %s
                """,
                until,
            )
        )
        self.invalidate_model(["results"])

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _submit(self, customer_sudo, user, kind, payload, files=()):
        # EXTENDS 'account_dunning': the same form counts once
        once = str(payload.pop("once", None) or "")[:MAX_ONCE]
        if once and (known_sudo := self._find_sent(customer_sudo, once)):
            return known_sudo
        request_sudo = super()._submit(customer_sudo, user, kind, payload, files)
        if once:
            request_sudo.once = once
            # Two at the same time: the database refuses the second.
            request_sudo.flush_recordset(["once"])
        return request_sudo

    @api.model
    def _find_sent(self, customer_sudo, once):
        """Return what a form that was sent before has led to."""
        return self.with_env(customer_sudo.env).search(
            [
                ("partner_id", "=", customer_sudo.id),
                ("company_id", "=", customer_sudo.env.company.id),
                ("once", "=", once),
            ],
            limit=1,
        )

    def _do(self):
        # EXTENDS 'account_dunning': who looks after the customer has to know
        result = super()._do()
        act = self._get_act()
        self.write(
            {
                "responsible_id": act._get_lasting_user(self.partner_id).id,
                "decision": "open" if act._is_decided_for(self) else "none",
            }
        )
        if act._is_told_for(self):
            self._tell_responsible()
        return result
