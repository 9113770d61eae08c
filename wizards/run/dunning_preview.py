import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, formatLang

# Customers that are planned by one statement, first and later, and how long people wait
# for the first of them, and for some more.
FIRST_BATCH, BATCH_SIZE = 500, 4000
FIRST_SECONDS, NEXT_SECONDS = 1, 2


class DunningPreview(models.TransientModel):
    """The dry run: the plan of any day, without anything being written to it. What
    is left out here is left out of the run that is started from here."""

    _name = "dunning.preview"
    _description = "Dry Run"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env.company._dunning_get_working_day(),
    )
    line_ids = fields.One2many("dunning.preview.line", "preview_id")
    rule_problems = fields.Text(compute="_compute_rule_problems")

    # === How far it is === #
    state = fields.Selection(
        [
            ("filling", "Being Made"),
            ("complete", "Complete"),
            ("stopped", "Stopped"),
        ],
        readonly=True,
    )
    customer_ids = fields.Json(readonly=True, groups="base.group_system")
    customer_count = fields.Integer(readonly=True)
    customer_done = fields.Integer(readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_rule_problems(self):
        for preview in self:
            company = preview.company_id
            scenarios = company and company._dunning_get_scenarios()
            preview.rule_problems = "\n".join(
                self.env._(
                    "%(what)s: %(details)s",
                    what=scenario.name,
                    details=scenario.rule_problem,
                )
                for scenario in scenarios or []
                if scenario.rule_problem
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_preview(self):
        """Plan the day and show each open item with its step or its reason.

        :return: action that opens the plan, grouped by customer
        """
        self.ensure_one()
        self._begin()
        # Few at a time: somebody waits for the first ones.
        self._fill_for(FIRST_SECONDS, FIRST_BATCH)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_preview_line"
        )
        title = self.env._("Dry run of %s", format_date(self.env, self.date))
        return dict(
            action,
            name=title,
            # What the breadcrumb shows first.
            display_name=title,
            domain=[("preview_id", "=", self.id)],
            context={
                "dunning_preview_id": self.id,
                "dunning_preview_startable": self._is_startable(),
                "search_default_contact": 1,
                "search_default_group_partner": 1,
            },
        )

    def fill_next(self) -> dict:
        """Look at some customers more, for about two seconds.

        :return: see :meth:`get_progress`
        """
        self.ensure_one()
        self.check_access("write")
        self._fill_for(NEXT_SECONDS, BATCH_SIZE)
        return self.get_progress()

    def stop_filling(self) -> dict:
        """Look at no more customers: what is shown stays.

        :return: see :meth:`get_progress`
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "filling":
            self._set_progress({"state": "stopped"})
        return self.get_progress()

    @api.readonly
    def get_progress(self) -> dict:
        """Return how far the dry run is.

        :return: dict: ``state``, ``done`` and ``count`` of customers, ``text``
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "state": self.state,
            "done": self.customer_done,
            "count": self.customer_count,
            "text": self._get_progress_text(),
        }

    def _get_progress_text(self):
        done, count = (
            formatLang(self.env, number, digits=0)
            for number in (self.customer_done, self.customer_count)
        )
        match self.state:
            case "filling":
                return self.env._(
                    "%(done)s of %(count)s customers looked at", done=done, count=count
                )
            case "stopped":
                return self.env._(
                    "Stopped after %(done)s of %(count)s customers",
                    done=done,
                    count=count,
                )
        return False

    def action_apply(self):
        """Run the plan, without what was left out.

        :return: action that opens the run
        :raise UserError: the day has passed, or is still to come
        :raise AccessError: the user may not start runs
        """
        self.ensure_one()
        self._check_appliable()
        excluded = self.line_ids.search(
            [("preview_id", "=", self.id), ("excluded", "=", True)]
        )
        run = self.company_id._dunning_run(
            self.date, excluded_lines=excluded.move_line_id
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.run",
            "res_id": run.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _fill(self):
        """Write the plan of all customers."""
        self._begin()
        while self.state == "filling":
            self._fill_batch(BATCH_SIZE)

    def _begin(self):
        """Forget what was shown, and list the customers who are looked at: those with
        most overdue first."""
        self.company_id._dunning_check_allowed()
        self.company_id._dunning_settle()
        # Users may not delete lines themselves: that would not leave an item out.
        self.line_ids.sudo().unlink()
        customers = self.env.execute_query(
            SQL(
                "SELECT partner_id FROM (%s) figures WHERE owes"
                " ORDER BY overdue DESC NULLS LAST, partner_id",
                self.env["dunning.plan.kept.customer"]._get_figures_query(
                    self.company_id._dunning_scope()
                ),
            )
        )
        self._set_progress(
            {
                "customer_ids": [id_ for (id_,) in customers],
                "customer_count": len(customers),
                "customer_done": 0,
                "state": "filling",
            }
        )

    def _set_progress(self, values):
        # Nobody else says how far it is.
        preview_sudo = self.sudo()
        preview_sudo.write(values)

    def _fill_for(self, seconds, size):
        """Write the plan of customer after customer for some seconds.

        :param size: customers at a time
        """
        end = time.monotonic() + seconds
        while self.state == "filling":
            self._fill_batch(size)
            if time.monotonic() >= end:
                break

    def _fill_batch(self, size):
        """Write the plan of some customers more as lines of the dry run; with the first
        ones, that of items without customer."""
        self.company_id._dunning_check_allowed()
        done = self.customer_done
        # Nor is told whom it is about.
        preview_sudo = self.sudo()
        partners = (preview_sudo.customer_ids or [])[done : done + size]
        self.flush_recordset()
        self._insert_lines(
            self.company_id._dunning_scope(
                self.date, partners=partners, unassigned=not done
            )
        )
        done += len(partners)
        is_over = done >= self.customer_count
        state = "complete" if is_over else "filling"
        self._set_progress({"customer_done": done, "state": state})
        self.invalidate_recordset(["line_ids"])

    def _insert_lines(self, scope):
        """Write the plan of some customers as lines, in one statement."""
        self.env.cr.execute(
            SQL(
                """
                WITH plan AS MATERIALIZED (%(plan)s),
                     chosen AS MATERIALIZED (%(chosen)s)
                INSERT INTO dunning_preview_line (
                    preview_id, move_line_id, move_id, partner_id, name, date_due,
                    days_late, currency_id, amount_residual, amount_withheld,
                    company_currency_id, amount_company, scenario_id, reached_id,
                    decision, level_id, date, reason, listed, excluded,
                    contact_kind, contact_level_id, channel, execution, amount_claimed,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(preview)s, id, move_id, partner_id, name, date_due,
                       days_late, currency_id, residual, withheld,
                       %(currency)s, residual_company, scenario_id, reached_id,
                       decision, CASE WHEN decision != 'out' THEN level_id END,
                       date, reason, listed, FALSE,
                       contact_kind, contact_level_id,
                       contact_channel, contact_execution, amount_claimed,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(contacts)s) item
                """,
                preview=self.id,
                currency=self.company_id.currency_id.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
                plan=self.env["dunning.plan"]._get_query(scope),
                chosen=self.env["dunning.run"]._get_chosen_sql(scope),
                contacts=self.line_ids._get_contacts_sql(scope),
            )
        )


class DunningPreviewLine(models.TransientModel):
    _name = "dunning.preview.line"
    _description = "Dry Run Line"
    _inherit = ["dunning.protected", "dunning.numbered"]
    _order = "days_late desc, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    preview_id = fields.Many2one(
        "dunning.preview", required=True, index=True, ondelete="cascade"
    )
    excluded = fields.Boolean(string="Left Out")
    move_line_id = fields.Many2one("account.move.line", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_residual = fields.Monetary(string="Balance", readonly=True, aggregator=None)
    amount_withheld = fields.Monetary(string="On Hold", readonly=True, aggregator=None)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_company = fields.Monetary(
        string="Balance in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    scenario_id = fields.Many2one("dunning.scenario", readonly=True)
    reached_id = fields.Many2one("dunning.level", "Level Reached", readonly=True)
    decision = fields.Selection(
        [("step", "Step Due"), ("later", "Step Later"), ("out", "No Step")],
        readonly=True,
    )
    level_id = fields.Many2one("dunning.level", string="Step", readonly=True)
    date = fields.Date(string="On", readonly=True)
    listed = fields.Boolean(
        readonly=True, help="Told of whenever the customer is written to that day."
    )
    reason = fields.Selection(
        selection=lambda self: self.env["dunning.item"]._get_reason_selection(),
        readonly=True,
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': the plan is written by the system
        for vals in vals_list:
            self.browse()._check_editable(vals)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'base': people leave out, and put back
        self._check_editable(vals)
        return super().write(vals)

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return {"excluded"} if self else set()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Ask whether to run the plan of the dry run that is on the screen, whatever
        is selected.

        :return: action that opens the question
        :raise UserError: the dry run has expired
        """
        preview = self.env["dunning.preview"].browse(
            self.env["dunning.guard"]._get_context_ids("dunning_preview_id")
        )
        if not preview.exists():
            raise UserError(self.env._("The dry run has expired: make it again."))
        return preview.action_confirm()

    def _get_items_of_customers(self):
        return self.search(
            [
                ("preview_id", "in", self.preview_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ]
        )
