from odoo import fields, models


class DunningAction(models.Model):
    """Statements of account on a schedule, and thanks, among the notices."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice = fields.Selection(
        selection_add=[
            ("statement", "Statement of Account"),
            ("thanks", "Thanks for Payment"),
        ]
    )
    statement_period = fields.Date(
        readonly=True,
        copy=False,
        help="First day of the month for which a statement goes out by itself.",
    )
    statement = fields.Json(
        compute="_compute_statement", help="What the account comes to now."
    )
    thanked_id = fields.Many2one(
        "dunning.action",
        string="Reminder That Was Followed",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    # === Constraints and indexes === #
    _one_statement = models.UniqueIndex(
        "(company_id, partner_id, statement_period) WHERE notice = 'statement' "
        "AND (state != 'cancelled' OR cancel_cause = 'skipped')",
        "The customer gets one statement of account a month.",
    )
    _one_thanks = models.UniqueIndex(
        "(thanked_id) WHERE notice = 'thanks'",
        "The customer is thanked once for each reminder.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_statement(self):
        self.statement = False
        pending = self.filtered(
            lambda action: action.notice == "statement" and action.state != "done"
        )
        for (company, day), actions in pending.grouped(
            lambda action: (action.company_id, action._get_content_day())
        ).items():
            statements = self.env["dunning.account.statement"]._get(
                actions.partner_id, company, day
            )
            for action in actions:
                action.statement = statements[action.partner_id.id]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': statements follow the ledger
        self.invalidate_recordset(["statement"], flush=False)
        return super()._refresh(any_day=any_day, complete=complete, routine=routine)
