from odoo import fields, models
from odoo.exceptions import UserError

from ..base.dunning_entered import accepts
from ..notice.dunning_action_notice import NOTICE_CHANNELS


class DunningPromise(models.Model):
    _inherit = "dunning.promise"

    _notice_field = "promise_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice_ids = fields.One2many(
        "dunning.action",
        "promise_id",
        string="Notices",
        domain=[("kind", "=", "notice")],
        readonly=True,
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts(channel=NOTICE_CHANNELS, at_once="boolean")
    def action_send_confirmation(
        self, channel: str | None = None, at_once: bool = False
    ):
        """Confirm the promises in writing.

        :param channel: ``email``, ``letter`` or ``registered``; by default the one the
            customer prefers, else e-mail if there is an address
        :param at_once: send without showing the text first
        :return: action that shows what goes out, or says what became of it
        :raise UserError: a promise does not run
        """
        self.check_access("write")
        closed = self.filtered(lambda promise: not promise._is_confirmable())[:1]
        if closed:
            raise UserError(
                self.env._(
                    "“%s” does not run: there is nothing to confirm.",
                    closed.display_name,
                )
            )
        notices = self._plan_confirmation(channel)
        if at_once:
            return notices._send_at_once()
        return notices._get_records_action(name=self.env._("Confirmation"))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _take_effect(self):
        # EXTENDS 'account_dunning': confirmed in writing as the company has chosen
        result = super()._take_effect()
        self._confirm_as_set()
        return result

    def _plan_confirmation(
        self, channel: str | None = None, execution: str = "manual"
    ) -> models.BaseModel:
        """Have the promises confirmed in writing, see :meth:`_plan_notices`."""
        return self._plan_notices("confirmation", channel, execution)

    def _confirm_as_set(self):
        """Confirm promises as their companies have chosen. A call confirms by itself
        what was agreed in it."""
        made = self.filtered(lambda p: p._is_confirmable() and not p.call_id)
        for company, promises in made.grouped("company_id").items():
            # Whoever works in the company need not read its settings.
            match company.sudo().dunning_promise_confirm:
                case "propose":
                    promises._plan_confirmation()
                case "automatic":
                    promises._plan_confirmation(execution="automatic")
                    self.env["dunning.action"]._trigger_execution()

    def _is_confirmable(self) -> bool:
        """Return whether there is an agreement to confirm."""
        self.ensure_one()
        return self.state == "open" and not self._is_waiting()
