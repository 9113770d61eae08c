from odoo import api, models
from odoo.tools import email_normalize

from ..tools.bounces import read_bounce


class DunningAction(models.Model):
    """Answers to e-mails: they go to the customer's chatter where Odoo receives mail,
    else to the collector; what comes back fails its action."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - REPLIES
    # ------------------------------------------------------------------

    def _fill_reply_to(self, values):
        """Have answers come back to the customer's chatter if Odoo receives mail,
        under the collector's name; otherwise to the collector.

        :param values: what the template gave, by action id: an address that it gives
            itself stays
        """
        for company, actions in self.grouped("company_id").items():
            partners = actions.partner_id.with_company(company)
            authors = {a.partner_id.id: a._get_author() for a in actions}
            addresses = partners._notify_get_reply_to_batch(
                defaults={
                    id_: author.email_formatted or company.email_formatted
                    for id_, author in authors.items()
                },
                author_ids={id_: author.id for id_, author in authors.items()},
            )
            for action in actions:
                rendered = values[action.id]
                address = addresses[action.partner_id.id]
                rendered["reply_to"] = rendered.get("reply_to") or address

    def _get_author(self):
        """Return in whose name the action speaks: the collector, else the user."""
        self.ensure_one()
        return self.user_id.partner_id or self.env.user.partner_id

    @api.model
    def _follow_reply(self, message):
        """Tell the collector that a customer has answered.

        :param message: ``mail.message`` received
        """
        if message.author_id and not message.author_id.partner_share:
            return
        for action in self.search([("sent_message_id", "=", message.parent_id.id)]):
            action._remind_of_reply(message)

    def _remind_of_reply(self, message):
        """Put the answer among the activities of the collector, once until it has
        been dealt with."""
        self.ensure_one()
        user = self.user_id or self.company_id.dunning_user_id
        if not user.active:
            return
        # Collectors are not mailed about it: they have their agenda.
        customer = self.partner_id.with_context(
            lang=user.lang, mail_activity_quick_update=True
        )
        title = self.with_context(lang=user.lang).title
        summary = customer.env._("Answer to “%s”", title)
        known = customer.activity_ids.filtered(
            lambda activity: activity.user_id == user and activity.summary == summary
        )
        if not known:
            customer.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.company_id._dunning_today(),
                summary=summary,
                note=message.preview,
                user_id=user.id,
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - BOUNCES
    # ------------------------------------------------------------------

    @api.model
    def _follow_bounce(self, email_message, message_dict):
        """Mark the action as failed whose e-mail has come back.

        :param email_message: what the mail server sent
        :param message_dict: what Odoo understood of it
        """
        bounce = read_bounce(email_message)
        sent = message_dict.get("bounced_message")
        if not sent or not bounce.final:
            return
        address = email_normalize(message_dict.get("bounced_email") or "")
        for action in self.search([("sent_message_id", "in", sent.ids)]):
            # The copy of somebody else that comes back is not the customer's.
            own = [email_normalize(p.email) for p in action.mail_id.recipient_ids]
            if not address or address in own:
                action._fail_after_sending(action._get_bounce_message(bounce))

    def _get_bounce_message(self, bounce):
        """Return why the e-mail came back, in the words of the user."""
        self.ensure_one()
        reasons = {
            "address": self.env._("this address does not exist"),
            "closed": self.env._("this mailbox is closed"),
            "domain": self.env._("the customer's mail server cannot be reached"),
            "full": self.env._("the mailbox is full"),
            "refused": self.env._("the customer's mail server refuses our e-mails"),
            "size": self.env._("the e-mail is too large"),
            "other": self.env._("the customer's mail server sent it back"),
        }
        text = self.env._(
            "The e-mail to %(address)s came back: %(reason)s.",
            address=", ".join(filter(None, self.mail_id.recipient_ids.mapped("email"))),
            reason=reasons[bounce.subject],
        )
        return f"{text}\n{bounce.detail}" if bounce.detail else text
