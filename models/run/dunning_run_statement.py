from dataclasses import dataclass

from odoo import models
from odoo.tools import SQL


@dataclass(frozen=True)
class Contacts:
    """What a statement creates actions and their lines of.

    :param action: SQL selecting a row for each action: the key and the columns
    :param columns: columns of ``dunning_action`` that are given; company, run, amount,
        oldest due date and who has written it come by themselves
    :param content: SQL selecting a row for each item of an action: the key, columns of
        the plan (``id, move_id, name, date_due, days_late, currency_id, residual,
        withheld, claim, deduction_company``), ``new_level_id`` (which it reaches by the
        action), ``is_aligned``, ``further`` (the text only refers to it) and
        ``is_early`` (the action comes by the due date)
    :param key: columns that tell the actions apart, in both
    :param line_state: state of the lines
    """

    action: SQL
    columns: tuple[str, ...]
    content: SQL
    key: tuple[str, ...] = ("partner_id",)
    line_state: str = "open"


class DunningRun(models.Model):
    """The one place where actions and lines are inserted by SQL: a whole ledger is
    planned and written down by one statement. What the run plans, what is handed over
    and the starting levels are its sources."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_creation_sql(self, contacts: Contacts, company) -> SQL:
        """Return the parts of a statement, to follow ``WITH``, that create actions and
        lines, but for what the database refuses to have twice: ``created`` (``id``)
        and ``listed`` (``move_line_id``).

        An empty run stands for none.

        :param company: ``res.company`` of the actions
        """
        return SQL(
            """
            contact AS MATERIALIZED (
                SELECT NEXTVAL('dunning_action_id_seq') AS action_id, contact.*
                  FROM (SELECT * FROM (%(action)s) contact ORDER BY %(key)s) contact
            ),
            content AS NOT MATERIALIZED (%(content)s),
            created AS (%(actions)s),
            listed AS (%(lines)s)
            """,
            action=contacts.action,
            key=_list(contacts.key),
            content=contacts.content,
            actions=self._get_actions_sql(contacts, company),
            lines=self._get_lines_sql(contacts),
        )

    def _get_actions_sql(self, contacts, company) -> SQL:
        return SQL(
            """
            INSERT INTO dunning_action (
                id, %(columns)s, company_id, run_id, amount, date_due,
                create_uid, create_date, write_uid, write_date
            )
            SELECT contact.action_id, %(values)s, %(company)s, %(run)s,
                   claimed.amount, claimed.date_due,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM contact
              JOIN (%(claimed)s) claimed USING (%(key)s)
            ON CONFLICT DO NOTHING
         RETURNING id
            """,
            columns=_list(contacts.columns),
            values=_list(contacts.columns, "contact"),
            company=company.id,
            run=self.id or None,
            claimed=self._get_amount_sql(contacts, company),
            key=_list(contacts.key),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _get_amount_sql(self, contacts, company) -> SQL:
        """What each action claims, of all currencies in that of the company."""
        key = _list(contacts.key)
        return SQL(
            """
            SELECT %(key)s,
                   ROUND(SUM(GREATEST(amount, 0)), %(digits)s) AS amount,
                   MIN(date_due) AS date_due
              FROM (%(claimed)s) claimed
          GROUP BY %(key)s
            """,
            key=key,
            digits=company.currency_id.decimal_places,
            claimed=self.env["dunning.plan"]._get_claimed_sql(
                SQL("SELECT * FROM content"), key
            ),
        )

    def _get_lines_sql(self, contacts) -> SQL:
        return SQL(
            """
            INSERT INTO dunning_action_line (
                action_id, state, drop_cause, level_id, is_aligned, move_line_id,
                item_ref, move_id, name, date_due, currency_id, amount_residual,
                amount_withheld
            )
            SELECT created.id,
                   CASE WHEN content.further THEN 'dropped' ELSE %(state)s END,
                   CASE WHEN content.further THEN 'further' END,
                   content.new_level_id,
                   content.is_aligned,
                   content.id,
                   content.id,
                   content.move_id,
                   content.name,
                   content.date_due,
                   content.currency_id,
                   content.residual,
                   content.withheld
              FROM created
              JOIN contact ON contact.action_id = created.id
              JOIN content USING (%(key)s)
          ORDER BY created.id, content.date_due, content.id
            ON CONFLICT DO NOTHING
         RETURNING move_line_id
            """,
            state=contacts.line_state,
            key=_list(contacts.key),
        )


def _list(names, *alias) -> SQL:
    """Return a list of columns."""
    return SQL(", ").join(SQL.identifier(*alias, name) for name in names)
