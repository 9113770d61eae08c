from itertools import chain

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, format_date


class DunningAction(models.Model):
    """Addresses from which e-mails came back: they are not written to again without a
    word, and who looks after the customer is told of each.

    An address counts as lost from the day an e-mail came back until one has reached it.
    Whoever sends a failed action again tries it all the same.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    lost_recipient_ids = fields.Many2many(
        "res.partner",
        string="Lost Recipients",
        compute="_compute_lost_recipient_ids",
        help="The last e-mail to their addresses came back.",
    )
    lost_reason = fields.Char(
        string="Not Written to Because", compute="_compute_lost_recipient_ids"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("recipient_ids", "state")
    @api.depends_context("lang")
    def _compute_lost_recipient_ids(self):
        self.lost_recipient_ids = False
        self.lost_reason = False
        pending = self.filtered(lambda action: action.state in ("to_validate", "todo"))
        for company, actions in chain(
            *(r.grouped("company_id").items() for r in pending._by_rights_on_customer())
        ):
            lost = actions._find_lost_addresses(company)
            for action in actions if lost else ():
                action._set_lost_recipients(lost)

    def _set_lost_recipients(self, lost):
        """Set those who are not written to.

        :param lost: dict of address to what there is to say about it
        """
        self.ensure_one()
        partners = self.recipient_ids.filtered(
            lambda partner: email_normalize(partner.email) in lost
        )
        self.lost_recipient_ids = partners
        self.lost_reason = " ".join(
            dict.fromkeys(lost[email_normalize(partner.email)] for partner in partners)
        )

    def _find_lost_addresses(self, company):
        """Return from which of the addresses the last e-mail came back.

        :return: dict of address to what there is to say about it
        """
        addresses = {email_normalize(p.email) for p in self.recipient_ids} - {False}
        # Who plans one by hand may clear the company before choosing another.
        if not addresses or not company:
            return {}
        self.env["dunning.sending.recipient"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.address)
                       line.address, line.state, line.date_state
                  FROM dunning_sending_recipient line
                  JOIN dunning_sending sending ON sending.id = line.sending_id
                 WHERE line.address = ANY(%s)
                   AND line.state IN ('sent', 'bounced')
                   AND sending.company_id = %s
              ORDER BY line.address, line.id DESC
                """,
                list(addresses),
                company.id,
            )
        )
        return {
            address: self.env._(
                "The last e-mail to %(address)s came back on %(date)s.",
                address=address,
                date=format_date(self.env, date),
            )
            for address, state, date in rows
            if state == "bounced"
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_recipients(self):
        # EXTENDS 'account_dunning': not where the last e-mail came back from
        return super()._get_recipients() - self.lost_recipient_ids

    def _get_missing_for_email(self):
        # EXTENDS 'account_dunning': say it instead of writing there again
        if self.lost_recipient_ids and not self._get_recipients():
            return self.env._(
                "%s Correct the address on the customer or on its contact, or send "
                "again to try it all the same.",
                self.lost_reason,
            )
        return super()._get_missing_for_email()

    def _send_emails(self):
        # EXTENDS 'account_dunning': who was left out is said in the history
        told = {
            action.id: self.env._(
                "Not written to %(names)s: %(reason)s",
                names=", ".join(action.lost_recipient_ids.mapped("display_name")),
                reason=action.lost_reason,
            )
            for action in self
            if action.lost_recipient_ids
        }
        sent = super()._send_emails()
        left_out = sent.filtered(lambda action: action.id in told)
        left_out._message_log_batch(bodies={id_: told[id_] for id_ in left_out.ids})
        return sent

    def _follow_lost_recipients(self, recipients, message):
        # EXTENDS 'account_dunning': have the collector look for another address
        result = super()._follow_lost_recipients(recipients, message)
        addresses = ", ".join(recipients.mapped("address"))
        self._remind_collector(
            lambda env: env._("E-mail to %s came back", addresses), message
        )
        return result


class DunningSendingRecipient(models.Model):
    _inherit = "dunning.sending.recipient"

    _address_idx = models.Index("(address, id) WHERE state IN ('sent', 'bounced')")
