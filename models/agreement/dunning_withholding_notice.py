from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..action.dunning_action import OPEN_STATES
from ..base.dunning_entered import accepts


class DunningWithholding(models.AbstractModel):
    """Having something written about promises and disputes."""

    _inherit = "dunning.withholding"

    # The field of actions that names what a notice is about.
    _notice_field = None

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _plan_notices(self, notice, channel=None, execution="manual", **values):
        """Have something written about these records, unless it is waiting already.

        :param notice: what, see the field of ``dunning.action``
        :param channel: ``email``, ``letter`` or ``registered``; by default the one the
            customer prefers, else e-mail if there is an address
        :param execution: ``manual`` to have a person look at it first, or ``automatic``
        :param values: of the actions
        :return: the open actions, one for each record
        :rtype: ``dunning.action``
        """
        # Where an action comes from is set by the system.
        actions_sudo = self.env["dunning.action"].sudo()
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
        return (waiting_sudo | planned_sudo).sudo(self.env.su)

    def _prepare_notice(self, notice, execution):
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
        if partner.dunning_channel in ("email", "letter"):
            return partner.dunning_channel
        contact = partner._dunning_get_contacts()[partner.id]
        return "email" if contact.email else "letter"


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

    @accepts(channel=("email", "letter", "registered"), at_once="boolean")
    def action_send_confirmation(self, channel=None, at_once=False):
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

    def _plan_confirmation(self, channel=None, execution="manual"):
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

    def _is_confirmable(self):
        """Return whether there is an agreement to confirm."""
        self.ensure_one()
        return self.state == "open" and not self._is_waiting()


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
            notice.sudo().write({"refusal_reason": text})
            notice.sudo()._set_text(subject=False, body=False, sms=False)
        return notice
