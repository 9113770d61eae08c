from itertools import product

from odoo import api, models

from ..letter.dunning_action_letter import LETTER_CHANNELS
from ..text.dunning_text_template import MODEL

# Shipped texts, one for e-mails and one for letters, by what a notice says.
TEXT_NAMES = ("promise", "promise_plan", "promise_reminder", "dispute_refusal")

# Notices among which one is looked for to show a text.
SAMPLES = 200


class DunningAction(models.Model):
    """Which text a notice says: it has no level that would name it."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _has_texts(self):
        # EXTENDS 'account_dunning'
        return bool(self.notice) or super()._has_texts()

    def _get_mail_template(self):
        # EXTENDS 'account_dunning'
        if self.notice:
            return self._get_notice_template("mail", self._get_text_name())
        return super()._get_mail_template()

    def _get_letter_template(self):
        # EXTENDS 'account_dunning'
        if self.notice:
            return self._get_notice_template("letter", self._get_text_name())
        return super()._get_letter_template()

    @api.model
    def _get_notice_template(self, family, name):
        """Return a text that was shipped, unless somebody has deleted it.

        :param family: ``mail`` or ``letter``
        :param name: one of :data:`TEXT_NAMES`
        """
        # Asked of each action: known without looking into the database.
        template_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"account_dunning.{family}_template_{name}", raise_if_not_found=False
        )
        return self.env["mail.template"].browse(template_id or [])

    def _get_missing(self, channel):
        # EXTENDS 'account_dunning': it has no level that could be given another text
        letter = channel in LETTER_CHANNELS
        if self.notice and not self._get_notice_template(
            "letter" if letter else "mail", self._get_text_name()
        ):
            return self.env._(
                "The text of this notice was deleted: an update of the addon brings it "
                "back, then send again."
            )
        if self.notice == "refusal" and not self._has_reason():
            return self.env._(
                "Nobody has said why the dispute is refused: edit the text, then send."
            )
        return super()._get_missing(channel)

    def _has_reason(self):
        """Return whether a refusal says why."""
        self.ensure_one()
        return bool((self.refusal_reason or "").strip()) or self._has_custom_text()

    def _get_text_name(self):
        """Return the name of the text of the notice, see :data:`TEXT_NAMES`."""
        self.ensure_one()
        if self.notice == "promise_reminder":
            return "promise_reminder"
        if self.notice == "refusal":
            return "dispute_refusal"
        return "promise_plan" if self._is_plan() else "promise"


class DunningTextTemplate(models.AbstractModel):
    _inherit = "dunning.text.template"

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _get_dunning_sample(self):
        # EXTENDS 'account_dunning': a notice, for the texts of notices
        return self._get_dunning_notice() or super()._get_dunning_sample()

    def _get_dunning_notice(self):
        """Return the latest notice that says this text, if there is one."""
        actions = self.env[MODEL]
        said = [
            name
            for family, name in product(("mail", "letter"), TEXT_NAMES)
            if self and actions._get_notice_template(family, name) == self
        ]
        if not said or not actions.has_access("read"):
            return actions
        notices = actions.search(
            [("notice", "!=", False), ("state", "!=", "cancelled")],
            order="id desc",
            limit=SAMPLES,
        )
        return notices.filtered(lambda notice: notice._get_text_name() in said)[:1]
