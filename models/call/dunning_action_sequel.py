from odoo import Command, api, fields, models
from odoo.tools import plaintext2html

from ...tools.dates import shift
from ...tools.words import OPEN_STATES

ACTIVITY_TRADING = "mail.mail_activity_data_todo"


class DunningAction(models.Model):
    """What follows from the outcome of a call: holds, next actions and more. It names
    the call in ``call_id``, so that the outcome can be undone."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - OUTCOMES
    # ------------------------------------------------------------------

    def _apply_waiting(self, date, reason, note):
        """Leave the customer alone until a day, and call again on that day.

        :param date: a day after today
        :return: the next call
        """
        items = self._get_claimed_items()
        if items:
            self._hold("manual", items, reason, note, date_end=shift(date, -1))
        return self._plan_next(date, note, reason_id=reason.id)

    def _apply_insolvency(self, date, reason, note):
        """Ask the customer for nothing any more, whatever it owes or will owe, until
        somebody has handed it over, and look at that on a day, if one is given."""
        self._hold("manual", self.env["account.move.line"], reason, note)
        if date:
            self._plan_next(date, note, reason_id=reason.id)

    def _apply_stop_trading(self, user, date, note):
        """Ask somebody to decide whether to go on trading with the customer."""
        customer = self.partner_id._dunning_discreetly(self.company_id).with_context(
            lang=user.lang
        )
        asked = customer.activity_schedule(
            ACTIVITY_TRADING,
            date,
            summary=customer.env._("Go on trading with this customer?"),
            note=plaintext2html(note) if note else False,
            user_id=user.id,
        )
        # What it follows from is set by the system.
        asked_sudo = asked.sudo()
        asked_sudo.dunning_call_id = self

    def _undo_stop_trading(self):
        """Ask nobody to decide any more: what the call told was a mistake."""
        # The activity is that of who decides.
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.search([("dunning_call_id", "=", self.id)]).unlink()

    def _apply_contact(self, name, phone, email) -> list:
        """Correct whom to call: a new name becomes the dunning contact, otherwise the
        present contact gets the new number and address.

        :return: what was corrected, for :meth:`_undo_contact`
        """
        self.ensure_one()
        found = {"phone": phone, "email": email}
        vals = {key: value.strip() for key, value in found.items() if value}
        name = (name or "").strip()
        partner = self.partner_id.with_company(self.company_id)
        contact, corrected = self.contact_id, []
        if name and name != contact.name:
            contact = partner.child_ids.filtered(lambda c: c.name == name)[:1]
            contact = contact or contact.create(
                {"name": name, "parent_id": partner.id, "type": "contact", **vals}
            )
            corrected += self._correct(partner, {"dunning_contact_id": contact.id})
        corrected += self._correct(contact, vals)
        self._forget_contact()
        return corrected

    def _correct(self, partner, vals) -> list:
        """Write on a partner.

        :return: for each field that it changes, the partner's id, the field, what it
            was and what it is
        """
        before = {name: self._read_plainly(partner, name) for name in vals}
        partner.write(vals)
        now = {name: self._read_plainly(partner, name) for name in vals}
        return [
            [partner.id, name, before[name], now[name]]
            for name in vals
            if before[name] != now[name]
        ]

    @api.model
    def _read_plainly(self, partner, name):
        """Return the value of a field as it can be kept and written again."""
        return partner._fields[name].convert_to_write(partner[name], partner)

    def _undo_contact(self, corrected):
        """Give back what was corrected and has not been changed since.

        :param corrected: see :meth:`_apply_contact`
        """
        partners = self.env["res.partner"].with_company(self.company_id)
        for partner_id, name, before, now in corrected:
            partner = partners.browse(partner_id).exists()
            if isinstance(before, int):
                # Who was the contact may be gone meanwhile.
                before = partners.browse(before).exists().id
            if partner and self._read_plainly(partner, name) == now:
                partner[name] = before
        self._forget_contact()

    def _forget_contact(self):
        """Have whom to call read again."""
        self.invalidate_recordset(["contact_id", "contact_phone", "contact_email"])

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT COMES NEXT
    # ------------------------------------------------------------------

    def _get_claimed_items(self):
        """Return the journal items that the call was about."""
        return self._get_content_lines().filtered("amount_claimed").move_line_id

    def _hold(self, origin, items, reason, note, **values):
        """Keep items out of dunning because of the call."""
        # Where a hold comes from is set by the system.
        holds_sudo = self.env["dunning.hold"].sudo()
        hold_sudo = holds_sudo.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "reason_id": reason.id,
                "note": note,
                "origin": origin,
                "call_id": self.id,
                **values,
            }
        )
        return hold_sudo.sudo(self.env.su)

    def _undo_sequels(self, text):
        """Take back what followed from the call.

        :param text: why, for the history
        """
        follows = fields.Domain("call_id", "=", self.id)
        self.env["dunning.hold"].search(
            follows & fields.Domain("date_released", "=", False)
        ).filtered(lambda hold: not hold._get_source()).action_release()
        self._undo_agreements(text)
        self._undo_stop_trading()
        actions = self.search(follows & fields.Domain("state", "in", OPEN_STATES))
        if actions:
            actions.action_skip(text)

    def _undo_agreements(self, text):
        """Take back what was agreed in the call. Override to take something back.

        :param text: why, for the history
        """

    def _plan_next(self, date, note, channel="call", **values):
        """Plan what comes next with the customer.

        :return: the new action
        """
        # Where an action comes from is set by the system.
        actions_sudo = self.sudo().browse()
        next_sudo = actions_sudo.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "user_id": (self.user_id or self.env.user).id,
                "channel": channel,
                "date": date,
                "note": note,
                "call_id": self.id,
                **values,
            }
        )
        return next_sudo.sudo(self.env.su)


class DunningHold(models.Model):
    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    call_id = fields.Many2one(
        "dunning.action",
        string="Follows the Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_call_id = fields.Many2one(
        "dunning.action",
        string="Follows the Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
