from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.words import OPEN_STATES, READERS, WRITTEN_CHANNELS
from ..base.dunning_entered import accepts
from ..ledger.account_move_line_closing import PAYMENT_JOURNALS

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100

# What can be asked for; a contact in writing is also a message.
KINDS = (
    "contact",
    "message",
    "payment",
    "promise",
    "dispute",
    "litigation",
    "einvoice",
    "note",
    "hold",
)

# What people write to each other, what is sent to them, and what they have chosen.
MESSAGE_TYPES = ("comment", "auto_comment", "email", "email_outgoing", "sms")


class ResPartner(models.Model):
    """What happened with a customer, the last on top.

    How it works: one statement finds which entries come next, whatever they are
    (``source``) and wherever they are kept; then those of each source are read and
    told together. So a page costs the same number of queries on any history.
    """

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.readonly
    @accepts(kind="string", offset="integer", limit="integer", company="many2one")
    def dunning_get_timeline(
        self,
        kind: str | None = None,
        offset: int = 0,
        limit: int = PAGE_SIZE,
        company: int | None = None,
    ):
        """Return a page of the history of the customer.

        :param kind: one of ``contact, message, payment, promise, dispute,
            litigation, einvoice, note, hold``, all by default
        :param offset: number of entries to pass over
        :param limit: number of entries to return
        :param company: id of the company, the current one by default
        :return: dict of ``entries`` (list of dicts) and ``more`` (whether some follow)
        :raise AccessError: the user may not see what is owed
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(READERS):
            raise AccessError(
                self.env._("You need access to dunning to see what happened.")
            )
        company = self.env["res.company"].browse(company) or self.env.company
        company._dunning_check_allowed()
        limit = min(max(int(limit), 1), MAX_PAGE_SIZE)
        partner = self.commercial_partner_id.with_company(company)
        keys = partner._dunning_find_entries(kind, max(int(offset), 0), limit + 1)
        return {
            "entries": partner._dunning_tell_entries(keys[:limit]),
            "more": len(keys) > limit,
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_entries(self, kind: str | None, offset: int, limit: int) -> list:
        """Return what comes next in the history: pairs of source and record id."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT source, id
                  FROM (%(entries)s) entry
                 WHERE %(restriction)s
              ORDER BY moment DESC, source, id DESC
                LIMIT %(limit)s OFFSET %(offset)s
                """,
                entries=SQL(" UNION ALL ").join(self._dunning_get_entry_queries()),
                restriction=(
                    SQL("%s = ANY(kinds)", kind) if kind in KINDS else SQL("TRUE")
                ),
                limit=limit,
                offset=offset,
            )
        )

    def _dunning_get_entry_queries(self):
        """Return the statements that give the entries: ``source, id, moment,
        kinds``. Override to add a source, with :meth:`_dunning_tell_SOURCE`."""
        return [
            self._dunning_get_action_query(),
            self._dunning_get_message_query(),
            self._dunning_get_credit_query(),
            self._dunning_get_payment_query(),
            self._dunning_get_hold_query(),
        ]

    def _dunning_get_action_query(self) -> SQL:
        return SQL(
            """
            SELECT 'action' AS source,
                   id,
                   COALESCE(date_done + write_date::time, write_date) AS moment,
                   CASE WHEN channel IN %(written)s
                        THEN ARRAY['contact', 'message']
                        ELSE ARRAY['contact']
                   END AS kinds
              FROM dunning_action
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND state NOT IN %(open_states)s
            """,
            written=WRITTEN_CHANNELS,
            partner=self.id,
            company=self.env.company.id,
            open_states=OPEN_STATES,
        )

    def _dunning_get_message_query(self) -> SQL:
        """Messages of the customer, of its actions, invoices, promises, disputes and
        litigations; what an action has sent is told by the action."""
        return SQL(
            """
            SELECT 'message',
                   message.id,
                   message.date,
                   CASE WHEN message.message_type IN ('comment', 'auto_comment')
                         AND (message.is_internal OR subtype.internal)
                        THEN ARRAY['note'] ELSE ARRAY['message']
                   END
              FROM (
                   SELECT 'res.partner' AS model, %(partner)s AS id
                    UNION ALL
                   SELECT 'dunning.action', id FROM dunning_action
                    WHERE partner_id = %(partner)s AND company_id = %(company)s
                    UNION ALL
                   SELECT 'account.move', id FROM account_move
                    WHERE commercial_partner_id = %(partner)s
                      AND company_id = %(company)s
                      AND move_type IN ('out_invoice', 'out_refund')
                    UNION ALL
                   SELECT 'dunning.promise', id FROM dunning_promise
                    WHERE partner_id = %(partner)s AND company_id = %(company)s
                    UNION ALL
                   SELECT 'dunning.dispute', id FROM dunning_dispute
                    WHERE partner_id = %(partner)s AND company_id = %(company)s
                    UNION ALL
                   SELECT 'dunning.litigation', id FROM dunning_litigation
                    WHERE partner_id = %(partner)s AND company_id = %(company)s
                   ) thread
              JOIN mail_message message
                ON message.model = thread.model AND message.res_id = thread.id
         LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
             WHERE message.message_type IN %(types)s
               AND %(readable)s
               AND NOT EXISTS (
                   SELECT FROM dunning_sending sending
                    WHERE sending.message_sent_id = message.id
                      AND sending.is_beside IS NOT TRUE
                   )
            """,
            partner=self.id,
            company=self.env.company.id,
            types=MESSAGE_TYPES,
            readable=self._dunning_get_readable_sql(),
        )

    def _dunning_get_credit_query(self) -> SQL:
        """What the ledger says came in: payments, credit notes, other credits, and
        payments that were returned; of a parent company, those that pay invoices of
        this one. Differences of exchange are no payment."""
        return SQL(
            """
            SELECT 'credit', line.id, line.date::timestamp, ARRAY['payment']
              FROM account_move_line line
              JOIN account_journal journal ON journal.id = line.journal_id
             WHERE line.partner_id IN (%(contacts)s)
               AND (
                   line.company_id = %(company)s
                OR line.company_id = ANY(%(parents)s)
                   AND EXISTS (
                       SELECT FROM account_partial_reconcile partial
                         JOIN account_move_line item
                           ON item.id = partial.debit_move_id
                        WHERE partial.credit_move_id = line.id
                          AND item.company_id = %(company)s
                       )
                   )
               AND line.parent_state = 'posted'
               AND line.account_id = ANY(%(accounts)s)
               AND (
                   line.amount_currency < 0
                OR line.amount_currency > 0 AND journal.type IN %(payments)s
                   )
               AND NOT EXISTS (
                   SELECT FROM account_partial_reconcile partial
                    WHERE partial.exchange_move_id = line.move_id
                   )
            """,
            contacts=self._dunning_get_contacts_query(),
            company=self.env.company.id,
            parents=list(
                self.env["res.company"]._dunning_get_parent_ids(self.env.company)
            ),
            accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            payments=PAYMENT_JOURNALS,
        )

    def _dunning_get_payment_query(self) -> SQL:
        """Payments that have no entry in the ledger yet."""
        return SQL(
            """
            SELECT 'payment', id, date::timestamp, ARRAY['payment']
              FROM account_payment
             WHERE partner_id IN (%(contacts)s)
               AND (
                   company_id = %(company)s
                OR company_id = ANY(%(parents)s)
                   AND EXISTS (
                       SELECT FROM account_move__account_payment rel
                         JOIN account_move move ON move.id = rel.invoice_id
                        WHERE rel.payment_id = account_payment.id
                          AND move.company_id = %(company)s
                       )
                   )
               AND move_id IS NULL
               AND state = 'in_process'
               AND payment_type = 'inbound'
            """,
            contacts=self._dunning_get_contacts_query(),
            company=self.env.company.id,
            parents=list(
                self.env["res.company"]._dunning_get_parent_ids(self.env.company)
            ),
        )

    def _dunning_get_hold_query(self) -> SQL:
        """Each hold is told twice: when it was set, and when it ended. Those of
        promises, disputes and litigations are no event of their own."""
        return SQL(
            """
            SELECT 'hold_set', id, create_date, ARRAY['hold']
              FROM dunning_hold
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND promise_id IS NULL
               AND dispute_id IS NULL
               AND litigation_id IS NULL
             UNION ALL
            SELECT 'hold_end',
                   id,
                   COALESCE(
                       date_released + write_date::time,
                       date_end + INTERVAL '1 day' - INTERVAL '1 second'
                   ),
                   ARRAY['hold']
              FROM dunning_hold
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND promise_id IS NULL
               AND dispute_id IS NULL
               AND litigation_id IS NULL
               AND (date_released IS NOT NULL OR date_end < %(today)s)
            """,
            partner=self.id,
            company=self.env.company.id,
            today=self.env.company._dunning_today(),
        )

    def _dunning_get_contacts_query(self) -> SQL:
        """Return SQL selecting the customer and all who belong to it."""
        return SQL(
            "SELECT id FROM res_partner WHERE commercial_partner_id = %s", self.id
        )
