from odoo import models
from odoo.tools import SQL

from ...tools.dates import shift
from ...tools.words import WRITTEN_CHANNELS
from ..ledger.account_move_line_closing import PAYMENT_JOURNALS

# Who pays later than that does not pay because of the reminder.
THANKED_DAYS = 60


class DunningRun(models.Model):
    """Thanks: a short e-mail on the day after everything overdue was paid, when there
    was a reminder of some of it."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        # EXTENDS 'account_dunning': they are counted with the other actions
        self._apply_thanks(excluded_partners)
        return super()._apply(excluded_partners, excluded_lines)

    def _apply_thanks(self, excluded_partners):
        """Create thanks to those who owe nothing overdue any more."""
        reminders = self._find_thanked().filtered(
            lambda action: action.partner_id not in excluded_partners
        )
        workers = self.company_id._dunning_get_workers()
        day = self.company_id._dunning_get_working_day()
        # What the system plans is not told as somebody's creation.
        actions = self.env["dunning.action"].with_context(tracking_disable=True)
        actions.create(
            [
                {
                    "kind": "notice",
                    "notice": "thanks",
                    "thanked_id": reminder.id,
                    "partner_id": reminder.partner_id.id,
                    "company_id": self.company_id.id,
                    "user_id": workers.find(reminder.user_id.id),
                    "date": max(day, self.date),
                    "execution": "automatic",
                    "channel": "email",
                    "run_id": self.id,
                }
                for reminder in reminders
            ]
        )

    def _find_thanked(self) -> models.BaseModel:
        """Return the reminders after which the run thanks."""
        if not self.company_id.dunning_thanks:
            return self.env["dunning.action"]
        return self._find_followed_reminders().filtered(
            lambda action: action.partner_id.active and action._has_thanked_address()
        )

    def _find_followed_reminders(self):
        """Return the last reminder of each customer that has paid something of it and
        owes nothing overdue, unless it was thanked."""
        plan = self.env["dunning.plan"]
        plan._flush()
        scope = self.company_id._dunning_scope(self.date)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT reminder.id
                  FROM (
                       SELECT DISTINCT ON (action.partner_id)
                              action.id, action.partner_id, action.date_done
                         FROM dunning_action action
                        WHERE action.company_id = %(company)s
                          AND action.state = 'done'
                          AND action.kind NOT IN ('start', 'notice')
                          AND action.channel IN %(written)s
                          AND action.date_done >= %(since)s
                          AND EXISTS (
                              SELECT FROM dunning_action_line line
                               WHERE line.action_id = action.id
                                 AND line.state = 'done'
                                 AND line.date_due < action.date_done
                              )
                     ORDER BY action.partner_id, action.date_done DESC, action.id DESC
                       ) reminder
                 WHERE NOT EXISTS (
                       SELECT FROM dunning_action thanks
                        WHERE thanks.thanked_id = reminder.id
                       )
                   AND EXISTS (
                       SELECT FROM dunning_action_line line
                         JOIN account_partial_reconcile partial
                           ON partial.debit_move_id = line.move_line_id
                         JOIN account_move_line credit
                           ON credit.id = partial.credit_move_id
                         JOIN account_journal journal
                           ON journal.id = credit.journal_id
                        WHERE line.action_id = reminder.id
                          AND line.state = 'done'
                          AND line.date_due < reminder.date_done
                          AND journal.type IN %(payments)s
                       )
                   AND NOT EXISTS (
                       SELECT FROM (%(lines)s) line
                        WHERE line.partner_id = reminder.partner_id
                          AND line.residual > 0
                          AND line.date_due < %(day)s
                       )
              ORDER BY reminder.id
                """,
                company=self.company_id.id,
                written=WRITTEN_CHANNELS,
                since=shift(self.date, -THANKED_DAYS),
                payments=PAYMENT_JOURNALS,
                lines=plan._get_open_line_sql(scope),
                day=self.date,
            )
        )
        return self.env["dunning.action"].browse(id_ for (id_,) in rows)


class DunningAction(models.Model):
    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _has_thanked_address(self):
        """Return whether there is an address to which thanks can be written."""
        self.ensure_one()
        customer = self.partner_id.with_company(self.company_id)
        contact = customer._dunning_get_contacts()[customer.id]
        return bool(contact.email_normalized or customer.email_normalized)
