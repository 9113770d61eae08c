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
        """Tell the collector of an answer."""
        self.ensure_one()
        self._remind_collector(
            lambda env: env._("Answer to “%s”", self.with_env(env).title),
            message.preview,
        )
