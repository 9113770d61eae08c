# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from datetime import date as Date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount
from odoo.tools.i18n import format_list

# What people write in a field of a form, and in a large one.
MAX_LINE, MAX_TEXT = 120, 4000
DAY_LENGTH = len("2026-12-31")


class DunningPortalAct(models.AbstractModel):
    """What acts have in common beside the frame: problems told beside the field that
    has them, what is decided by collectors, and who is told."""

    _inherit = "dunning.portal.act"

    # Whether a collector accepts or refuses it.
    _is_decided = False
    # Whether a collector is told by an activity; otherwise what follows tells it.
    _is_told = True

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    @api.model
    def _get_problems(self, customer: models.BaseModel, payload: dict) -> dict:
        """Return what is to be corrected, by the field that has it.

        :param customer: elevated, in its company
        :param payload: what the form says, cleaned
        """
        return {}

    @api.model
    def _get_task(self) -> str:
        """Return what the collector is to do about it, in the language of the
        environment."""
        return self.env._("Customer's page: %s", self._get_title())

    @api.model
    def _accept(self, request: models.BaseModel) -> None:
        """Do what a collector accepts. Override to do something."""

    @api.model
    def _refuse(self, request: models.BaseModel) -> None:
        """Take back what a collector refuses. Override to take something back."""

    @api.model
    def _get_refusal_words(self) -> str:
        """Return the usual words by which a refusal is told, in the language of the
        environment."""
        return self.env._("Please get in touch with us: we will tell you why.")

    @api.model
    def _is_decided_for(self, request: models.BaseModel) -> bool:
        """Return whether a collector decides."""
        return self._is_decided

    @api.model
    def _is_told_for(self, request: models.BaseModel) -> bool:
        """Return whether a collector is told by an activity."""
        return self._is_told

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _check_asked(self, request):
        # EXTENDS 'account_dunning': what the form would tell beside its fields
        problems = self._get_problems(request.partner_id, request.payload)
        if problems:
            raise UserError("\n".join(dict.fromkeys(problems.values())))
        return super()._check_asked(request)

    @api.model
    def _find_open_items(self, customer, payload):
        """Return the customer's open items that a payload names."""
        ids = payload.get("item_ids") or []
        return self.env["dunning.portal.statement"]._find_items(
            customer, fields.Domain("id", "in", ids)
        )

    @api.model
    def _get_item_problems(self, customer, payload):
        """Return what is wrong with the items of a payload."""
        ids = payload.get("item_ids") or []
        if not ids:
            return {"item_ids": self.env._("Choose at least one invoice.")}
        if len(self._find_open_items(customer, payload)) != len({*ids}):
            return {
                "item_ids": self.env._(
                    "Some of these invoices are not open any longer: choose again."
                )
            }
        return {}

    @api.model
    def _get_currency_problems(self, customer, payload):
        """Return what is wrong with items that are to be of one currency."""
        if len(self._find_open_items(customer, payload).currency_id) > 1:
            return {
                "item_ids": self.env._(
                    "Choose invoices of one currency at a time, please."
                )
            }
        return {}

    @api.model
    def _tell_items(self, request):
        """Return the numbers of the items, and what is open on them, in words."""
        items = self._get_items(request)
        numbers = list(dict.fromkeys(item._dunning_get_number() for item in items))
        amounts = [
            format_amount(
                self.env, sum(own.mapped("amount_residual_currency")), currency
            )
            for currency, own in items.grouped("currency_id").items()
        ]
        if not numbers:
            return ""
        return f"{format_list(self.env, numbers)} ({', '.join(amounts)})"

    @api.model
    def _read_day(self, text: object) -> Date | None:
        """Return the day that a form has sent, None if it is none."""
        # What follows a day would be passed over here, and not where it is told.
        if not isinstance(text, str) or len(text) != DAY_LENGTH:
            return None
        try:
            return fields.Date.to_date(text)
        except ValueError:
            return None

    @api.model
    def _get_lasting_user(self, customer: models.BaseModel) -> models.BaseModel:
        """Return who looks after a customer, the one who stands in for them, or
        nobody."""
        workers = self.env.company._dunning_get_workers()
        user_id = workers.find(customer.dunning_user_id.id) or workers.standby
        return self.env["res.users"].browse(user_id or [])

    @api.model
    def _tell_who(self, request):
        """Return who on the customer's side has asked, as far as we know."""
        return request._get_who() or request.partner_id.name
