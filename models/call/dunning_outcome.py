# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, fields, models

from ...tools.dates import shift

PREFIX = "dunning.outcome."


class DunningOutcome(models.AbstractModel):
    """How a call may end, and what follows.

    Each outcome has an heir on the floor where it lives, ``dunning.outcome.<outcome>``.
    A new one is a new heir, and its name where outcomes are chosen. Where a ``dialog``
    is asked for it is a ``dunning.call.outcome``.
    """

    _name = "dunning.outcome"
    _description = "Outcome of a Call"

    # The reason that is proposed, by its XML id.
    _reason = None
    # Days until the next call or look, unless the collector says otherwise.
    _next_days = None
    # The call is made again, to somebody else.
    _is_repeated = False

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _of(self, outcome):
        """Return the outcome of that name, and what is true of any without one."""
        return self.env[f"{PREFIX}{outcome}"] if outcome else self

    # === What is proposed === #

    @api.model
    def _get_reason(self) -> models.BaseModel:
        """Return the reason that is proposed."""
        return self._get_shipped_reason(self._reason)

    @api.model
    def _get_shipped_reason(self, name):
        """Return a reason by its XML id, none where it is not used any more."""
        reasons = self.env["dunning.reason"]
        reason = name and self.env.ref(f"account_dunning.{name}", False)
        return (reason or reasons).filtered("active")

    @api.model
    def _is_about_all(self, action):
        """Return whether all that is claimed is proposed."""
        return True

    @api.model
    def _get_amount(self, dialog):
        """Return the amount that is proposed."""
        return 0

    @api.model
    def _get_email(self, action):
        """Return the address that is proposed."""
        return action.contact_email

    @api.model
    def _get_next_date(self, dialog):
        """Return the day that is proposed for the next call, False for none."""
        if self._next_days is None:
            return False
        day = shift(dialog._get_today(), self._next_days)
        return dialog._get_working_day(day)

    # === What was answered === #

    @api.model
    def _check(self, dialog):
        """Refuse what cannot have been answered.

        :raise ValidationError: saying what to correct
        """

    @api.model
    def _get_agreed(self, dialog: models.BaseModel) -> dict:
        """Return the amounts agreed on: dict of currency to amount."""
        return {}

    @api.model
    def _get_details(self, dialog: models.BaseModel) -> dict:
        """Return what was agreed, as it is kept on the action."""
        agreed = self._get_agreed(dialog)
        day = dialog.next_date
        return {
            "amounts": {
                str(currency.id): amount for currency, amount in agreed.items()
            },
            "numbers": [] if dialog.all_items else dialog._get_numbers(),
            "next_date": day and fields.Date.to_string(day),
        }

    @api.model
    def _record(self, dialog):
        """Close the call, then do what the answer asks for."""
        lines, agreed = dialog._get_lines(), self._get_agreed(dialog)
        dialog._close_call()
        self._apply(dialog, lines, agreed)
        if dialog.confirm:
            dialog._send_confirmation()

    @api.model
    def _apply(self, dialog, lines, agreed):
        """Do what the answer asks for.

        :param lines: of the call, that the answer is about
        :param agreed: see :meth:`_get_agreed`, as it was before the call was closed
        """


class DunningOutcomeOther(models.AbstractModel):
    """Whatever else was said, and when to see whether it is so."""

    _name = "dunning.outcome.other"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: Other"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_next_date(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return dialog._get_check_date()

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        dialog._check_reason()
        if dialog.next_date:
            dialog._check_next_date()

    def _get_details(self, dialog):
        # EXTENDS 'dunning.outcome': what was paid is to be found, not to be agreed on
        paid = self._get_shipped_reason("reason_already_paid")
        is_paid = bool(paid) and dialog.reason_id == paid
        return super()._get_details(dialog) | {"is_paid": is_paid}

    def _apply(self, dialog, lines, agreed):
        # OVERRIDES 'dunning.outcome'
        call, day = dialog.action_id, dialog.next_date
        if dialog.is_insolvent:
            call._apply_insolvency(day, dialog.reason_id, dialog.note)
        elif day:
            call._apply_waiting(day, dialog.reason_id, dialog.note)


class DunningOutcomeNotApproved(models.AbstractModel):
    """Somebody still has to approve the invoice."""

    _name = "dunning.outcome.not_approved"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: Not Validated"

    _reason = "reason_not_approved"
    _next_days = 5

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        dialog._check_next_date()

    def _get_details(self, dialog):
        # EXTENDS 'dunning.outcome'
        told = {"who": dialog.who, "means": dialog.means}
        return super()._get_details(dialog) | told

    def _apply(self, dialog, lines, agreed):
        # OVERRIDES 'dunning.outcome'
        dialog.action_id._apply_waiting(dialog.next_date, dialog.reason_id, dialog.note)


class DunningOutcomeNotReceived(models.AbstractModel):
    """The invoices are sent again."""

    _name = "dunning.outcome.not_received"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: Did Not Get It"

    _reason = "reason_not_received"
    _next_days = 3

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        dialog._check_email()
        dialog._check_next_date()

    def _get_details(self, dialog):
        # EXTENDS 'dunning.outcome'
        return super()._get_details(dialog) | {"email": dialog.email}

    def _apply(self, dialog, lines, agreed):
        # OVERRIDES 'dunning.outcome'
        dialog._send_copies(lines)
        dialog.action_id._apply_waiting(dialog.next_date, dialog.reason_id, dialog.note)


class DunningOutcomeCash(models.AbstractModel):
    """The customer has no money: somebody may have to decide whether to go on trading
    with it."""

    _name = "dunning.outcome.cash"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: Cash Trouble"

    _reason = "reason_cash"
    _next_days = 7

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        dialog._check_trading()
        dialog._check_next_date()

    def _get_details(self, dialog):
        # EXTENDS 'dunning.outcome'
        return super()._get_details(dialog) | {
            "who": dialog.who,
            "means": dialog.means,
            "stop_trading": dialog.stop_trading == "yes",
        }

    def _apply(self, dialog, lines, agreed):
        # OVERRIDES 'dunning.outcome'
        action = dialog.action_id
        if dialog.stop_trading == "yes":
            action._apply_stop_trading(
                dialog.escalate_user_id, dialog._get_today(), action.outcome_text
            )
        action._plan_next(dialog.next_date, dialog.note, reason_id=dialog.reason_id.id)
