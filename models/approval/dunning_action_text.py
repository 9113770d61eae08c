from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ...tools.text import one_line
from ...tools.words import OPEN_STATES, WRITTEN_CHANNELS


class DunningAction(models.Model):
    """The text of a contact: its template's, or one edited for this action alone.

    How it works: an edited text is kept with what it was written for (its basis: the
    day, the reader, the level, the amounts). Each refresh compares: when something
    has changed since, the action goes back to approval and says why, because no
    figure that goes out may differ from the ledger. An edited text is sanitized and
    never evaluated as a template.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    custom_subject = fields.Char(string="Edited Subject", readonly=True, copy=False)
    custom_body = fields.Html(
        string="Edited Text", readonly=True, copy=False, prefetch=False
    )
    custom_sms = fields.Text(string="Edited SMS", readonly=True, copy=False)
    custom_basis = fields.Json(
        readonly=True, copy=False, help="What the edited text was written for."
    )
    custom_stale = fields.Char(
        string="Why the Text Is Out of Date", readonly=True, copy=False
    )
    is_customized = fields.Boolean(string="Edited", compute="_compute_is_customized")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_is_customized(self):
        for action in self:
            action.is_customized = bool(action.custom_basis)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_edit_text(self):
        """Open the text of the action, to edit it for this action alone.

        :return: action that opens the dialog
        :raise UserError: the action is not open, or sends no text
        """
        self.ensure_one()
        self.check_access("write")
        self._check_text_editable()
        self._move_to_departure()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit What Goes Out"),
            "res_model": "dunning.action.edit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action_id": self.id},
        }

    def action_restore_text(self):
        """Take the text of the template again, with the figures of today.

        :return: True
        :raise UserError: the action is not open, or sends no text
        """
        self.check_access("write")
        self._check_text_editable()
        # Users may not write texts past the check of what they were written for.
        self.sudo()._set_text(subject=False, body=False, sms=False)
        return True

    def _check_text_editable(self):
        self._check_open()
        if any(action.channel not in WRITTEN_CHANNELS for action in self):
            raise UserError(
                self.env._("Nothing is written to the customer by this action.")
            )

    def action_validate(self):
        # EXTENDS 'account_dunning': nobody approves figures that have changed, nor a
        # letter that says nothing
        silent = self.filtered(
            lambda action: action.is_letter and not action._get_letter_template()
        )
        if silent:
            raise UserError(silent[0]._get_letter_problem())
        stale = self.filtered("custom_stale")
        if stale:
            raise UserError(
                self.env._(
                    "The edited text for %(customers)s is out of date. %(reason)s "
                    "Edit it again or go back to the text of the template.",
                    customers=", ".join(stale.partner_id.mapped("name")),
                    reason=stale[0].custom_stale,
                )
            )
        return super().action_validate()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TEXTS
    # ------------------------------------------------------------------

    def _get_custom_text(self):
        # EXTENDS 'account_dunning'
        self.ensure_one()
        if not self.custom_body or not self._has_custom_text():
            return super()._get_custom_text()
        return {"subject": self.custom_subject, "body_html": self.custom_body}

    def _get_letter_texts(self):
        # EXTENDS 'account_dunning': the text of a letter may have been edited; that
        # of a letter that goes with an e-mail is always its template's
        edited = {
            action: (one_line(text["subject"]), text["body_html"])
            for action in self.filtered("is_letter")
            if (text := action._get_custom_text())
        }
        others = self.filtered(lambda action: action not in edited)
        return super(DunningAction, others)._get_letter_texts() | edited

    def _render_sms(self):
        # EXTENDS 'account_dunning': the SMS may have been edited
        edited = {
            action: action.custom_sms
            for action in self
            if action.custom_sms and action._has_custom_text()
        }
        others = self.filtered(lambda action: action not in edited)
        return super(DunningAction, others)._render_sms() | edited

    def _has_custom_text(self) -> bool:
        """Return whether the action has a text of its own whose figures are right."""
        self.ensure_one()
        return bool(self.custom_basis) and not self.custom_stale

    def _customize(self, subject, body, sms):
        """Give the action a text of its own, at the request of a person.

        :raise UserError: the text is empty, or the action is not open
        """
        self.ensure_one()
        self.check_access("write")
        self._check_text_editable()
        if is_html_empty(body) and not (sms or "").strip():
            raise UserError(self.env._("The text is empty: write what is to go out."))
        # Users may not write texts past the check of what they were written for.
        self.sudo()._set_text(subject, body, sms)
        self._log_decision(self.env._("Text edited"))

    def _set_text(self, subject, body, sms):
        """Give the actions a text of their own, or their template's without one."""
        for action in self:
            action.write(
                {
                    "custom_subject": subject,
                    "custom_body": body,
                    "custom_sms": sms,
                    "custom_basis": bool(body or sms) and action._get_text_basis(),
                    "custom_stale": False,
                }
            )

    def _move_to_departure(self):
        """Have what the system sends wait for the day on which it leaves: what is
        written on a day off is written for the next working day."""
        days = self.filtered(lambda action: action._is_sendable())._get_departure_days()
        for action, day in days.items():
            if day > action._get_judged_day():
                # Users may not move what waits without saying why.
                action.sudo().date = day

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT A TEXT WAS WRITTEN FOR
    # ------------------------------------------------------------------

    @api.model
    def _get_judged_fields(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_judged_fields(), "custom_basis"]

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': edited texts go out for what they were written
        ready = super()._refresh(any_day=any_day, complete=complete, routine=routine)
        return ready - self._send_back_stale_texts()

    def _send_back_stale_texts(self):
        """Have those whose edited text no longer fits approved again.

        :return: these actions
        """
        edited = self.filtered(
            lambda action: action.custom_basis and action.state in OPEN_STATES
        )
        if not edited:
            return edited
        stale = self.browse()
        for action in edited:
            # Whoever's payment it was, it is for who looks after the customer.
            user = action.user_id or action.company_id.partner_id
            told = action.with_context(lang=user.lang or self.env.lang)
            reason = told._get_stale_reason()
            if reason:
                stale += action
            if reason != (action.custom_stale or None):
                action.custom_stale = reason
        sent_back = stale.filtered(lambda action: action.state != "to_validate")
        sent_back.write({"state": "to_validate", "execution": "validate"})
        for action in sent_back:
            action._log_decision(action.custom_stale)
        return stale

    def _get_text_basis(self):
        self.ensure_one()
        lines = self._get_content_lines()
        return {
            "day": fields.Date.to_string(self._get_content_day()),
            "contact": self.contact_id.id,
            "level": self.level_id.id,
            "channel": self.channel,
            "amounts": [
                [
                    line.item_ref,
                    line.currency_id.round(line.amount_residual),
                    line.currency_id.round(line.amount_withheld),
                ]
                for line in lines
            ],
            "deductions": self._get_deductions()[self],
        }

    def _get_stale_reason(self):
        """Return why the edited text no longer fits, None when it does."""
        written, now = self.custom_basis, self._get_text_basis()
        if written == now:
            return None
        if written["channel"] != now["channel"]:
            return self.env._("It goes out on another channel.")
        if written["level"] != now["level"]:
            return self.env._("The action has come to another level.")
        if [item for item, *__ in written["amounts"]] != [
            item for item, *__ in now["amounts"]
        ]:
            return self.env._("The items it lists have changed.")
        if written["contact"] != now["contact"]:
            return self.env._("It goes to another contact.")
        if written["day"] != now["day"]:
            return self.env._(
                "It was written for another day: days late and deadline have moved on."
            )
        return self.env._("The amounts have changed.")
