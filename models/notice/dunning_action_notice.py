from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A notice has much to say and must arrive as it is.
NOTICE_CHANNELS = ("email", "letter", "registered")


class DunningAction(models.Model):
    """Notices: what is written to the customer about something else than items.

    How it works: a notice claims nothing and lists no items, so the plan knows nothing
    of it: it is no contact between which gaps are kept, reaches no level, holds nothing
    and waits for nothing. Everything else is that of any action. What it says stands
    only as long as what it is about does (``dunning.notice``); one
    that has become pointless is cancelled and does not come back: another one is
    made when it is needed again.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice = fields.Selection([], readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("notice")
    def _compute_display_name(self):
        # EXTENDS 'account_dunning': of a notice, see its kind
        return super()._compute_display_name()

    @api.depends("notice")
    def _compute_title(self):
        # EXTENDS 'account_dunning': of a notice, see its kind
        return super()._compute_title()

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("notice", "channel")
    def _check_notice_channel(self):
        for action in self.filtered("notice"):
            if action.channel not in NOTICE_CHANNELS:
                raise ValidationError(
                    self.env._(
                        "A notice goes out by e-mail, letter or registered letter: "
                        "choose one of these."
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHETHER IT STANDS
    # ------------------------------------------------------------------

    def _get_notice(self):
        """Return what knows of the notice that the action is."""
        self.ensure_one()
        return self.env["dunning.notice"]._of(self.notice)

    def _execute_batch(self, any_day):
        # EXTENDS 'account_dunning': judge by what is true now, days included
        for notice, actions in self.filtered("notice").grouped("notice").items():
            self.env["dunning.notice"]._of(notice)._bring_up_to_date(actions)
        return super()._execute_batch(any_day)

    @api.model
    def _get_judged_fields(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_judged_fields(), "notice"]

    @api.model
    def _get_revivable_domain(self):
        # EXTENDS 'account_dunning': what was not said in time is not said any more
        return super()._get_revivable_domain() & fields.Domain("notice", "=", False)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHEN AND HOW
    # ------------------------------------------------------------------

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': nothing goes out by itself on a day off
        ready = super()._refresh(any_day=any_day, complete=complete, routine=routine)
        if any_day:
            return ready
        return ready - ready.filtered("notice")._wait_for_working_day()

    def _wait_for_working_day(self):
        """Move what may not go out today by itself to the next working day.

        :return: the actions that wait
        """
        waiting = self.browse()
        automatic = self.filtered(lambda action: action.execution == "automatic")
        for company, actions in automatic.grouped("company_id").items():
            day = company._dunning_get_working_day()
            if day > company._dunning_today():
                early = actions.filtered(lambda action, day=day: action.date < day)
                early.write({"date": day})
                waiting |= actions
        return waiting

    def _send_at_once(self) -> dict:
        """Send notices; letters that people post are printed.

        :return: action that says what became of them, and downloads the letters
        """
        letters = self.filtered(lambda n: n.is_letter and not n._is_sendable())
        others = self - letters
        result = others.action_execute() if others else None
        return letters.action_print() if letters else result
