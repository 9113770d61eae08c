from odoo import api, fields, models


class DunningAction(models.Model):
    """What an action sends is recorded as it is sent: see :class:`DunningSending`."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    sending_id = fields.Many2one(
        "dunning.sending",
        string="Sent",
        compute="_compute_sending_id",
        help="What went out by the action, the last time it was carried out.",
    )
    sending_ids = fields.One2many(
        "dunning.sending", "action_id", string="Sendings", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("sending_ids.is_beside")
    def _compute_sending_id(self):
        for action in self:
            own = action.sending_ids.filtered(lambda sending: not sending.is_beside)
            action.sending_id = own.sorted("id", reverse=True)[:1]

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RECIPIENTS
    # ------------------------------------------------------------------

    def _follow_lost_recipients(self, recipients, message):
        """Tell people that one of several addresses was not reached, while others
        were. Override to do more about it.

        :param recipients: ``dunning.sending.recipient``
        :param message: why, in the words of the user
        """
        self.ensure_one()
        addresses = ", ".join(line._format() for line in recipients)
        self._message_log(
            body=self.env._(
                "Did not reach %(addresses)s: %(reason)s",
                addresses=addresses,
                reason=message,
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RECORDING
    # ------------------------------------------------------------------

    def _record_sendings(self, contents: dict) -> dict:
        """Record what is handed over now.

        :param contents: dict of action to values of ``dunning.sending``, with
            ``recipients`` (list of values of its recipients) and ``files``
            (``ir.attachment``)
        :return: dict of action to ``dunning.sending``
        """
        sendings = self.env["dunning.sending"].create(
            [action._prepare_sending(values) for action, values in contents.items()]
        )
        recorded = dict(zip(contents, sendings, strict=True))
        self.env["dunning.sending.recipient"].create(
            [
                {"sending_id": recorded[action].id, **line}
                for action, values in contents.items()
                for line in values["recipients"]
            ]
        )
        self.env["dunning.sending.file"]._keep(
            [
                (recorded[action], attachment)
                for action, values in contents.items()
                for attachment in values.get("files") or ()
            ]
        )
        return recorded

    def _prepare_sending(self, values):
        self.ensure_one()
        kept = {
            name: value
            for name, value in values.items()
            if name not in ("recipients", "files")
        }
        return {
            "action_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "channel": self.channel,
            **kept,
        }

    # === E-mails === #

    # === SMS and post === #
