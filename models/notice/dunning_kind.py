# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models

from ...tools.words import LETTER_CHANNELS, OPEN_STATES


class DunningKindNotice(models.AbstractModel):
    """Notices list no items: they say what they are about, and stand as long as it
    does."""

    _name = "dunning.kind.notice"
    _inherit = "dunning.kind"
    _description = "Notice"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IT IS
    # ------------------------------------------------------------------

    def _get_title(self, action):
        # OVERRIDES 'dunning.kind': which notice
        notices = dict(action._fields["notice"]._description_selection(self.env))
        return notices.get(action.notice)

    def _get_name(self, action):
        # OVERRIDES 'dunning.kind'
        return self._get_title(action)

    def _get_activity_summary(self, action):
        # OVERRIDES 'dunning.kind'
        return self._get_title(action)

    def _get_editable_fields(self):
        # EXTENDS 'dunning.kind': people choose how it goes out
        return super()._get_editable_fields() | {"channel"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHETHER IT STANDS
    # ------------------------------------------------------------------

    def _is_pointful(self, action, valid, steps):
        # OVERRIDES 'dunning.kind'
        if action.state not in OPEN_STATES:
            return False
        return not action._get_notice()._get_problem(action)

    def _is_listed(self, action, row):
        # OVERRIDES 'dunning.kind': it claims nothing
        return False

    def _cancel_for_ledger(self, action, verdict):
        # OVERRIDES 'dunning.kind'
        if action.state in OPEN_STATES:
            action._cancel(action._get_notice()._get_problem(action))

    def _is_outdated(self, action, rows):
        # OVERRIDES 'dunning.kind'
        notice = action._get_notice()
        if notice._get_problem(action):
            return True
        return action._get_told_details() != notice._get_details(action)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - HOW IT GOES OUT
    # ------------------------------------------------------------------

    def _has_texts(self, action):
        # OVERRIDES 'dunning.kind'
        return True

    def _get_channels(self, action):
        # OVERRIDES 'dunning.kind': what is registered is meant to be
        if action.channel == "registered":
            return ["registered"]
        tried = (action.channel, action.replaced_channel)
        others = action._get_notice()._fallbacks
        return [action.channel, *(name for name in others if name not in tried)]

    def _get_last_resorts(self):
        # OVERRIDES 'dunning.kind'
        return ()

    def _get_problem(self, action, channel):
        # EXTENDS 'dunning.kind': it has no level that could be given another text
        text = (
            self._get_letter_template(action)
            if channel in LETTER_CHANNELS
            else self._get_mail_template(action)
        )
        if not text:
            return self.env._(
                "The text of this notice was deleted: an update of the addon brings it "
                "back, then send again."
            )
        problem = action._get_notice()._get_text_problem(action)
        return problem or super()._get_problem(action, channel)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IT SAYS
    # ------------------------------------------------------------------

    def _get_mail_template(self, action):
        # OVERRIDES 'dunning.kind'
        name = action._get_notice()._get_text_name(action)
        return action._get_notice_template("mail", name)

    def _get_letter_template(self, action):
        # OVERRIDES 'dunning.kind'
        name = action._get_notice()._get_text_name(action)
        return action._get_notice_template("letter", name)

    def _get_moves(self, action):
        # OVERRIDES 'dunning.kind'
        return action._get_notice_items().move_id

    def _get_numbers(self, action):
        # OVERRIDES 'dunning.kind'
        items = action._get_notice_items()
        return list(dict.fromkeys(item._dunning_get_number() for item in items))

    def _get_totals_to_pay(self, action, totals):
        # OVERRIDES 'dunning.kind'
        totals = action._get_notice_totals()
        return action._get_notice()._get_totals_to_pay(action, totals)

    def _has_claims(self):
        # OVERRIDES 'dunning.kind'
        return False
