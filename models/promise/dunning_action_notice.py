from odoo import api, fields, models


class DunningAction(models.Model):
    """What is written about promises, and what follows a broken one."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice = fields.Selection(
        selection_add=[
            ("confirmation", "Confirmation of a Promise"),
            ("promise_reminder", "Reminder of a Promised Payment"),
        ]
    )
    promise_id = fields.Many2one(
        "dunning.promise",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    promise_line_id = fields.Many2one(
        "dunning.promise.line",
        string="Promised Payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    terms_block = fields.Html(compute="_compute_terms_block", sanitize=False)

    # === Constraints and indexes === #
    _one_open_confirmation = models.UniqueIndex(
        "(promise_id) WHERE notice = 'confirmation' "
        "AND state IN ('to_validate', 'todo', 'failed')",
        "A confirmation of this promise is waiting already.",
    )
    _one_promise_reminder = models.UniqueIndex(
        "(promise_line_id) WHERE notice = 'promise_reminder' "
        "AND (state != 'cancelled' OR cancel_cause = 'skipped')",
        "The customer is reminded once of each promised payment.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("promise_id")
    @api.depends_context("lang", "dunning_paper")
    def _compute_terms_block(self):
        for action in self:
            promised = action.promise_id
            action.terms_block = promised and action._render_content("terms") or ""

    @api.depends("promise_id")
    def _compute_title(self):
        # EXTENDS 'account_dunning': of a broken promise, see its kind
        return super()._compute_title()

    @api.depends("promise_id.means")
    def _compute_payment_block(self):
        # EXTENDS 'account_dunning': bank details are for transfers
        return super()._compute_payment_block()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - MERGE FIELDS
    # ------------------------------------------------------------------

    @api.model
    def _get_notice_fields(self):
        # EXTENDS 'account_dunning'
        return super()._get_notice_fields() | {
            "terms_block": self.env._("What follows when an instalment is missed"),
        }

    def _is_plan(self):
        """Return whether several payments were agreed on."""
        self.ensure_one()
        return len(self.promise_id.line_ids) > 1

    def _is_plan_to_sign(self):
        """Return whether the customer signs the letter."""
        self.ensure_one()
        return self.notice == "confirmation" and self._is_plan()

    def _prepare_acceptance(self):
        """Return what the place to sign says of the plan."""
        payments = self._get_notice_details()["payments"]
        return {
            "count": len(payments),
            "last_day": self._format_short_day(payments[-1][0]),
        }

    def _get_promised_lines(self):
        """Return the promised payments in the order of their dates."""
        return self.promise_id.line_ids.sorted(lambda line: (line.date, line.id))
