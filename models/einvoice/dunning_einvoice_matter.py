from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...tools.einvoice_codes import get_name, get_names
from ...tools.einvoice_state import RECEIVED, TOPICS
from ...tools.words import COLLECTORS
from .dunning_einvoice_effect import EFFECTS, UNKNOWN

ACTIVITY_TYPE = "account_dunning.activity_type_einvoice"
REASON = "account_dunning.reason_einvoice"

TOPIC_NAMES = {
    "cancellation": "Cancelled",
    "delivery": "Never Delivered",
    "contest": "Contested",
    "suspension": "Something Is Missing",
    "payee": "Paid to Somebody Else",
    "payment": "Payment Announced",
    "received": "Payment Reported",
    "approval": "Approved",
    "task": "To Be Looked At",
}
STATES = [
    ("open", "Open"),
    ("decided", "Decided by Us"),
    ("settled", "Settled"),
    ("ended", "Holds No More"),
]


class DunningEinvoiceMatter(models.Model):
    """What holds between a buyer and us about one invoice, of all that its platform has
    said: contested, suspended, paid, never delivered, and what dunning has made of it.

    How it works: whenever something is said, or the ledger changes, what holds is
    worked out anew from all statuses (``tools/einvoice_state.py``), and the matters of
    the invoice are brought in line with it (``dunning_einvoice_matter_sync``): each
    effect (``dunning.einvoice.effect``) makes, changes or takes back a dispute, a hold,
    a promise or a task. A matter is known again by the statuses that say so, so that
    nothing is made twice, and what people have decided stands.
    """

    _name = "dunning.einvoice.matter"
    _description = "What a Buyer Says of an E-Invoice"
    _inherit = ["dunning.protected", "mail.thread", "mail.activity.mixin"]
    _order = "date_said desc, id desc"
    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", related="move_id.commercial_partner_id"
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    event_ids = fields.Many2many(
        "dunning.einvoice.event",
        "dunning_einvoice_matter_event_rel",
        "matter_id",
        "event_id",
        string="Statuses",
        readonly=True,
    )

    # === What holds === #
    topic = fields.Selection(
        [(topic, TOPIC_NAMES[topic]) for topic in TOPICS],
        string="What",
        required=True,
        readonly=True,
    )
    code = fields.Char(string="Status Code", readonly=True)
    reason_codes = fields.Char(readonly=True)
    status_name = fields.Char(string="Status", compute="_compute_names")
    reason_names = fields.Char(string="Reasons of the Buyer", compute="_compute_names")
    reason_text = fields.Text(string="Buyer's Words", readonly=True)
    amount = fields.Monetary(readonly=True, help="0 for all of the invoice.")
    date = fields.Datetime(string="Since", required=True, readonly=True)
    date_said = fields.Datetime(string="Said Last on", readonly=True)
    date_payment = fields.Date(string="Paid on", readonly=True)

    # === What was made of it === #
    effect = fields.Selection(EFFECTS, required=True, readonly=True)
    rule_id = fields.Many2one(
        "dunning.einvoice.rule", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        STATES,
        string="Stage",
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    date_closed = fields.Datetime(string="Closed on", readonly=True)
    dispute_id = fields.Many2one(
        "dunning.dispute", readonly=True, index="btree_not_null", ondelete="set null"
    )
    is_adopted = fields.Boolean(
        readonly=True, help="The dispute had been recorded by somebody before."
    )
    amount_made = fields.Monetary(
        readonly=True,
        help="In dispute or promised, as it was made: people may have changed it.",
    )
    promise_id = fields.Many2one(
        "dunning.promise", readonly=True, index="btree_not_null", ondelete="set null"
    )
    hold_ids = fields.One2many(
        "dunning.hold", "einvoice_matter_id", string="Holds", readonly=True
    )
    ended_hold_ids = fields.Many2many(
        "dunning.hold",
        "dunning_einvoice_matter_ended_rel",
        "matter_id",
        "hold_id",
        string="Holds Ended by It",
        readonly=True,
    )
    problem = fields.Char(
        readonly=True, help="Why nothing could be made of it, in words."
    )
    signature = fields.Char(readonly=True, help="What was said last, in short.")
    applied = fields.Char(readonly=True, help="For what it was done.")
    is_fresh = fields.Boolean(compute="_compute_is_fresh")
    made_text = fields.Char(string="What Dunning Makes of It", compute="_compute_made")

    # === Constraints and indexes === #
    _open_idx = models.Index("(company_id, topic) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("code", "reason_codes")
    @api.depends_context("lang")
    def _compute_names(self):
        for matter in self:
            lang = self.env.lang
            matter.status_name = get_name(matter.code or "", lang)
            matter.reason_names = get_names(
                (matter.reason_codes or "").split(","), lang
            )

    @api.depends("applied", "signature", "effect")
    def _compute_is_fresh(self):
        for matter in self:
            effect = matter._get_effect()
            matter.is_fresh = matter.applied != effect._get_mark(matter)

    @api.depends("move_id", "topic")
    @api.depends_context("lang")
    def _compute_display_name(self):
        topics = dict(self._fields["topic"]._description_selection(self.env))
        for matter in self:
            # Who reads the matter reads of which invoice it is.
            matter_sudo = matter.sudo()
            number = matter_sudo.move_id.name
            matter.display_name = f"{number} – {topics.get(matter.topic, '')}"

    @api.depends(
        "state",
        "effect",
        "event_ids",
        "dispute_id",
        "promise_id",
        "hold_ids",
        "problem",
        "applied",
    )
    @api.depends_context("lang")
    def _compute_made(self):
        for matter in self:
            matter.made_text = matter._tell_matter()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_invoice(self):
        """Open the invoice."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()

    def action_open_made(self):
        """Open the dispute, the promise or the hold that was made of it.

        :raise UserError: nothing was made that could be opened
        """
        self.ensure_one()
        self.check_access("read")
        made = self._get_effect()._get_made(self)
        if not made:
            raise UserError(self.env._("Nothing was made of it that could be opened."))
        return made.get_formview_action()

    def action_resume(self):
        """Dun the invoices again although the buyer's status holds: what was to be done
        is done. They are held again only when something else is said.

        :return: True
        :raise UserError: nothing is on hold because of it
        """
        self.check_access("read")
        holds = self._get_active_holds()
        if not holds:
            raise UserError(
                self.env._(
                    "No hold keeps these invoices out: settle the dispute or the "
                    "promise itself."
                )
            )
        holds.action_release()
        # What follows from a decision is written by the system.
        matters_sudo = self.sudo()
        matters_sudo._drop_tasks()
        matters_sudo._write_state("decided")
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @property
    def _mail_post_access(self):
        """What right it takes to write about a matter: nobody changes it, but who works
        on it notes and plans what is to be done."""
        return "read" if self.env.user.has_group(COLLECTORS) else "write"

    def _get_effect(self) -> models.AbstractModel:
        """Return what is made of the matter; a task where its effect is gone."""
        effects = self.env["dunning.einvoice.effect"]
        effect = effects._of(self.effect)
        return effects._of(UNKNOWN) if effect is None else effect

    def _forget_strangers(self) -> None:
        """Let go of statuses that are not about the invoice any more."""
        for matter in self:
            strangers = matter.event_ids.filtered(
                lambda event, move=matter.move_id: event.move_id != move
            )
            if strangers:
                matter.event_ids = [Command.unlink(event.id) for event in strangers]

    def _is_void(self) -> bool:
        """Return whether no status says so any more, nor the ledger."""
        self.ensure_one()
        return not self.event_ids and self.topic != RECEIVED

    def _get_active_holds(self) -> models.BaseModel:
        """Return the holds that were made and are not released."""
        return self.hold_ids.filtered(lambda hold: not hold.date_released)

    def _get_reason(self) -> models.BaseModel:
        """Return our reason for it: that of its rule, else that the buyer says so."""
        company = self.company_id
        own = self.rule_id.reason_id
        if own and (not own.company_id or own.company_id in company.parent_ids):
            return own
        reasons = self.env["dunning.reason"]
        return self.env.ref(REASON, raise_if_not_found=False) or reasons.search(
            [("company_id", "=", False)], limit=1
        )

    def _get_day(self):
        """Return the day since which it is said, where the company is."""
        return self.event_ids.browse()._get_day_of(self.company_id, self.date)

    def _get_workers(self) -> dict:
        """Return who looks after the customer of each matter: dict of matter to user,
        none where nobody can."""
        found = {}
        for company, matters in self.grouped("company_id").items():
            workers = company._dunning_get_workers()
            for matter in matters:
                partner = matter.move_id.commercial_partner_id.with_company(company)
                worker = workers.find(partner.dunning_user_id.id) or workers.standby
                found[matter] = self.env["res.users"].browse(worker or ())
        return found

    def _get_deadlines(self, days: dict) -> dict:
        """Return until when something is to be done about each matter.

        :param days: dict of matter to number of working days
        """
        found = {}
        matters = self.browse(matter.id for matter in days)
        for company, own in matters.grouped("company_id").items():
            known = company._dunning_get_working_days({days[matter] for matter in own})
            found |= {matter: known[days[matter]] for matter in own}
        return found

    def _note_states(self) -> None:
        """Note how matters that hold stand, after what was made of them has changed."""
        for matter in self.filtered(lambda matter: matter.state != "ended"):
            matter._write_state(matter._get_effect()._get_state(matter))

    def _write_state(self, state: str) -> None:
        """Note how the matters stand."""
        changed = self.filtered(lambda matter: matter.state != state)
        closed = state != "open" and fields.Datetime.now()
        changed.write({"state": state, "date_closed": closed})

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TASKS
    # ------------------------------------------------------------------

    def _get_tasks(self) -> models.BaseModel:
        """Return the activities that are still to be done."""
        return self.activity_search([ACTIVITY_TYPE])

    def _is_asked(self) -> bool:
        """Return whether somebody still has to do something: where nobody could be
        asked, too."""
        self.ensure_one()
        return bool(self._get_tasks()) or not self._get_workers()[self]

    def _drop_tasks(self) -> None:
        """Ask nobody any more."""
        self._get_tasks().unlink()

    def _ask_collectors(self) -> None:
        """Ask who looks after the customers to do what their effects say."""
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        if not activity_type:
            # Who has deleted it does not want any.
            return
        self._drop_tasks()
        values = []
        deadlines = self._get_deadlines(
            {m: m.rule_id.days if m.topic != "payment" else 0 for m in self}
        )
        for matter, user in self._get_workers().items():
            if not user:
                continue
            told = matter.with_context(lang=user.lang)
            values.append(
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": matter.id,
                    "activity_type_id": activity_type.id,
                    "summary": told._get_effect()._get_task(told),
                    "note": told._get_description(),
                    "date_deadline": deadlines[matter],
                    "user_id": user.id,
                    "automated": True,
                }
            )
        # Collectors are not mailed about each status: they have their agenda.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            values
        )
