from datetime import date as Date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

TRACKING_URL = "https://www.laposte.fr/outils/suivre-vos-envois?code=%s"

# What the post office tells after the letter has left.
POSTAL_FIELDS = {"date_acknowledged", "returned", "tracking_number"}


class DunningAction(models.Model):
    """Registered letters: where they are, and the proof that they arrived. This comes
    after the letter, so it is added to what was done; once the acknowledgement is
    there, nothing changes any more."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    tracking_number = fields.Char(
        copy=False,
        tracking=True,
        help="Number of the registered letter, on the receipt of the post office.",
    )
    tracking_url = fields.Char(compute="_compute_tracking_url")
    date_acknowledged = fields.Date(
        string="Acknowledged On",
        copy=False,
        tracking=True,
        help="Date on which the customer signed for the letter. It closes the letter: "
        "nothing can be changed afterwards.",
    )
    returned = fields.Selection(
        [
            ("unclaimed", "Not Claimed"),
            ("refused", "Refused"),
            ("unknown", "Unknown at This Address"),
        ],
        copy=False,
        tracking=True,
        help="Why the letter came back. It closes the letter: nothing can be changed "
        "afterwards.",
    )
    is_post_told = fields.Boolean(
        string="The Post Has Answered", compute="_compute_is_post_told"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("tracking_number", "company_id")
    def _compute_tracking_url(self):
        for action in self:
            number = action.tracking_number
            french = action.company_id.country_code == "FR"
            action.tracking_url = number and french and TRACKING_URL % number

    @api.depends("date_acknowledged", "returned")
    def _compute_is_post_told(self):
        # As it is saved: a field that locks itself while somebody fills it in is never
        # sent by the web client.
        for action in self:
            saved = action._origin
            action.is_post_told = bool(saved.date_acknowledged or saved.returned)

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("tracking_number")
    def _check_tracking_number(self):
        for action in self:
            number = action.tracking_number
            if number and not (number.isascii() and number.isalnum()):
                raise ValidationError(
                    self.env._(
                        "“%s” is not a tracking number: it is made of letters and "
                        "digits only.",
                        number,
                    )
                )

    @api.constrains("date_acknowledged", "returned")
    def _check_acknowledgement(self):
        for action in self:
            date = action.date_acknowledged
            if date and action.returned:
                raise ValidationError(
                    self.env._("A letter is either acknowledged or returned, not both.")
                )
            if (date or action.returned) and action.state != "done":
                raise ValidationError(
                    self.env._(
                        "Mark the letter as done first: it can be acknowledged or "
                        "returned once it has left."
                    )
                )
            if date and not action.date_done <= date <= action._get_today():
                raise ValidationError(
                    self.env._(
                        "The letter cannot be acknowledged before it left, nor in the "
                        "future."
                    )
                )

    def _get_today(self) -> Date:
        """Return today, where the company works."""
        return self.company_id._dunning_today()

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account_dunning': numbers are printed in groups
        if vals.get("tracking_number"):
            number = "".join(vals["tracking_number"].split()).upper()
            vals = {**vals, "tracking_number": number}
        result = super().write(vals)
        if vals.get("returned") == "unknown":
            for action in self:
                action._tell_unknown_address()
        return result

    def _tell_unknown_address(self):
        """Have the collector find out where the customer is: what is sent on would come
        back, too."""
        self.ensure_one()
        if self.kind == "notice":
            note = self.env._("Find out the address, and correct it on the customer.")
        else:
            note = self.env._(
                "Find out the address, correct it on the customer, then choose “Send "
                "Again” on the letter."
            )
        self._remind_collector(self._get_unknown_summary, note)

    def _get_unknown_summary(self, env: api.Environment) -> str:
        """Return what it is called to find out the address.

        :param env: environment in the language of whoever is to do it
        """
        title = self.with_env(env).title
        return env._("“%s” came back: unknown at this address", title)

    def _is_sequel(self, vals):
        # EXTENDS 'account_dunning'
        told = bool(vals) and vals.keys() <= POSTAL_FIELDS
        return told and self._is_under_way() or super()._is_sequel(vals)

    def _is_under_way(self):
        self.ensure_one()
        answered = self.date_acknowledged or self.returned
        return self.channel == "registered" and not answered

    def _get_editable_fields(self):
        # EXTENDS 'account_dunning'
        editable = super()._get_editable_fields()
        if self and all(action._is_under_way() for action in self):
            return editable | POSTAL_FIELDS
        return editable
