from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import legal_clock
from ...tools.legal_clock import Act
from ...tools.litigation import OPEN_LITIGATION

ACTIVITY = "account_dunning.activity_type_deadline"
# An insurer is told so many days ahead.
INSURER_NOTICE = 15


class DunningLitigationDeadline(models.Model):
    """A day by which something is to be done in a litigation. Written by the system
    from the acts and the rules; kept as it was when the rules change."""

    _name = "dunning.litigation.deadline"
    _description = "Deadline of a Litigation"
    _inherit = ["dunning.protected"]
    _order = "date, id"
    _rec_names_search = ["rule_id"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    litigation_id = fields.Many2one(
        "dunning.litigation",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="litigation_id.company_id")
    partner_id = fields.Many2one(related="litigation_id.partner_id", store=True)
    rule_id = fields.Many2one(
        "dunning.deadline.rule", readonly=True, ondelete="restrict"
    )
    act_id = fields.Many2one(
        "dunning.litigation.act",
        string="Counts from",
        readonly=True,
        ondelete="restrict",
    )
    name = fields.Char(compute="_compute_name")
    date = fields.Date(string="No Later Than", required=True, readonly=True)
    date_notice = fields.Date(string="Told on", readonly=True)
    met_act_id = fields.Many2one(
        "dunning.litigation.act", string="Met by", readonly=True, ondelete="restrict"
    )
    is_dropped = fields.Boolean(
        string="No Longer", readonly=True, help="What it counted from was cancelled."
    )
    state = fields.Selection(
        [
            ("open", "Running"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("void", "Dropped"),
        ],
        string="Status",
        compute="_compute_state",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("rule_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for deadline in self:
            deadline.name = deadline.rule_id.name or self.env._(
                "Declare the claim to the insurer"
            )

    @api.depends("name", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for deadline in self:
            deadline.display_name = deadline.name

    @api.depends("date", "met_act_id", "is_dropped")
    def _compute_state(self):
        for deadline in self:
            if deadline.is_dropped:
                deadline.state = "void"
            elif deadline.met_act_id:
                late = deadline.met_act_id.date > deadline.date
                deadline.state = "missed" if late else "met"
            else:
                today = deadline.company_id._dunning_today()
                deadline.state = "missed" if deadline.date < today else "open"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_litigation(self) -> dict:
        """Open the litigation in which it runs."""
        self.ensure_one()
        return self.litigation_id.get_formview_action()


class DunningLitigation(models.Model):
    """The legal clock of litigations."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    deadline_ids = fields.One2many(
        "dunning.litigation.deadline", "litigation_id", readonly=True
    )
    date_deadline = fields.Date(
        string="Next Deadline",
        compute="_compute_date_deadline",
        store=True,
        help="The earliest day by which something is still to be done.",
    )
    deadline_name = fields.Char(string="To Be Done", compute="_compute_deadline_name")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "deadline_ids.date",
        "deadline_ids.met_act_id",
        "deadline_ids.is_dropped",
        "state",
    )
    def _compute_date_deadline(self):
        for litigation in self:
            running = litigation._get_running_deadlines()
            litigation.date_deadline = running[:1].date

    @api.depends("date_deadline")
    @api.depends_context("lang")
    def _compute_deadline_name(self):
        for litigation in self:
            litigation.deadline_name = litigation._get_running_deadlines()[:1].name

    def _get_running_deadlines(self):
        """Return what is still to be done, the earliest first."""
        self.ensure_one()
        if self.state not in OPEN_LITIGATION:
            return self.deadline_ids.browse()
        running = self.deadline_ids.filtered(
            lambda deadline: not deadline.is_dropped and not deadline.met_act_id
        )
        return running.sorted(lambda deadline: (deadline.date, deadline.id))

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account_dunning': the clock follows agent, stage, responsible
        result = super().write(vals)
        if {"agent_id", "state", "user_id", "move_line_ids"} & vals.keys():
            self._follow_clock()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _begin(self):
        # EXTENDS 'account_dunning'
        result = super()._begin()
        self._follow_clock()
        return result

    def _follow_clock(self):
        """Bring deadlines and activities in line with what was done."""
        # Deadlines are the system's.
        for litigation_sudo in self.sudo():
            litigation_sudo._sync_deadlines()
            litigation_sudo._sync_activity()

    def _sync_deadlines(self):
        self.ensure_one()
        deadlines = self.deadline_ids
        known = {(d.rule_id.id, d.act_id.id): d for d in deadlines}
        wanted = self._get_wanted_deadlines()
        new = []
        for key, values in wanted.items():
            if key not in known:
                new.append({"litigation_id": self.id, **values})
                continue
            # The day stays as it was, but for what counts from no act.
            fixed = {"met_act_id"} if key[1] else {"met_act_id", "date", "date_notice"}
            known[key].write(
                {name: values[name] for name in fixed} | {"is_dropped": False}
            )
        for key, deadline in known.items():
            if key not in wanted and not deadline.is_dropped:
                deadline.is_dropped = True
        deadlines.create(new)

    def _get_wanted_deadlines(self):
        """Return what the rules ask for: dict of rule and act to values."""
        self.ensure_one()
        acts = self.act_ids.filtered(lambda act: not act.is_cancelled)
        rules = self.env["dunning.deadline.rule"]
        wanted = {}
        for found in legal_clock.get_deadlines(
            rules._get_rules(self.company_id),
            [Act(act.id, act.kind, act.date) for act in acts],
        ):
            rule = rules.browse(found.rule.key)
            wanted[rule.id, found.act.key] = {
                "rule_id": rule.id,
                "act_id": found.act.key,
                "date": found.day,
                "date_notice": found.day - timedelta(days=rule.notice_days),
                "met_act_id": found.met_by.key if found.met_by else False,
            }
        return wanted | self._get_insurer_deadline(acts)

    def _get_insurer_deadline(self, acts):
        """Return the day by which the insurer is to be told: it is the contract's, from
        the oldest due date on."""
        days = self.agent_id.dunning_claim_days
        due = [line.date_maturity for line in self.move_line_ids if line.date_maturity]
        if self.kind != "insurer" or not days or not due:
            return {}
        day = min(due) + timedelta(days=days)
        told = acts.filtered(lambda act: act.kind == "insurer_declared")
        return {
            (False, False): {
                "date": day,
                "date_notice": day - timedelta(days=INSURER_NOTICE),
                "met_act_id": told[:1].id,
            }
        }

    def _sync_activity(self):
        """Have who is responsible told of the next deadline, ahead of time."""
        self.ensure_one()
        running = self._get_running_deadlines()[:1]
        litigation = self.with_context(mail_activity_quick_update=True)
        planned = litigation.activity_search([ACTIVITY])
        user = self.user_id.filtered("active")
        if not running or not user:
            planned.unlink()
            return
        today = self.company_id._dunning_today()
        told = running.with_context(lang=user.lang)
        values = {
            "date_deadline": min(
                max(running.date_notice, today), max(running.date, today)
            ),
            "summary": told.env._(
                "%(what)s by %(day)s",
                what=told.name,
                day=format_date(told.env, running.date),
            ),
            "user_id": user.id,
        }
        if planned:
            planned[:1].write(values)
            return
        day = values.pop("date_deadline")
        litigation.activity_schedule(ACTIVITY, day, **values)


class DunningLitigationAct(models.Model):
    _inherit = "dunning.litigation.act"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow_new(self):
        # EXTENDS 'account_dunning'
        result = super()._follow_new()
        self.litigation_id._follow_clock()
        return result

    def _follow_cancelled(self):
        # EXTENDS 'account_dunning'
        result = super()._follow_cancelled()
        self.litigation_id._follow_clock()
        return result
