from odoo import fields, models


class DunningDispute(models.Model):
    _inherit = "dunning.dispute"

    _notice_field = "dispute_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice_ids = fields.One2many(
        "dunning.action",
        "dispute_id",
        string="Notices",
        domain=[("kind", "=", "notice")],
        readonly=True,
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _plan_refusal(self, text, channel=None):
        """Have the refusal of the dispute written to the customer: one that is waiting
        says the new text.

        :param text: why it is refused, as it is told to the customer
        :param channel: see :meth:`_plan_notices`
        :return: the open action
        """
        self.ensure_one()
        notice = self._plan_notices("refusal", channel, refusal_reason=text)
        if (notice.refusal_reason or "") != (text or ""):
            # Users may not write what goes out past the check of its figures.
            notice_sudo = notice.sudo()
            notice_sudo.write({"refusal_reason": text})
            notice_sudo._set_text(subject=False, body=False, sms=False)
        return notice

    def _get_silence_reason(self) -> str | None:
        """Return why the customer is not written to when the dispute is refused; None
        where nothing speaks against it. Override to add others."""
        self.ensure_one()
        return None
