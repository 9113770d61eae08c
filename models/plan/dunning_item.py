from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.plan import LATER_REASONS, OUT_REASONS


class DunningItem(models.Model):
    """The open due items of today: where each stands and what comes next, or why it
    is out. Read from the ledger at each look, never stored; its id is that of the
    journal item."""

    _name = "dunning.item"
    _description = "Open Item"
    _inherit = ["dunning.numbered"]
    _auto = False
    _rec_name = "name"
    _order = "date_due, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(string="Number", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    # === Amounts === #
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_residual = fields.Monetary(
        string="Balance", readonly=True, aggregator=None, help="In the item's currency."
    )
    amount_withheld = fields.Monetary(
        string="On Hold",
        readonly=True,
        aggregator=None,
        help="Part that is on hold or being paid, in the item's currency.",
    )
    held_by = fields.Char(
        string="On Hold by",
        compute="_compute_held_by",
        help="The promises, disputes and holds that keep an amount out of dunning.",
    )
    amount_company = fields.Monetary(
        string="Balance in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )

    # === Where it stands === #
    date_due = fields.Date(string="Due Date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    # The codes sort the groups.
    aging = fields.Selection(
        [
            ("0", "Not Due"),
            ("1", "1–30 Days"),
            ("2", "31–60 Days"),
            ("3", "61–90 Days"),
            ("4", "91–180 Days"),
            ("5", "Over 180 Days"),
        ],
        string="Age",
        readonly=True,
    )
    scenario_id = fields.Many2one("dunning.scenario", readonly=True)
    level_id = fields.Many2one("dunning.level", "Level Reached", readonly=True)
    level_date = fields.Date(string="Reached on", readonly=True)

    # === What comes next === #
    decision = fields.Selection(
        [("step", "Step Due"), ("later", "Step Later"), ("out", "No Step")],
        readonly=True,
    )
    next_level_id = fields.Many2one("dunning.level", "Next Step", readonly=True)
    date = fields.Date(string="Next Date", readonly=True)
    reason = fields.Selection(
        selection="_get_reason_selection",
        readonly=True,
        help="Why nothing goes out for this item today.",
    )
    action_id = fields.Many2one("dunning.action", "Open Action", readonly=True)

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        return self._get_companies_query(self._get_asked_partner_ids())

    @api.model
    def _get_asked_partner_ids(self) -> list[int] | None:
        """Return the customers that the caller asks for in the context when it looks
        at no others: the ORM searches by its rules, and leaves no other way."""
        if "dunning_partner_ids" not in self.env.context:
            return None
        return self.env["dunning.guard"]._get_context_ids("dunning_partner_ids")

    @api.model
    def _get_companies_query(self, partner_ids=None) -> SQL:
        """Return SQL giving the open items of the companies that are chosen.

        :param partner_ids: ids of commercial partners, None for all
        """
        return SQL(" UNION ALL ").join(
            SQL("(%s)", self._get_company_query(company, partner_ids))
            for company in self.env.companies
        )

    @api.model
    def _get_company_query(
        self, company: models.BaseModel, partner_ids: list[int] | None
    ) -> SQL:
        """Return SQL selecting the open items of a company, as the model shows them."""
        scope = company._dunning_scope(partners=partner_ids)
        days_late = SQL("GREATEST(%s - plan.date_due, 0)", scope.date)
        return SQL(
            """
            SELECT plan.id,
                   plan.name,
                   plan.id AS move_line_id,
                   plan.move_id,
                   plan.partner_id,
                   %(collector)s AS user_id,
                   plan.company_id,
                   plan.currency_id,
                   %(currency)s AS company_currency_id,
                   plan.residual AS amount_residual,
                   CASE WHEN plan.reason = 'held' THEN plan.residual
                        ELSE plan.withheld
                   END AS amount_withheld,
                   plan.residual_company AS amount_company,
                   plan.date_due,
                   %(days_late)s AS days_late,
                   CASE WHEN %(days_late)s = 0 THEN '0'
                        WHEN %(days_late)s <= 30 THEN '1'
                        WHEN %(days_late)s <= 60 THEN '2'
                        WHEN %(days_late)s <= 90 THEN '3'
                        WHEN %(days_late)s <= 180 THEN '4'
                        ELSE '5'
                   END AS aging,
                   plan.scenario_id,
                   plan.reached_id AS level_id,
                   plan.reached_date AS level_date,
                   plan.decision,
                   CASE WHEN plan.decision != 'out' OR plan.reason = 'open_action'
                        THEN plan.level_id
                   END AS next_level_id,
                   plan.date,
                   plan.reason,
                   plan.action_id
              FROM (%(plan)s) plan
            """,
            collector=company._dunning_get_worker_sql(SQL("plan.collector_id")),
            currency=company.currency_id.id,
            days_late=days_late,
            plan=self.env["dunning.plan.kept"]._get_query(scope),
        )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("lang")
    def _compute_held_by(self):
        # What the items owe to whom is known to whoever sees them.
        holds_sudo = self.env["dunning.hold"].sudo()
        shares = holds_sudo._get_shares(self.move_line_id.sudo())
        for item in self:
            item.held_by = holds_sudo._describe_shares(
                shares.get(item.id, []), item.currency_id
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_holds(self):
        """Open what keeps the item out: the promise, the dispute, or the holds."""
        self.ensure_one()
        holds = self.env["dunning.hold"]
        shares = holds._get_shares(self.move_line_id).get(self.id, [])
        return holds.union(*(hold for hold, _amount in shares))._open()

    def action_open_move(self):
        """Open the invoice or entry of the item."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    def action_hold(self):
        """Open a new hold on the selected items.

        :return: action that opens the form of a hold
        :raise UserError: the items belong to several customers or companies
        """
        if len(self.partner_id) != 1 or len(self.company_id) != 1:
            raise UserError(
                self.env._("Select items of one customer to put them on hold.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put on Hold"),
            "res_model": "dunning.hold",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_move_line_ids": self.move_line_id.ids,
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_next(self) -> tuple:
        """Return what comes next for the customer of these items: the day and the
        step, else the day from which they are no longer held, if any, and the reason
        why nothing comes for the oldest."""
        if first := self._get_first_planned():
            return first.date, first.next_level_id.name
        oldest = self.sorted(lambda item: (item.date_due, item.id))[:1]
        return oldest.date, self._get_reason_labels().get(oldest.reason)

    def _get_first_planned(self) -> models.BaseModel:
        """Return the one of these items that has the next step."""
        planned = self.filtered(lambda item: item.date and item.next_level_id)
        return planned.sorted(lambda item: (item.date, item.date_due))[:1]

    @api.model
    def _get_reason_selection(self) -> list:
        """Return the reasons of the plan with their labels, for selection fields."""
        labels = self._get_reason_labels()
        return [(reason, labels[reason]) for reason in OUT_REASONS + LATER_REASONS]

    @api.model
    def _get_reason_labels(self) -> dict:
        """Return what is said to people for each reason of the plan."""
        return {
            "no_partner": self.env._("No customer on the entry"),
            "excluded": self.env._("Excluded from follow-up"),
            "blocked": self.env._("Payment blocked in accounting"),
            "discount": self.env._("Early payment discount taken: to be written off"),
            "archived": self.env._("Customer archived"),
            "no_scenario": self.env._("No scenario applies"),
            "no_level": self.env._("Scenario without levels"),
            "held": self.env._("On hold"),
            "in_payment": self.env._("Payment in process"),
            "open_action": self.env._("Action under way"),
            "covered": self.env._("Covered by credits, payments or an amount on hold"),
            "below_minimum": self.env._("Below the minimum amount"),
            "last_level": self.env._("Last level done: with the collector"),
            "not_due": self.env._("Not due yet"),
            "level_date": self.env._("Before the day of the next level"),
            "restarts": self.env._("Before the day chosen after a dispute"),
            "level_gap": self.env._("Gap since the previous level"),
            "first_contact": self.env._("The customer has just got the invoice"),
            "contact_gap": self.env._("Customer contacted recently"),
            "open_contact": self.env._("A contact with the customer is waiting"),
            "non_working_day": self.env._("Moved to a working day"),
            # Only after the fact, on what was left out of an action.
            "paid": self.env._("Paid meanwhile"),
            "credited": self.env._("Credited meanwhile"),
            "written_off": self.env._("Written off meanwhile"),
            "transferred": self.env._("Moved to another account meanwhile"),
            "moved": self.env._("Not owed by this customer any more"),
            "nothing_left": self.env._("Nothing left to claim"),
            "not_posted": self.env._("Entry reset to draft or cancelled"),
            "deleted": self.env._("Entry deleted"),
            "readdressed": self.env._("Owed by another customer now"),
            "superseded": self.env._("Another level applies now"),
            "further": self.env._("Has had a firmer letter, which the text refers to"),
            "skipped": self.env._("Skipped"),
            "merged": self.env._("Customers became one: planned anew"),
            "replaced": self.env._("Another action is about the same items"),
            # Only in the summary of a run.
            "left_out": self.env._("Left out by hand"),
        }

    @api.model
    def _get_move_summary_query(self, partner_ids=None) -> SQL:
        """Return SQL giving ``id, level_id, date, reason, days_late`` for each entry
        with open items: the highest level, the next date, and the reason when every
        item is out.

        :param partner_ids: ids of the commercial partners asked for, None for all
        """
        return SQL(
            """
            SELECT item.move_id AS id,
                   (ARRAY_AGG(
                       item.level_id ORDER BY level.delay_days DESC NULLS LAST
                   ))[1] AS level_id,
                   MIN(item.date) FILTER (
                       WHERE item.decision != 'out' OR item.reason = 'open_action'
                   ) AS date,
                   CASE WHEN BOOL_AND(item.decision = 'out')
                        THEN (ARRAY_AGG(item.reason ORDER BY item.date_due))[1]
                   END AS reason,
                   MAX(item.days_late) AS days_late
              FROM (%s) item
         LEFT JOIN dunning_level level ON level.id = item.level_id
          GROUP BY item.move_id
            """,
            self._get_companies_query(partner_ids),
        )
