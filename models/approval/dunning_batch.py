from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Actions that somebody waits for.
MOST_AT_ONCE = 500
# Days after which a job is forgotten; the letters stay on their actions.
KEPT_DAYS = 30
OPEN = ("waiting", "running")


class DunningBatch(models.Model):
    """Many actions that somebody prints or validates, more than anybody waits for: the
    system does so while they go on working.

    How it works: the job remembers which actions it is about and how far it is. A
    scheduled action takes some of them at a time, with the rights of who asked, each
    part in a transaction of its own (``dunning_batch_work``): it is shown as it goes
    on, no limit of the server cuts it, and whoever is killed loses no more than a part.
    What cannot be done stays where it is, with its reason, and hinders no other.
    """

    _name = "dunning.batch"
    _description = "Bulk Job"
    _inherit = ["dunning.protected"]
    _order = "id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(readonly=True)
    kind = fields.Selection(
        [("print", "Print Letters"), ("validate", "Validate")],
        string="What Is Done",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Done for",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.uid,
        ondelete="cascade",
    )
    company_ids = fields.Many2many("res.company", string="Companies", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "In Progress"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    # No relation: it may be many, of which some are gone when their turn comes.
    action_ids = fields.Json(readonly=True, groups="base.group_system")
    count = fields.Integer(string="Actions", readonly=True)
    position = fields.Integer(string="Dealt with", readonly=True)
    left_count = fields.Integer(string="Left Out", readonly=True)
    progress = fields.Integer(compute="_compute_progress")
    message = fields.Char(readonly=True)
    date_done = fields.Datetime(string="Done on", readonly=True)
    file_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)

    # === Constraints and indexes === #
    _open_idx = models.Index("(id) WHERE state IN ('waiting', 'running')")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("position", "count")
    def _compute_progress(self):
        for batch in self:
            batch.progress = 100 * batch.position // batch.count if batch.count else 0

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        if any(batch.state in OPEN for batch in self):
            raise UserError(
                self.env._("A job is in progress: cancel it before deleting it.")
            )

    @api.autovacuum
    def _gc_batches(self):
        """Forget jobs of a month ago."""
        limit = self.env.cr.now() - timedelta(days=KEPT_DAYS)
        old = Domain("create_date", "<", limit) & Domain("state", "not in", OPEN)
        self.search(old).unlink()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_cancel(self):
        """Stop the jobs; what is done stays done."""
        self.check_access("read")
        # Its state is the system's, whether to go on is for who asked.
        open_sudo = self.sudo().filtered(lambda batch: batch.state in OPEN)
        open_sudo.write({"state": "cancelled", "message": False})

    def action_resume(self):
        """Have jobs go on that failed or were cancelled."""
        self.check_access("read")
        # Its state is the system's, whether to go on is for who asked.
        ended_sudo = self.sudo().filtered(lambda x: x.state in ("failed", "cancelled"))
        ended_sudo.write({"state": "waiting", "message": False})
        self._trigger_work()

    def action_open_left(self) -> dict:
        """Open the actions that were left out.

        :return: action
        """
        self.ensure_one()
        self.check_access("read")
        # Which ones it is about is nobody's to read but by this.
        batch_sudo = self.sudo()
        actions = self.env["dunning.action"].browse(batch_sudo.action_ids or [])
        left = actions.exists().filtered(lambda action: not self._is_dealt_with(action))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Left Out"),
            "res_model": "dunning.action",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", left.ids)],
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _begin(self, kind: str, actions: models.BaseModel) -> models.BaseModel:
        """Have the system deal with actions for who asks.

        :param kind: ``print`` or ``validate``
        :param actions: ``dunning.action`` that they may write
        :return: the job
        """
        actions.check_access("write")
        names = {
            "print": self.env._("Print %s letters", len(actions)),
            "validate": self.env._("Validate %s actions", len(actions)),
        }
        # People do not create jobs but by what they are offered.
        batch_sudo = self.sudo().create(
            {
                "name": names[kind],
                "kind": kind,
                "user_id": self.env.uid,
                "company_ids": self.env.companies.ids,
                "action_ids": actions.ids,
                "count": len(actions),
            }
        )
        self._trigger_work()
        return batch_sudo.sudo(self.env.su)

    def _open(self) -> dict:
        """Return the action that shows the job."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _is_dealt_with(self, action):
        """Return whether the job has done with an action what it was to do."""
        if self.kind == "print":
            return action.state == "done" and bool(action.letter_id)
        return action.state != "to_validate"


class DunningAction(models.Model):
    """Printing more than anybody waits for."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_print(self):
        # EXTENDS 'account_dunning': many are printed while who asks goes on working
        if len(self) <= MOST_AT_ONCE:
            return super().action_print()
        letters = self.filtered(
            lambda action: (
                action.is_letter
                and (
                    action.state in ("todo", "failed")
                    or (action.state == "done" and action.letter_id)
                )
            )
        )
        if len(letters) <= MOST_AT_ONCE:
            return super().action_print()
        return self.env["dunning.batch"]._begin("print", letters)._open()
