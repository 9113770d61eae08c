from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, split_every

ACTIVITY_BATCH = 1000


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
        [("done", "Done"), ("failed", "Failed")],
        string="Status",
        required=True,
        readonly=True,
        default="done",
    )
    action_ids = fields.One2many("dunning.action", "run_id", readonly=True)
    action_count = fields.Integer(readonly=True)
    item_count = fields.Integer(
        string="Items Stepped", readonly=True, help="Items that reach a new level."
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
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        """Create the actions of the run and count what happened."""
        self.ensure_one()
        self.env["dunning.collector.work"]._hand_over_all(self.company_id)
        plan = self.env["dunning.plan"]
        scope = self.company_id._dunning_scope(self.date)
        left_out = (excluded_partners, excluded_lines)
        self._apply_deadlines(scope, left_out)
        self._apply_promises(scope, left_out)
        due = plan._get_due_customers(scope)
        rows = plan._execute_on_ledger(
            self._get_apply_query(
                replace(scope, partners=due.ids), excluded_partners, excluded_lines
            )
        )
        self.env["dunning.action"].invalidate_model()
        self.env["dunning.action.line"].invalidate_model()
        self._record_counts(due, rows)
        self._schedule_activities()
        self.env["dunning.action"]._trigger_execution()

    def _record_counts(self, due, rows):
        """Count what happened to the items of the customers with something due that
        day; those of the others were not planned.

        :param due: :class:`DueCustomers` of the run
        :param rows: decision, reason and count of their items
        """
        totals = {"step": 0, "later": 0, "out": due.unassigned_count}
        summary = {"no_partner": due.unassigned_count}
        for decision, reason, count in rows:
            totals[decision] += count
            summary[reason or ""] = summary.get(reason or "", 0) + count
        [(count, amount)] = self.env["dunning.action"]._read_group(
            [("run_id", "=", self.id)], [], ["__count", "amount:sum"]
        )
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

    def _get_apply_query(self, scope, excluded_partners, excluded_lines) -> SQL:
        """One statement: plan, actions and their lines, counts by reason.

        The highest level due decides for the customer; every overdue item that can
        be collected is listed; items beyond the last level give a follow-up.
        """
        return SQL(
            """
            WITH item AS MATERIALIZED (
                     SELECT *,
                            partner_id = ANY(%(partners)s) OR id = ANY(%(lines)s)
                                AS left_out
                       FROM (%(plan)s) plan
                 ),
                 plan AS NOT MATERIALIZED (SELECT * FROM item WHERE NOT left_out),
                 decided AS MATERIALIZED (%(decided)s),
                 created AS (%(actions)s),
                 listed AS (%(action_lines)s)
          SELECT CASE WHEN left_out THEN 'out' ELSE decision END,
                 CASE WHEN left_out THEN 'left_out' ELSE reason END,
                 COUNT(*)
            FROM item
        GROUP BY 1, 2
            """,
            plan=self.env["dunning.plan"]._get_query(scope),
            partners=excluded_partners.ids,
            lines=excluded_lines.ids,
            decided=self._get_decided_sql(scope),
            actions=self._get_actions_sql(scope),
            action_lines=self._get_action_lines_sql(),
        )

    @api.model
    def _get_decided_sql(self, scope) -> SQL:
        """One row for each customer to contact, of the items in ``plan``: the level
        that decides, the date. The dry run asks for the same."""
        return SQL(
            """
            (
                SELECT DISTINCT ON (plan.partner_id)
                       plan.partner_id, 'step' AS kind, plan.scenario_id,
                       plan.level_id, level.delay_days, plan.date, plan.align_levels
                  FROM plan
                  JOIN dunning_level level ON level.id = plan.level_id
                  JOIN dunning_scenario scenario ON scenario.id = plan.scenario_id
                 WHERE plan.decision = 'step'
              ORDER BY plan.partner_id, level.delay_days DESC, scenario.sequence,
                       scenario.id
            )
             UNION ALL
            (
                SELECT DISTINCT ON (plan.partner_id)
                       plan.partner_id, 'follow_up', plan.scenario_id,
                       NULL, NULL, plan.day, FALSE
                  FROM plan
                 WHERE plan.reason = 'last_level'
                   AND plan.days_late > 0
                   AND NOT EXISTS (
                           SELECT FROM dunning_action other
                            WHERE other.partner_id = plan.partner_id
                              AND other.company_id = plan.company_id
                              AND other.kind = 'follow_up'
                              AND other.state IN ('to_validate', 'todo', 'failed')
                       )
                   AND plan.partner_id NOT IN (%(given_time)s)
              ORDER BY plan.partner_id, plan.day
            )
            """,
            given_time=self._get_given_time_sql(scope),
        )

    def _get_actions_sql(self, scope) -> SQL:
        # The plan of a company does not depend on who runs it.
        partners_sudo = self.env["res.partner"].sudo().with_company(scope.company)
        return SQL(
            """
            INSERT INTO dunning_action (
                partner_id, company_id, scenario_id, level_id, kind, channel,
                execution, state, date, user_id, run_id, amount, date_due,
                create_uid, create_date, write_uid, write_date
            )
            SELECT decided.partner_id,
                   %(company)s,
                   decided.scenario_id,
                   decided.level_id,
                   decided.kind,
                   COALESCE(channel.value, 'task'),
                   execution.value,
                   CASE WHEN execution.value = 'validate' THEN 'to_validate'
                        ELSE 'todo'
                   END,
                   decided.date,
                   %(collector)s,
                   %(run)s,
                   total.amount,
                   total.date_due,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM decided
              JOIN res_partner partner ON partner.id = decided.partner_id
         LEFT JOIN dunning_level level ON level.id = decided.level_id
             %(way)s
              JOIN (
                       SELECT partner_id, kind,
                              ROUND(SUM(GREATEST(amount, 0)), %(digits)s) AS amount,
                              MIN(date_due) AS date_due
                         FROM (%(claimed)s) claimed
                     GROUP BY partner_id, kind
                   ) total
                ON total.partner_id = decided.partner_id
               AND total.kind = decided.kind
            ON CONFLICT DO NOTHING
         RETURNING id, partner_id, kind
            """,
            company=scope.company.id,
            run=self.id,
            collector=scope.company._dunning_get_worker_sql(
                partners_sudo._field_to_sql("partner", "dunning_user_id")
            ),
            way=self.env["dunning.level"]._get_way_sql(scope),
            digits=scope.company.currency_id.decimal_places,
            claimed=self._get_claimed_sql(),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _get_claimed_sql(self) -> SQL:
        """What each contact claims in each currency, in company currency: its items
        less what is on hold and the customer's unallocated credits."""
        return SQL(
            """
            SELECT partner_id,
                   kind,
                   SUM(residual_company * (residual - withheld) / residual)
                       - MAX(deduction_company) AS amount,
                   MIN(date_due) AS date_due
              FROM (%s) content
          GROUP BY partner_id, kind, currency_id
            """,
            self._get_content_sql(),
        )

    def _get_action_lines_sql(self) -> SQL:
        return SQL(
            """
            INSERT INTO dunning_action_line (
                action_id, state, level_id, move_line_id, item_ref, move_id, name,
                date_due, currency_id, amount_residual, amount_withheld
            )
            SELECT created.id,
                   'open',
                   content.new_level_id,
                   content.id,
                   content.id,
                   content.move_id,
                   content.name,
                   content.date_due,
                   content.currency_id,
                   content.residual,
                   content.withheld
              FROM created
              JOIN (%s) content
                ON content.partner_id = created.partner_id
               AND content.kind = created.kind
            ON CONFLICT DO NOTHING
            """,
            self._get_content_sql(),
        )

    def _get_content_sql(self) -> SQL:
        """The items of each contact, with the level each of them reaches. When the
        scenario aligns levels, those below the level of the contact come up to it."""
        return SQL(
            """
            SELECT plan.*,
                   decided.kind,
                   CASE WHEN decided.kind = 'follow_up' THEN NULL
                        WHEN plan.decision = 'step' AND NOT raised.up
                        THEN plan.level_id
                        WHEN raised.up THEN decided.level_id
                   END AS new_level_id
              FROM plan
              JOIN decided ON decided.partner_id = plan.partner_id
         LEFT JOIN dunning_level reached ON reached.id = plan.reached_id
        CROSS JOIN LATERAL (
                       SELECT decided.align_levels
                          AND decided.scenario_id = plan.scenario_id
                          AND plan.action_id IS NULL
                          AND plan.listed
                          AND (reached.id IS NULL
                               OR reached.delay_days < decided.delay_days) AS up
                   ) raised
             WHERE CASE decided.kind
                   WHEN 'step' THEN plan.decision = 'step' OR plan.listed
                   ELSE plan.reason = 'last_level' AND plan.days_late > 0
                   END
            """
        )
