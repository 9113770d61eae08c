from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...tools.litigation import GIVEN_UP, OPEN_LITIGATION

ACTIVITY = "account_dunning.activity_type_write_off"


class DunningLitigation(models.Model):
    """What was given up waits for its write-off: an accountant may be asked for it, and
    is not any more once nothing is left, or it goes on."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _ask_write_off(self, user: models.BaseModel) -> None:
        """Ask an accountant to write off what is left of what was given up.

        :param user: who is asked
        :raise UserError: they may not prepare the entry of one of them
        """
        given_up = self.filtered(lambda litigation: litigation.state in GIVEN_UP)
        for litigation in given_up.filtered("amount_left"):
            if not litigation._is_written_off_by(user):
                raise UserError(
                    self.env._(
                        "%(user)s may not prepare the entry of “%(litigation)s”: ask "
                        "an accountant who sees dunning.",
                        user=user.name,
                        litigation=litigation.display_name,
                    )
                )
            told = litigation.with_context(
                lang=user.lang, mail_activity_quick_update=True
            )
            told.activity_schedule(
                ACTIVITY,
                told.company_id._dunning_today(),
                summary=told.env._("Write off what is left: prepare the entry"),
                note=plaintext2html(told.decision or ""),
                user_id=user.id,
            )

    def _is_written_off_by(self, user):
        self.ensure_one()
        own = self.with_user(user).with_context(allowed_company_ids=self.company_id.ids)
        entries = own.env["dunning.litigation.entry"]
        return own.has_access("read") and entries.has_access("create")

    def _settle_states(self):
        # EXTENDS 'account_dunning'
        settled = self.filtered(lambda litigation: not litigation.amount_left)
        result = super()._settle_states()
        if over := self.filtered(lambda litigation: not litigation.amount_left):
            over.activity_feedback(
                [ACTIVITY], feedback=self.env._("Nothing is left to pay.")
            )
        settled._ask_write_off_again()
        if going_on := self.filtered(lambda x: x.state in OPEN_LITIGATION):
            going_on.activity_unlink([ACTIVITY])
        return result

    def _ask_write_off_again(self):
        """Ask who was asked before, of what was settled and leaves something again, as
        when a payment bounces: what they have done is not asked for otherwise."""
        left = self.filtered(lambda x: x.state in GIVEN_UP and x.amount_left)
        if not left:
            return
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        asked = self.env["mail.activity"].with_context(active_test=False)
        asked = asked.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", left.ids),
                ("activity_type_id", "=", activity_type.id if activity_type else 0),
            ],
            order="id desc",
        )
        for res_id, own in asked.grouped("res_id").items():
            litigation, user = self.browse(res_id), own[:1].user_id
            if user.active and litigation._is_written_off_by(user):
                litigation._ask_write_off(user)
