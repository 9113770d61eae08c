from odoo import models
from odoo.fields import Domain

from ...tools.words import OPEN_STATES


class DunningWithholding(models.AbstractModel):
    """Having something written about promises and disputes."""

    _inherit = "dunning.withholding"

    # The field of actions that names what a notice is about.
    _notice_field = None

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _plan_notices(
        self,
        notice: str,
        channel: str | None = None,
        execution: str = "manual",
        **values: object,
    ) -> models.BaseModel:
        """Have something written about these records, unless it is waiting already.

        :param notice: what, see the field of ``dunning.action``
        :param channel: ``email``, ``letter`` or ``registered``; by default the one the
            customer prefers, else e-mail if there is an address
        :param execution: ``manual`` to have a person look at it first, or ``automatic``
        :param values: of the actions
        :return: the open actions, one for each record
        :rtype: ``dunning.action``
        """
        # Where an action comes from is set by the system. What goes out by itself asks
        # nothing of whose it is, who is told of nothing.
        actions_sudo = self.env["dunning.action"].sudo()
        if execution == "automatic":
            actions_sudo = actions_sudo.with_context(tracking_disable=True)
        name = self._notice_field
        waiting_sudo = actions_sudo.search(
            Domain(name, "in", self.ids)
            & Domain("notice", "=", notice)
            & Domain("state", "in", OPEN_STATES)
        )
        missing = self - waiting_sudo[name].sudo(self.env.su)
        planned_sudo = actions_sudo.create(
            [
                record._prepare_notice(notice, execution)
                | {"channel": channel or record._get_notice_channel()}
                | values
                for record in missing
            ]
        )
        planned_sudo._schedule_activities()
        if channel:
            waiting_sudo.write({"channel": channel, "replaced_channel": False})
        return (waiting_sudo | planned_sudo).with_env(self.env)

    def _prepare_notice(self, notice: str, execution: str) -> dict:
        """Return the values of the action that writes about this.

        :param notice: name of an heir of ``dunning.notice``
        :param execution: who sends it, as on levels
        """
        self.ensure_one()
        return {
            "kind": "notice",
            "notice": notice,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "date": self.company_id._dunning_today(),
            "execution": execution,
            self._notice_field: self.id,
        }

    def _get_notice_channel(self):
        """Return how to write to the customer."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return partner._dunning_get_notice_channels()[partner.id]
