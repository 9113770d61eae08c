from odoo import fields, models
from odoo.tools import plaintext2html


class DunningHold(models.Model):
    """Holds until somebody who was asked has decided: the question ends with them."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account_dunning': what has ended is not to be decided any more
        result = super().write(vals)
        if vals.get("date_released"):
            by_hand = self.filtered(lambda hold: hold.origin == "manual")
            by_hand._close_asked(self.env._("The hold has ended."))
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _close_asked(self, text: str) -> None:
        """Ask nobody any more what becomes of what is on hold.

        :param text: what was decided
        """
        # Who decides need not be who was asked.
        activities_sudo = self.env["mail.activity"].sudo()
        asked_sudo = activities_sudo.search([("dunning_hold_id", "in", self.ids)])
        if asked_sudo:
            asked_sudo.action_feedback(text)

    def _tell_decided(self, text):
        """Tell who has asked what was decided, unless they know because they did it."""
        for hold in self:
            asker = hold.create_uid
            if asker == self.env.user or not asker.active:
                continue
            told = hold.with_context(lang=asker.lang)
            told.message_notify(
                partner_ids=asker.partner_id.ids,
                subject=told.env._(
                    "%(user)s has decided: %(customer)s",
                    user=self.env.user.name,
                    customer=hold.partner_id.display_name,
                ),
                body=plaintext2html(text or ""),
            )


class MailActivity(models.Model):
    """Activities by which somebody is asked to decide."""

    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_hold_id = fields.Many2one(
        "dunning.hold",
        string="Decides about the Hold",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail': who has asked waits for it
        # Who is asked need not have any right on dunning.
        holds_sudo = self.sudo().dunning_hold_id
        result = super()._action_done(feedback, attachment_ids)
        holds_sudo._tell_decided(feedback)
        return result
