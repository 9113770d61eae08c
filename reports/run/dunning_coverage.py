from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.plan import PAYMENT_REASONS, RULE_REASONS

# What can cover an overdue item; the codes sort the groups.
NOTHING, ACTION, STEP, COLLECTOR, HOLD, PAYMENT, RULE = (
    "0_nothing",
    "1_action",
    "2_step",
    "3_collector",
    "4_hold",
    "5_payment",
    "6_rule",
)


class DunningCoverage(models.Model):
    """What covers each overdue item: its next action with a date, or the reason why
    there is none. Whatever nothing covers would fall out of sight.

    How it works: the plan says what happens to each open item; here its word is
    checked against what is really there. A step that is planned, or a customer who
    is with the collector, covers nothing in a company that does not dun every day
    and has no open action.
    """

    _name = "dunning.coverage"
    _description = "Coverage of Overdue Items"
    _inherit = ["dunning.numbered"]
    _auto = False
    _rec_name = "name"
    _order = "cover, date, days_late desc, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(string="Number", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    scenario_id = fields.Many2one("dunning.scenario", readonly=True)
    level_id = fields.Many2one("dunning.level", "Level Reached", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")

    # === Amounts === #
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_residual = fields.Monetary(
        string="Balance", readonly=True, aggregator=None, help="In the item's currency."
    )
    amount_company = fields.Monetary(
        string="Balance in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )

    # === What covers it === #
    cover = fields.Selection(
        [
            (NOTHING, "Nothing"),
            (ACTION, "Open Action"),
            (STEP, "Planned Step"),
            (COLLECTOR, "With the Collector"),
            (HOLD, "On Hold"),
            (PAYMENT, "Credit or Payment"),
            (RULE, "Left Out by a Rule"),
        ],
        string="Covered By",
        readonly=True,
        group_expand=True,
    )
    date = fields.Date(
        string="Next Date",
        readonly=True,
        help="Day of the open action or planned step, or last day of the hold.",
    )
    reason = fields.Selection(
        selection=lambda self: self.env["dunning.item"]._get_reason_selection(),
        readonly=True,
    )
    action_id = fields.Many2one("dunning.action", "Open Action", readonly=True)
    next_level_id = fields.Many2one("dunning.level", "Next Step", readonly=True)
    hold_id = fields.Many2one("dunning.hold", readonly=True)

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        return SQL(" UNION ALL ").join(
            SQL("(%s)", self._get_company_query(company))
            for company in self.env.companies
        )

    @api.model
    def _get_company_query(self, company) -> SQL:
        items = self.env["dunning.item"]
        self.env["dunning.hold"].flush_model()
        self.env["dunning.action"].flush_model()
        return SQL(
            """
            SELECT item.id,
                   item.name,
                   item.move_line_id,
                   item.move_id,
                   item.partner_id,
                   item.user_id,
                   item.company_id,
                   item.scenario_id,
                   item.level_id,
                   item.date_due,
                   item.days_late,
                   item.currency_id,
                   item.company_currency_id,
                   item.amount_residual,
                   item.amount_company,
                   item.reason,
                   item.next_level_id,
                   COALESCE(item.action_id, follow_up.id) AS action_id,
                   COALESCE(item_hold.id, customer_hold.id) AS hold_id,
                   CASE WHEN item_hold.id IS NOT NULL THEN item_hold.date_end
                        WHEN customer_hold.id IS NOT NULL THEN customer_hold.date_end
                        ELSE COALESCE(action.date, follow_up.date, item.date)
                   END AS date,
                   %(cover)s AS cover
              FROM (%(item)s) item
         LEFT JOIN dunning_action action ON action.id = item.action_id
         LEFT JOIN (%(follow_up)s) follow_up
                ON item.reason = 'last_level'
               AND follow_up.partner_id = item.partner_id
         LEFT JOIN (%(item_hold)s) item_hold
                ON item.reason = 'held' AND item_hold.line_id = item.id
         LEFT JOIN (%(customer_hold)s) customer_hold
                ON item.reason = 'held'
               AND customer_hold.partner_id = item.partner_id
             WHERE item.days_late > 0
            """,
            cover=self._get_cover_sql(company),
            item=items._get_company_query(company, items._get_asked_partner_ids()),
            follow_up=self.env["dunning.plan"]._get_open_follow_up_sql(
                company._dunning_scope()
            ),
            item_hold=self._get_item_hold_query(company),
            customer_hold=self._get_customer_hold_query(company),
        )

    @api.model
    def _get_cover_sql(self, company) -> SQL:
        return SQL(
            """
            CASE WHEN %(seen)s THEN %(action)s
                 WHEN item.reason = 'held' THEN %(hold)s
                 WHEN item.reason IN %(payment_reasons)s THEN %(payment)s
                 WHEN item.reason IN %(rule_reasons)s THEN %(rule)s
                 WHEN COALESCE(item.action_id, follow_up.id) IS NOT NULL
                 THEN %(nothing)s
                 WHEN %(duns)s AND %(worked)s AND item.reason = 'last_level'
                 THEN %(collector)s
                 WHEN %(duns)s AND item.date IS NOT NULL THEN %(step)s
                 ELSE %(nothing)s
            END
            """,
            action=ACTION,
            seen=self._get_seen_sql(company),
            worked=SQL("%s", bool(company._dunning_get_workers().able)),
            hold=HOLD,
            payment=PAYMENT,
            payment_reasons=PAYMENT_REASONS,
            rule=RULE,
            rule_reasons=RULE_REASONS,
            # The next run plans what is with the collector anew.
            duns=SQL("TRUE") if company.sudo().dunning_enabled else SQL("FALSE"),
            collector=COLLECTOR,
            step=STEP,
            nothing=NOTHING,
        )

    @api.model
    def _get_seen_sql(self, company) -> SQL:
        """An open action covers when the system sends it, or when somebody can see it:
        who is to do it still can, or it is nobody's and everybody's."""
        return SQL(
            """
            COALESCE(action.id, follow_up.id) IS NOT NULL
            AND (
                COALESCE(action.execution, follow_up.execution) = 'automatic'
                AND COALESCE(action.state, follow_up.state) = 'todo'
                OR COALESCE(
                       COALESCE(action.user_id, follow_up.user_id) = ANY(%(able)s),
                       %(able)s != '{}'
                   )
            )
            """,
            able=list(company._dunning_get_workers().able),
        )

    @api.model
    def _get_item_hold_query(self, company) -> SQL:
        """Return SQL giving ``line_id, id, date_end``: of the active holds on each
        item, the one that lasts longest."""
        return SQL(
            """
            SELECT DISTINCT ON (held.line_id) held.line_id, hold.id, hold.date_end
              FROM dunning_hold hold
              JOIN dunning_hold_move_line_rel held ON held.hold_id = hold.id
             WHERE %s AND hold.scope = 'items'
          ORDER BY held.line_id, hold.date_end DESC NULLS FIRST, hold.id
            """,
            self.env["dunning.plan"]._get_active_hold_sql(company._dunning_scope()),
        )

    @api.model
    def _get_customer_hold_query(self, company) -> SQL:
        """Return SQL giving ``partner_id, id, date_end``: of the active holds on each
        customer as a whole, the one that lasts longest."""
        return SQL(
            """
            SELECT DISTINCT ON (partner_id) partner_id, hold.id, hold.date_end
              FROM dunning_hold hold
             WHERE %s AND hold.scope = 'customer'
          ORDER BY partner_id, hold.date_end DESC NULLS FIRST, hold.id
            """,
            self.env["dunning.plan"]._get_active_hold_sql(company._dunning_scope()),
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_cover(self):
        """Open what covers the item: its action or hold, else its invoice."""
        self.ensure_one()
        return (self.action_id or self.hold_id or self.move_id).get_formview_action()
