from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.words import OPEN_STATES


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
        # Of what has gone into the queue as well: it leaves while it is true.
        own = self.filtered(lambda action: action.notice == "statement")
        for (company, day), actions in own.grouped(
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

    @api.model
    def _prepare_statement(
        self, customer: models.BaseModel, company: models.BaseModel
    ) -> models.BaseModel:
        """Return the statement of account that somebody sends: the one that waits,
        else a new one.

        :raise UserError: nothing of the customer is open
        """
        waiting = self.search(
            [
                ("notice", "=", "statement"),
                ("partner_id", "=", customer.id),
                ("company_id", "=", company.id),
                ("state", "in", OPEN_STATES),
            ],
            limit=1,
        )
        if waiting:
            return waiting
        scope = company._dunning_scope(partners=customer.ids)
        items = self.env["dunning.account.statement"]._find_items(scope)
        if not items:
            raise UserError(
                self.env._(
                    "Nothing of %s is open: there is nothing to state.",
                    customer.display_name,
                )
            )
        # Whoever asks for one at the same moment tries again, and gets this one.
        items[0]._dunning_reserve()
        # What kind of action it is is set by the system.
        statement_sudo = self.sudo().create(
            {
                "kind": "notice",
                "notice": "statement",
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": self.env.uid,
                "execution": "manual",
                "channel": customer._dunning_get_notice_channels()[customer.id],
            }
        )
        return statement_sudo.sudo(self.env.su)

    @api.model
    def _forget_period_twice(self, customers: models.BaseModel) -> None:
        """Keep the month with one of the statements that several customers have had
        for it: that each had one stays in the history.

        :param customers: ``res.partner``, who are about to be one
        """
        self.flush_model()
        # What was done is not changed by it: the month is for planning alone.
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_action
                   SET statement_period = NULL
                  FROM (
                           SELECT id, ROW_NUMBER() OVER (
                                      PARTITION BY company_id, statement_period
                                      ORDER BY state != 'done', id
                                  ) AS place
                             FROM dunning_action
                            WHERE partner_id = ANY(%s)
                              AND notice = 'statement'
                              AND statement_period IS NOT NULL
                       ) stated
                 WHERE stated.id = dunning_action.id AND place > 1
                """,
                customers.ids,
            )
        )
        self.invalidate_model(["statement_period"], flush=False)

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': statements follow the ledger
        self.invalidate_recordset(["statement"], flush=False)
        return super()._refresh(any_day=any_day, complete=complete, routine=routine)
