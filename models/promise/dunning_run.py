from odoo import fields, models
from odoo.tools import SQL

from ...tools.dates import shift
from ..run.dunning_run_handover import DEADLINE_HORIZON


class DunningRun(models.Model):
    """Promises that were broken and after which the company calls: each missed
    instalment is handed over to the collector, unless somebody has contacted the
    customer since."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    promise_count = fields.Integer(
        string="Promises Broken",
        readonly=True,
        help="Calls created because a promise was broken.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply_promises(self, scope, left_out):
        """Create the calls to customers who have broken their promise.

        :param scope: the :class:`PlanScope` of the run
        :param left_out: partners and journal items to leave out this time
        """
        promises = self.env["dunning.promise"]
        for model in (promises, promises.line_ids, promises.hold_ids):
            model.flush_model()
        relation = promises._fields["move_line_ids"]
        self.promise_count = self._hand_over(
            "promise",
            scope,
            left_out,
            passed=self._get_missed_promises_sql(),
            told=SQL(
                "SELECT %s AS passed_id, %s AS move_line_id FROM %s",
                SQL.identifier(relation.column1),
                SQL.identifier(relation.column2),
                SQL.identifier(relation.relation),
            ),
            links=("promise_id", "promise_line_id"),
        )

    def _get_missed_promises_sql(self) -> SQL:
        """Promises with a missed instalment for which nobody has called yet, nor
        contacted the customer since dunning resumed."""
        return SQL(
            """
            SELECT promise.id,
                   promise.partner_id,
                   NULL::integer AS scenario_id,
                   promise.user_id,
                   'call' AS channel,
                   promise.id AS promise_id,
                   missed.id AS promise_line_id
              FROM dunning_promise promise
        CROSS JOIN LATERAL (
                       SELECT id
                         FROM dunning_promise_line
                        WHERE promise_id = promise.id
                          AND state IN ('partly_kept', 'broken')
                     ORDER BY date DESC, id DESC
                        LIMIT 1
                   ) missed
             WHERE promise.company_id = %(company)s
               AND promise.resume = 'call'
               AND promise.decision IS NULL
               AND promise.approval IS DISTINCT FROM 'waiting'
               AND promise.date_last >= %(oldest)s
               AND NOT EXISTS (
                       SELECT FROM dunning_action follower
                        WHERE follower.promise_line_id = missed.id
                          AND follower.kind = 'promise'
                   )
               AND NOT EXISTS (
                       SELECT FROM dunning_action later
                        WHERE later.partner_id = promise.partner_id
                          AND later.company_id = promise.company_id
                          AND later.state = 'done'
                          AND later.kind NOT IN ('start', 'notice')
                          AND later.date_done >= (
                                  SELECT MAX(date_resume)
                                    FROM dunning_hold
                                   WHERE promise_id = promise.id
                              )
                   )
            """,
            company=self.company_id.id,
            oldest=shift(self.date, -DEADLINE_HORIZON),
        )

    def _hand_over_all(self, scope, left_out):
        # EXTENDS 'account_dunning'
        result = super()._hand_over_all(scope, left_out)
        self._apply_promises(scope, left_out)
        return result
