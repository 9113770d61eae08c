from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...models.run.dunning_run_statement import Contacts
from ...tools.words import TONE_RANKS

START_COLUMNS = (
    "partner_id",
    "kind",
    "channel",
    "execution",
    "state",
    "date",
    "date_done",
    "done_user_id",
    "user_id",
)


class DunningStartLevels(models.TransientModel):
    """For a company that begins with an old ledger: take the overdue items for
    dunned up to the level their age corresponds to, so that customers who have
    already been reminded elsewhere do not begin again with a courteous word. Items
    that have a level keep it; nothing is sent."""

    _name = "dunning.start.levels"
    _description = "Set Starting Levels"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Reached on",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="Day on which the items are taken to have reached their starting level: "
        "the gap before the next level counts from then.",
    )
    tone = fields.Selection(
        [("courteous", "Courteous"), ("firm", "Firm"), ("formal", "Formal")],
        string="Not Beyond",
        required=True,
        default="firm",
        help="Highest tone of a starting level. Formal levels are better left to be "
        "done for real: a formal notice must have been sent to count.",
    )
    line_ids = fields.One2many(
        "dunning.start.levels.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
    )
    item_count = fields.Integer(compute="_compute_item_count")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id", "tone")
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard._read_summary() if wizard.company_id and wizard.tone else []
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {"level_id": level_id, "item_count": count, "amount": amount}
                )
                for level_id, count, amount in rows
            ]

    @api.depends("line_ids.item_count")
    def _compute_item_count(self):
        for wizard in self:
            wizard.item_count = sum(wizard.line_ids.mapped("item_count"))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Record the starting levels in the history of the customers.

        :return: action that opens the open items
        :raise UserError: the day is in the future, or no item needs a level
        :raise AccessError: the user may not set starting levels
        """
        self.ensure_one()
        if not self.env.user.has_group("account_dunning.group_dunning_manager"):
            raise AccessError(
                self.env._("Only credit managers can set starting levels.")
            )
        if self.date > self.company_id._dunning_today():
            raise UserError(
                self.env._("A starting level cannot be reached in the future.")
            )
        if not self._apply():
            raise UserError(
                self.env._("No overdue item needs a starting level: nothing to do.")
            )
        return self.env["ir.actions.actions"]._for_xml_id("account_dunning.action_item")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self) -> int:
        """Write one done action for each customer, with its items.

        :return: number of items that got a level
        """
        no_run = self.env["dunning.run"]
        rows = self.env.execute_query(
            SQL(
                """
                WITH start AS MATERIALIZED (%(start)s),
                     %(creation)s
                SELECT move_line_id FROM listed
                """,
                start=self._get_start_query(),
                creation=no_run._get_creation_sql(
                    self._get_contacts(), self.company_id
                ),
            )
        )
        self.env["dunning.action"].invalidate_model()
        self.env["dunning.action.line"].invalidate_model()
        self.env["dunning.item.state"]._rebuild([line_id for (line_id,) in rows])
        return len(rows)

    def _get_contacts(self) -> Contacts:
        """Return what is created of ``start``: one action for each customer. Nothing
        is claimed by it: its amount is the balance of the items."""
        return Contacts(
            action=SQL(
                """
                SELECT DISTINCT partner_id,
                       'start' AS kind, 'task' AS channel, 'manual' AS execution,
                       'done' AS state, %(date)s::date AS date,
                       %(date)s::date AS date_done,
                       %(uid)s AS done_user_id, %(uid)s AS user_id
                  FROM start
                """,
                date=self.date,
                uid=self.env.uid,
            ),
            columns=START_COLUMNS,
            content=SQL(
                """
                SELECT partner_id, id, move_id, name, date_due, days_late, currency_id,
                       residual, withheld, residual_company AS claim,
                       0 AS deduction_company, start_level_id AS new_level_id,
                       FALSE AS is_aligned, FALSE AS further, FALSE AS is_early
                  FROM start
                """
            ),
            line_state="done",
        )

    def _read_summary(self):
        return self.env.execute_query(
            SQL(
                """
                SELECT start_level_id, COUNT(*), SUM(residual_company)
                  FROM (%s) start
              GROUP BY start_level_id
              ORDER BY MIN(start_delay)
                """,
                self._get_start_query(),
            )
        )

    def _get_start_query(self) -> SQL:
        """The plan of today, with the level each overdue item without level begins
        at: the last one its days late have passed, not beyond the chosen tone."""
        self.company_id._dunning_check_allowed()
        scope = self.company_id._dunning_scope()
        tones = tuple(t for t in TONE_RANKS if TONE_RANKS[t] <= TONE_RANKS[self.tone])
        return SQL(
            """
            SELECT plan.*, level.id AS start_level_id, level.delay_days AS start_delay
              FROM (%s) plan
              JOIN LATERAL (
                       SELECT id, delay_days
                         FROM dunning_level
                        WHERE scenario_id = plan.scenario_id
                          AND active
                          AND delay_days >= 0
                          AND delay_days <= plan.days_late
                          AND tone IN %s
                     ORDER BY delay_days DESC
                        LIMIT 1
                   ) level ON TRUE
             WHERE plan.days_late > 0
               AND plan.reached_id IS NULL
               AND plan.action_id IS NULL
               AND plan.partner_id IS NOT NULL
               AND plan.reason IS DISTINCT FROM 'excluded'
            """,
            self.env["dunning.plan"]._get_query(scope),
            tones,
        )


class DunningStartLevelsLine(models.TransientModel):
    _name = "dunning.start.levels.line"
    _description = "Starting Level"
    _inherit = ["dunning.guarded"]

    wizard_id = fields.Many2one(
        "dunning.start.levels", required=True, ondelete="cascade"
    )
    level_id = fields.Many2one("dunning.level", readonly=True)
    scenario_id = fields.Many2one(related="level_id.scenario_id")
    item_count = fields.Integer(string="Items", readonly=True)
    currency_id = fields.Many2one(related="wizard_id.company_id.currency_id")
    amount = fields.Monetary(string="Balance", readonly=True)
