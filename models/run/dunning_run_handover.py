from collections.abc import Sequence
from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

from ..plan.dunning_plan import PlanScope
from .dunning_run_statement import Contacts

# Days after which a deadline that passed without anybody noticing is left to the
# scenario, which has gone on meanwhile.
DEADLINE_HORIZON = 90

HANDOVER_COLUMNS = (
    "partner_id",
    "scenario_id",
    "kind",
    "channel",
    "execution",
    "state",
    "date",
    "user_id",
)


class DunningRun(models.Model):
    """What has passed without payment is handed over to the collector: one action for
    each deadline or broken promise, for what it was about and is still claimed.

    How it works: each source says which of its kind have passed and which items they
    were about. The customers of those that still have an open item are planned by the
    statement of the plan, which knows what is paid, held or covered. Whatever has an
    open action, or a step that day, needs no other.
    """

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _hand_over(
        self,
        kind: str,
        scope: PlanScope,
        left_out: tuple,
        *,
        passed: SQL,
        told: SQL,
        links: Sequence[str],
    ) -> int:
        """Create the actions of what has passed without payment.

        :param kind: kind of the actions
        :param scope: the :class:`PlanScope` of the run
        :param left_out: partners and journal items to leave out this time
        :param passed: SQL selecting ``id, partner_id, scenario_id, user_id, channel``
            and the links
        :param told: SQL selecting ``passed_id, move_line_id``: what each was about
        :param links: columns of ``dunning_action`` that say what has passed
        :return: the number of actions
        """
        self.env["dunning.action"].flush_model()
        self.env["dunning.plan"]._flush()
        query = self._get_late_query(passed, told)
        partners = [id_ for (id_,) in self.env.execute_query(query)]
        if not partners:
            return 0
        query = self._get_handover_query(
            kind, replace(scope, partners=partners), left_out, passed, told, links
        )
        [(count,)] = self.env["dunning.plan"]._execute_on_ledger(query)
        return count

    def _get_late_query(self, passed, told) -> SQL:
        """Customers with an open item of what has passed."""
        return SQL(
            """
            SELECT DISTINCT passed.partner_id
              FROM (%s) passed
              JOIN (%s) told ON told.passed_id = passed.id
              JOIN account_move_line item ON item.id = told.move_line_id
             WHERE item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
            """,
            passed,
            told,
        )

    def _get_handover_query(self, kind, scope, left_out, passed, told, links) -> SQL:
        return SQL(
            """
            WITH plan AS MATERIALIZED (%(plan)s),
                 passed AS MATERIALIZED (%(passed)s),
                 %(creation)s
            SELECT COUNT(*) FROM created
            """,
            plan=self.env["dunning.plan"]._get_query(scope),
            passed=passed,
            creation=self._get_creation_sql(
                Contacts(
                    action=self._get_handover_contact_sql(kind, scope, links),
                    columns=(*HANDOVER_COLUMNS, *links),
                    content=self._get_handover_content_sql(scope, left_out, told),
                    key=("passed_id",),
                ),
                scope.company,
            ),
        )

    def _get_handover_content_sql(self, scope, left_out, told) -> SQL:
        """What is still claimed of what has passed, and has neither an open action nor
        a customer with a step."""
        excluded_partners, excluded_lines = left_out
        return SQL(
            """
            SELECT passed.id AS passed_id,
                   plan.*,
                   NULL::integer AS new_level_id,
                   FALSE AS is_aligned,
                   FALSE AS further,
                   FALSE AS is_early
              FROM passed
              JOIN (%(told)s) told ON told.passed_id = passed.id
              JOIN plan ON plan.id = told.move_line_id
             WHERE plan.listed
               AND COALESCE(plan.restart_date <= %(today)s, TRUE)
               AND plan.partner_id != ALL(%(partners)s)
               AND plan.id != ALL(%(lines)s)
               AND NOT EXISTS (
                       SELECT FROM dunning_action_line covered
                        WHERE covered.move_line_id = plan.id
                          AND covered.state = 'open'
                   )
               AND plan.partner_id NOT IN (
                       SELECT partner_id FROM plan WHERE decision = 'step'
                   )
            """,
            told=told,
            today=scope.date,
            partners=excluded_partners.ids,
            lines=excluded_lines.ids,
        )

    def _get_handover_contact_sql(self, kind, scope, links) -> SQL:
        # The plan of a company does not depend on who runs it.
        partners_sudo = self.env["res.partner"].sudo().with_company(scope.company)
        return SQL(
            """
            SELECT passed.id AS passed_id,
                   passed.partner_id,
                   passed.scenario_id,
                   %(kind)s AS kind,
                   passed.channel,
                   'manual' AS execution,
                   'todo' AS state,
                   %(date)s::date AS date,
                   %(collector)s AS user_id,
                   %(links)s
              FROM passed
              JOIN res_partner partner ON partner.id = passed.partner_id
            """,
            kind=kind,
            date=scope.company._dunning_get_working_day(self.date),
            collector=scope.company._dunning_get_worker_sql(
                SQL(
                    "COALESCE(passed.user_id, %s)",
                    partners_sudo._field_to_sql("partner", "dunning_user_id"),
                )
            ),
            links=SQL(", ").join(SQL.identifier("passed", name) for name in links),
        )

    @api.model
    def _get_given_time_sql(self, scope) -> SQL:
        """Customers who need no follow-up for now: they still have the time that the
        last letter gave them, or a collector acts because something has passed."""
        return SQL(
            """
            SELECT action.partner_id
              FROM dunning_action action
         LEFT JOIN dunning_level level ON level.id = action.level_id
             WHERE action.company_id = %(company)s
               AND (
                   action.state = 'done'
                   AND action.date_deadline >= %(date)s
                   AND level.deadline_channel IS NOT NULL
                   OR action.state IN ('to_validate', 'todo', 'failed')
                   AND action.kind IN ('deadline', 'promise')
               )
            """,
            company=scope.company.id,
            date=scope.date,
        )

    def _hand_over_all(self, scope, left_out):
        """Hand over what has passed without payment. Override to add a source.

        :param scope: the :class:`PlanScope` of the run
        :param left_out: partners and journal items to leave out this time
        """
