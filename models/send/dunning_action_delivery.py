from markupsafe import Markup

from odoo import fields, models
from odoo.tools import SQL

from ...tools.dates import shift
from ...tools.plan import UNCLAIMED_REASONS

# For how many days an e-mail waits for a mail server that cannot be reached.
WAITING_DAYS = 2
# So often in a day an e-mail is written anew because something has changed meanwhile.
MOST_STOPS = 5


class DunningAction(models.Model):
    """What becomes of a message after it was handed over: Odoo's mail queue sends it
    right afterwards, in transactions of its own, unless the ledger has overtaken it.

    What did not reach the customer was no contact. Its action is taken back: its
    lines are open again, the level no longer counts, and the ledger is looked at
    anew. This is the only way out of what is done, and nobody can call it from
    outside.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ENTRY POINTS
    # ------------------------------------------------------------------

    def _fail_after_sending(self, message):
        """Mark done actions as failed because what they sent has not arrived: it was
        refused, or came back. They can be sent again.

        :param message: why, for the collector
        :return: the actions that were done
        """
        failed = self.filtered(lambda action: action.state == "done")
        failed._take_back("failed", message)
        failed._log_not_sent(message)
        failed._refresh_after_take_back()
        return failed

    def _filter_outdated(self):
        """Return those that the ledger has overtaken while the e-mail waited: what
        they have written must not go out."""
        outdated = self.browse()
        for company, actions in self.grouped("company_id").items():
            rows = actions._get_plan_rows(company, company._dunning_today(), True)
            outdated |= actions.filtered(
                lambda a, rows=rows: a._get_kind()._is_outdated(a, rows)
            )
        return outdated

    def _plan_again(self):
        """Plan again what has not been sent to anybody."""
        again = self.filtered(
            lambda action: "sent" not in action.sending_id.recipient_ids.mapped("state")
        )
        # What is stopped time and again would be written anew for ever.
        restless = again.filtered(lambda action: action._was_stopped_often())
        restless._fail_after_sending(
            self.env._(
                "The e-mail was stopped %s times in a day, each time because "
                "something had changed: look at it, then send it yourself.",
                MOST_STOPS,
            )
        )
        again -= restless
        again._take_back("todo", False)
        again._refresh_after_take_back()
        if again:
            self._trigger_execution()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _was_stopped_often(self):
        """Return whether its e-mails were stopped as often as is borne in a day."""
        self.ensure_one()
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        stopped = self.sending_ids.filtered(
            lambda sending: (
                not sending.is_beside
                and sending.state == "cancelled"
                and sending.date > yesterday
            )
        )
        return len(stopped) >= MOST_STOPS

    def _is_waiting_day(self):
        self.ensure_one()
        today = self.company_id._dunning_today()
        return today < shift(self.date_done or today, WAITING_DAYS)

    def _has_other_amounts(self, rows):
        """Return whether the items or their amounts are not those that were written.

        :param rows: what the plan says of the items now
        """
        self.ensure_one()
        for line in self.line_ids.filtered(lambda line: line.state == "done"):
            row = rows.get(line.move_line_id.id)
            if not row or row["reason"] in UNCLAIMED_REASONS:
                return True
            amounts = self._prepare_line_amounts(row)
            if any(line[name] != value for name, value in amounts.items()):
                return True
        return False

    def _take_back(self, state, message):
        """Reopen what was done. The protection of what is done is passed by on
        purpose, hence SQL.

        :param state: new state
        :param message: reason of a failure
        """
        if not self:
            return
        items = self.line_ids.filtered(lambda line: line.state == "done").move_line_id
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_action
                   SET state = %s,
                       failure = %s,
                       date_done = NULL,
                       done_user_id = NULL,
                       deductions = NULL,
                       write_uid = %s,
                       write_date = %s
                 WHERE id = ANY(%s)
                """,
                state,
                message or None,
                self.env.uid,
                self.env.cr.now(),
                self.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_action_line
                   SET state = 'open'
                 WHERE state = 'done' AND action_id = ANY(%s)
                """,
                self.ids,
            )
        )
        self.invalidate_recordset()
        self.line_ids.invalidate_recordset()
        self.env["dunning.item.state"]._rebuild(items.ids)

    def _refresh_after_take_back(self):
        """Follow what has happened meanwhile to these and the customers' others."""
        for company, actions in self.grouped("company_id").items():
            self.env["dunning.ledger"]._customers_changed(company, actions.partner_id)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - LOGGING
    # ------------------------------------------------------------------

    def _log_not_sent(self, message):
        """Note the failure wherever the contact was noted."""
        self._message_log_batch(bodies=dict.fromkeys(self.ids, message))
        bodies = {action: action._get_not_sent_body(message) for action in self}
        self._log_on_partners(bodies)
        self._log_on_invoices(bodies)

    def _get_not_sent_body(self, message):
        self.ensure_one()
        return Markup("%s<br/>%s") % (
            Markup(self.env._("Did not reach the customer: %s")) % self._get_log_body(),
            message,
        )
