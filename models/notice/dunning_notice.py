# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, models

from ..text.dunning_action_content import Total

PREFIX = "dunning.notice."


class DunningNotice(models.AbstractModel):
    """What is written to customers about something else than items.

    Each has an heir beside what it is about, ``dunning.notice.<notice>``. A new one is
    a new heir, and its name where actions say which notice they are.
    """

    _name = "dunning.notice"
    _description = "Dunning Notice"

    # The field of actions that names what it is about.
    _source_field = None
    # The shipped texts it may say, one for e-mails and one for letters of each.
    _text_names = ()
    # Channels that may take the place of its own.
    _fallbacks = ("email", "letter")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _of(self, notice):
        """Return the notice of that name, and what is true of any without one."""
        return self.env[f"{PREFIX}{notice}"] if notice else self

    @api.model
    def _get_source(self, actions: models.BaseModel) -> models.BaseModel:
        """Return the record that the notice is about, or those of several."""
        return actions[self._source_field]

    @api.model
    def _get_items(self, action):
        """Return the journal items that it is about, the oldest first."""
        raise NotImplementedError

    @api.model
    def _bring_up_to_date(self, actions):
        """Have what they are about be what it is today."""
        raise NotImplementedError

    @api.model
    def _get_problem(self, action):
        """Return why what it says is not true, as a key of
        :meth:`dunning.item._get_reason_labels`, or None."""
        raise NotImplementedError

    @api.model
    def _get_text_problem(self, action):
        """Return what its text lacks, as a message, or None."""
        return None

    @api.model
    def _get_text_name(self, action) -> str:
        """Return which of its texts it says."""
        [name] = self._text_names
        return name

    @api.model
    def _get_details(self, action) -> dict:
        """Return the dates and amounts that it tells, as they are now: ``payments``
        (lists of date and amount), or ``amount`` where no day is given."""
        raise NotImplementedError

    @api.model
    def _get_totals(self, action: models.BaseModel, details: dict) -> list[Total]:
        """Return what it tells of each currency.

        :param details: see :meth:`_get_details`
        """
        none = self.env["dunning.action.line"]
        payments = details.get("payments", [])
        amount = details.get("amount", 0) + sum(amount for _day, amount in payments)
        currency = self._get_source(action).currency_id
        amount = currency.round(amount)
        return [Total(currency, none, none, amount, 0.0, 0.0, amount, 0.0)]

    @api.model
    def _render_table(self, action, details):
        """Return the table that shows them."""
        raise NotImplementedError

    @api.model
    def _get_totals_to_pay(self, action, totals):
        """Return of which totals the customer is asked to pay by one transfer."""
        return totals

    @api.model
    def _is_paid_by_transfer(self, action):
        """Return whether bank details are of use."""
        return True
