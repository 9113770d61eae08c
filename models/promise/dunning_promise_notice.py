from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ..base.dunning_entered import accepts
from ..notice.dunning_action_notice import NOTICE_CHANNELS

# So many of those left out are named.
NAMED_MOST = 5


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
        :raise UserError: none of the promises runs
        """
        self.check_access("write")
        if not self:
            raise UserError(self.env._("No promise is selected: select at least one."))
        running = self.filtered(lambda promise: promise._is_confirmable())
        if not running:
            raise UserError(
                self.env._(
                    "“%s” does not run: there is nothing to confirm.",
                    self[:1].display_name,
                )
            )
        notices = running._plan_confirmation(channel)
        if at_once:
            return notices._send_at_once()
        shown = notices._get_records_action(name=self.env._("Confirmation"))
        return (self - running)._tell_unconfirmed(shown)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _take_effect(self):
        # EXTENDS 'account_dunning': confirmed in writing as the company has chosen
        result = super()._take_effect()
        self._confirm_as_set()
        return result

    def _tell_unconfirmed(self, shown: dict) -> dict:
        """Return an action that shows the confirmations of others, and says that there
        is none of these, if any.

        :param shown: action that shows them
        """
        if not self:
            return shown
        names = format_list(self.env, self[:NAMED_MOST].mapped("display_name"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "%(count)s promises do not run and are not confirmed: %(names)s",
                    count=len(self),
                    names=names,
                ),
                "next": shown,
            },
        }

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
