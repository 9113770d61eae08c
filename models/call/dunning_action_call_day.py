from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from ...tools.words import CALLABLE_STATES


class DunningAction(models.Model):
    """What a day of calls has brought: calls that ended, those that nobody answered,
    and what was promised."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    date_attempt = fields.Date(
        string="Last Attempt",
        readonly=True,
        copy=False,
        help="Day on which nobody answered last.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _retry_call(self, details, date, time=False, note=None, answered=False):
        # EXTENDS 'account_dunning': attempts are part of what was done
        result = super()._retry_call(details, date, time, note, answered)
        if not answered:
            for company, calls in self.grouped("company_id").items():
                # Users may not write attempts themselves.
                calls_sudo = calls.sudo()
                calls_sudo.date_attempt = company._dunning_today()
        return result

    def _undo_attempt(self, today):
        # EXTENDS 'account_dunning'
        # Users may not write attempts themselves.
        calls_sudo = self.sudo()
        calls_sudo.date_attempt = False
        return super()._undo_attempt(today)

    @api.model
    def _get_dealt_domain(self, mine):
        """Return which calls are dealt with for today: those that ended, and those to
        be tried again another day."""
        attempted = self._get_attempted_domain(mine) & self._get_day_domain(">")
        return self._get_done_domain(mine) | attempted

    @api.model
    def _get_attempted_domain(self, mine):
        attempted = Domain(
            [("channel", "=", "call"), ("state", "in", CALLABLE_STATES)]
        ) & self._get_day_domain("=", "date_attempt")
        return attempted & Domain("user_id", "=", self.env.uid) if mine else attempted

    @api.model
    def _get_day_summary(self, mine):
        """Return what the calls of today have brought.

        :return: dict of numbers: calls that ``ended``, ``attempts`` that nobody
            answered, ``promises`` with what they come to in ``promised``
        """
        promises = self.env["dunning.promise"]
        made = Domain("call_id", "any", self._get_done_domain(mine))
        kept = Domain("state", "not in", ("withdrawn", "renegotiated"))
        groups = promises._read_group(
            made & kept, ["currency_id"], ["__count", "amount:sum"]
        )
        return {
            "ended": self.search_count(self._get_done_domain(mine)),
            "attempts": self.search_count(self._get_attempted_domain(mine)),
            "promises": sum(count for __, count, __ in groups),
            "promised": " + ".join(
                format_amount(self.env, amount, currency)
                for currency, __, amount in groups
            ),
        }
