from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, split_every

ACTIVITY_BATCH = 1000

# Distinguishes the lock of a run from other advisory locks of the database.
RUN_LOCK = 1_685_417_582

# Tables that a run fills.
FILLED_TABLES = ("dunning_action", "dunning_action_line")

# Growth that changes what the database should know of them: few rows, or the share at
# which PostgreSQL looks again by itself, a minute later.
ANALYZED_GROWTH, ANALYZED_SHARE = 1000, 0.1


class DunningRun(models.Model):
    """What one run did: its actions, counts, and what it left out and why."""

    _name = "dunning.run"
    _description = "Dunning Run"
    _order = "date desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("preview", "Preview"), ("failed", "Failed")],
        string="Status",
        required=True,
        readonly=True,
        default="done",
        help="Preview: the day was still to come, nothing was created.",
    )
    action_ids = fields.One2many("dunning.action", "run_id", readonly=True)
    action_count = fields.Integer(readonly=True)
    item_count = fields.Integer(
        string="Items Stepped",
        readonly=True,
        help="Items that reach a level on their own day. Those that a contact brings "
        "along to its level are among the later ones.",
    )
    later_count = fields.Integer(string="Items Later", readonly=True)
    out_count = fields.Integer(string="Items Out", readonly=True)
    amount = fields.Monetary(readonly=True)
    done_count = fields.Integer(compute="_compute_progress")
    failed_count = fields.Integer(compute="_compute_progress")
    message = fields.Text(readonly=True)
    summary = fields.Json(readonly=True)
    summary_html = fields.Html(compute="_compute_summary_html", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("action_ids.state")
    def _compute_progress(self):
        groups = self.env["dunning.action"]._read_group(
            [("run_id", "in", self.ids), ("state", "in", ["done", "failed"])],
            ["run_id", "state"],
            ["__count"],
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            run.done_count = counts.get((run.id, "done"), 0)
            run.failed_count = counts.get((run.id, "failed"), 0)

    @api.depends("summary")
    @api.depends_context("lang")
    def _compute_summary_html(self):
        labels = self.env["dunning.item"]._get_reason_labels()
        for run in self:
            rows = [
                (labels[reason], count)
                for reason, count in (run.summary or {}).items()
                if reason in labels
            ]
            run.summary_html = self.env["ir.qweb"]._render(
                "account_dunning.run_summary",
                {"rows": sorted(rows, key=lambda row: -row[1]), "run": run},
            )

    @api.depends("date", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            day = format_date(self.env, run.date) if run.date else ""
            run.display_name = self.env._("Run of %s", day)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        if self.action_ids:
            raise UserError(
                self.env._("A run with actions is part of the history and stays.")
            )

    @api.model
    def _create_for(self, company, date):
        """Create the run of a company, alone to do so until the transaction ends."""
        if not self._try_lock(company):
            raise UserError(
                self.env._(
                    "A dunning run of “%s” is in progress: try again when it is over.",
                    company.name,
                )
            )
        return self.create({"company_id": company.id, "date": date})

    @api.model
    def _create_failed(self, company, error):
        return self.create(
            {
                "company_id": company.id,
                "date": company._dunning_today(),
                "state": "failed",
                "message": str(error),
            }
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_actions(self):
        """Open the actions of the run."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_history"
        )
        return dict(action, domain=[("run_id", "=", self.id)], context={})

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ONE AT A TIME
    # ------------------------------------------------------------------

    @api.model
    def _try_lock(self, company):
        """Lock the runs of a company until the transaction ends.

        :return: whether nobody else has done so
        """
        [(locked,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", RUN_LOCK, company.id)
        )
        return locked

    @api.model
    def _wait_for_lock(self, company):
        """Lock the runs of a company as soon as no other is in progress. It may be
        that of a process which was killed: the database only notices at the end of
        the statement, and the day must not be lost to a run that leaves nothing.

        To be called at the beginning of a transaction: it may be rolled back.
        """
        while not self._try_lock(company):
            self.env.execute_query(
                SQL("SELECT pg_advisory_xact_lock(%s, %s)", RUN_LOCK, company.id)
            )
            # Only the next transaction sees what the other has done.
            self.env.cr.rollback()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IT DOES
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        """Create the actions of the run and count what happened."""
        self.ensure_one()
        self.env["dunning.collector.work"]._hand_over_all(self.company_id)
        plan = self.env["dunning.plan"]
        scope = self.company_id._dunning_scope(self.date)
        left_out = (excluded_partners, excluded_lines)
        self._hand_over_all(scope, left_out)
        due = plan._get_due_customers(scope)
        rows = plan._execute_on_ledger(
            self._get_apply_query(
                replace(scope, partners=due.ids), excluded_partners, excluded_lines
            )
        )
        self.env["dunning.action"].invalidate_model()
        self.env["dunning.action.line"].invalidate_model()
        [(count, amount)] = self.env["dunning.action"]._read_group(
            [("run_id", "=", self.id)], [], ["__count", "amount:sum"]
        )
        self._record_counts(due, rows, count, amount)
        self._schedule_activities()
        self.env["dunning.action"]._trigger_execution()
        self._tell_database()

    def _record_counts(self, due, rows, count, amount):
        """Count what happened to the items of the customers with something due that
        day; those of the others were not planned.

        :param due: :class:`DueCustomers` of the run
        :param rows: decision, reason and count of their items
        :param count: number of actions
        :param amount: what they claim
        """
        totals = {"step": 0, "later": 0, "out": due.unassigned_count}
        summary = {"no_partner": due.unassigned_count}
        for decision, reason, number in rows:
            totals[decision] += number
            summary[reason or ""] = summary.get(reason or "", 0) + number
        self.write(
            {
                "action_count": count,
                "amount": amount,
                "item_count": totals["step"],
                "later_count": totals["later"],
                "out_count": totals["out"],
                "summary": {reason: n for reason, n in summary.items() if n},
            }
        )

    def _schedule_activities(self):
        """Put what people have to do among their activities, batch by batch."""
        actions = self.env["dunning.action"]
        manual = actions.search(
            [
                ("run_id", "=", self.id),
                ("execution", "=", "manual"),
                ("user_id", "!=", False),
            ]
        )
        for batch in split_every(ACTIVITY_BATCH, manual.ids, actions.browse):
            batch._schedule_activities()

    def _tell_database(self):
        """Have the database look at the tables when they have become much larger than
        it knows of: what a run has created is sent at once."""
        [(known,)] = self.env.execute_query(
            SQL(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass",
                self.env["dunning.action"]._table,
            )
        )
        if self.action_count > max(ANALYZED_GROWTH, ANALYZED_SHARE * known):
            tables = SQL(", ").join(map(SQL.identifier, FILLED_TABLES))
            # Whoever else looks at them does it for us.
            self.env.cr.execute(SQL("ANALYZE (SKIP_LOCKED) %s", tables))

    def _get_apply_query(self, scope, excluded_partners, excluded_lines) -> SQL:
        """One statement: plan, actions and their lines, counts by reason.

        The highest level due decides for the customer; every overdue item that can
        be collected is listed; items beyond the last level give a follow-up.
        """
        return SQL(
            """
            WITH %(planned)s,
                 %(creation)s
            %(counts)s
            """,
            planned=self._get_planned_sql(scope, excluded_partners, excluded_lines),
            creation=self._get_creation_sql(
                self._get_planned_contacts(scope), scope.company
            ),
            counts=self._get_counts_sql(),
        )

    def _get_planned_sql(self, scope, excluded_partners, excluded_lines) -> SQL:
        """The plan without what is left out, and whom it contacts."""
        return SQL(
            """
            item AS MATERIALIZED (
                SELECT *,
                       partner_id = ANY(%(partners)s) OR id = ANY(%(lines)s)
                           AS left_out
                  FROM (%(plan)s) plan
            ),
            plan AS NOT MATERIALIZED (SELECT * FROM item WHERE NOT left_out),
            chosen AS MATERIALIZED (%(chosen)s)
            """,
            plan=self.env["dunning.plan"]._get_query(scope),
            partners=excluded_partners.ids,
            lines=excluded_lines.ids,
            chosen=self._get_chosen_sql(scope),
        )

    def _get_counts_sql(self) -> SQL:
        """What happens to the items."""
        return SQL(
            """
            SELECT CASE WHEN left_out THEN 'out' ELSE decision END,
                   CASE WHEN left_out THEN 'left_out' ELSE reason END,
                   COUNT(*)
              FROM item
          GROUP BY 1, 2
            """
        )
