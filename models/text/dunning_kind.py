# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models


class DunningKind(models.AbstractModel):
    """What actions of a kind say."""

    _inherit = "dunning.kind"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_mail_template(self, action: models.BaseModel) -> models.BaseModel:
        """Return the text of the e-mail: that of the level."""
        return action.level_id.mail_template_id

    def _get_letter_template(self, action: models.BaseModel) -> models.BaseModel:
        """Return the text of the letter: that of the level; a letter planned by hand
        is a statement."""
        if action.level_id:
            return action.level_id.letter_template_id
        return (
            self.env.ref(
                "account_dunning.letter_template_statement", raise_if_not_found=False
            )
            or self.env["mail.template"]
        )

    def _get_moves(self, action):
        """Return the entries that the action speaks of."""
        return action._get_content_lines().move_id

    def _get_numbers(self, action: models.BaseModel) -> list[str]:
        """Return the numbers of the items, each once, the oldest first."""
        lines = action._get_content_lines()
        return list(dict.fromkeys(line._get_content_number() for line in lines))

    def _get_totals_to_pay(self, action: models.BaseModel, totals: list) -> list:
        """Return of which totals the customer is asked to pay by one transfer.

        :param totals: list of :class:`Total`
        """
        return totals

    def _has_claims(self) -> bool:
        """Return whether actions of the kind claim what the ledger says."""
        return True
