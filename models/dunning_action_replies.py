from odoo import api, models


class DunningAction(models.Model):
    """Answers to e-mails: they go to the customer's chatter where Odoo receives mail,
    else to the collector."""

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
        sendings = self.env["dunning.sending"].search(
            [("message_sent_id", "=", message.parent_id.id)]
        )
        for action in sendings.action_id:
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
