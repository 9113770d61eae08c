from odoo import models
from odoo.tools import plaintext2html

from ...tools.words import ACTIVITY_REPLY


class DunningPortalRequest(models.Model):
    """Collectors are told of an answer once, by an activity on the customer, unless
    what it leads to is work of its own."""

    _inherit = "dunning.portal.request"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_to(self, user: models.BaseModel) -> tuple[str, str]:
        """Return what is to be done and what was asked for, in the words of a user.

        :param user: who reads it
        """
        self.ensure_one()
        told = self.with_context(lang=user.lang or self.env.lang)
        act = told._get_act()
        text = told._tell_pairs(act._describe(told))
        return act._get_task(), text or self.text

    def _tell_responsible(self):
        """Put it among the activities of who looks after the customer."""
        self.ensure_one()
        user = self.responsible_id
        if not user:
            return
        summary, text = self._tell_to(user)
        # Collectors are not mailed about it: they have their agenda.
        customer = self.partner_id._dunning_discreetly(self.company_id).with_context(
            lang=user.lang, mail_activity_quick_update=True
        )
        # Who has deleted the type of activity is told all the same.
        known_type = self.env.ref(ACTIVITY_REPLY, raise_if_not_found=False)
        self.activity_id = customer.activity_schedule(
            ACTIVITY_REPLY if known_type else "mail.mail_activity_data_todo",
            date_deadline=self.company_id._dunning_today(),
            summary=summary,
            note=plaintext2html(text or ""),
            user_id=user.id,
        )
