from requests import exceptions
from urllib3.exceptions import MaxRetryError

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.marks import Mark
from ...tools.words import COLLECTORS

# What a letter is, and where it goes.
FIXED_FIELDS = {
    "attachment_id",
    "attachment_datas",
    "city",
    "color",
    "company_id",
    "country_id",
    "cover",
    "duplex",
    "message_id",
    "model",
    "partner_id",
    "res_id",
    "state_id",
    "street",
    "street2",
    "user_id",
    "zip",
}
# The post tells what became of it.
POSTING = Mark("dunning_posting")
# What the post tells of it.
TOLD_FIELDS = {"error_code", "info_msg", "state"}


class SnailmailLetter(models.Model):
    """Letters of actions in the queue of Odoo's service, which tells what becomes of
    them."""

    _inherit = "snailmail.letter"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("report_template")
    def _check_dunning_report(self):
        for letter in self:
            # Every employee may write letters. Odoo prints them elevated, of the record
            # of the report's model that has the number the letter names.
            report_sudo = letter.sudo().report_template
            if (report_sudo.model or "").startswith("dunning."):
                raise ValidationError(
                    self.env._(
                        "“%s” is not printed by letters of Odoo’s post: dunning posts "
                        "its letters itself.",
                        report_sudo.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'snailmail': every employee may write on letters
        if not self.env.su and not POSTING.is_set(self.env):
            self._dunning_check_written(vals)
        cancelled = self.browse()
        if vals.get("state") == "canceled":
            cancelled = self.filtered(lambda letter: letter.state != "sent")
        result = super().write(vals)
        waiting = cancelled._dunning_get_recipients().filtered(
            lambda line: line.state == "waiting"
        )
        waiting._follow_loss(
            "cancelled",
            waiting.env._("The letter was cancelled before it was posted."),
        )
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_check_written(self, vals):
        """Refuse to make something else of letters of dunning, or to say of one what
        only the post knows: it would never be posted, and its action stay done.

        :raise UserError: saying so
        """
        is_cancelled = vals.get("state") == "canceled" and self.env.user.has_group(
            COLLECTORS
        )
        told = set() if is_cancelled else TOLD_FIELDS
        if (FIXED_FIELDS | told).isdisjoint(vals):
            return
        if self._dunning_get_recipients():
            raise UserError(
                self.env._("A letter of dunning is posted as it was written.")
            )

    def _snailmail_print(self, immediate=True):
        # EXTENDS 'snailmail': every employee may have letters posted at once
        may = self.env.su or self.env.user.has_group(COLLECTORS)
        if not may and self._dunning_get_recipients():
            raise AccessError(
                self.env._(
                    "A letter of dunning is posted when it is due: before that, only a "
                    "collector may have it posted."
                )
            )
        return super()._snailmail_print(immediate)

    def _snailmail_print_invalid_address(self):
        # EXTENDS 'snailmail'
        posted = self.with_context(**POSTING.context)
        result = super(SnailmailLetter, posted)._snailmail_print_invalid_address()
        self._dunning_follow_post()
        return result

    def _snailmail_print_valid_address(self):
        # EXTENDS 'snailmail': each of ours is noted before it is handed over
        recipients = self._dunning_get_recipients()
        if recipients and not self._dunning_hand_over(recipients):
            return None
        try:
            posted = self.with_context(**POSTING.context)
            result = super(SnailmailLetter, posted)._snailmail_print_valid_address()
        except AccessError as error:
            if recipients and self._dunning_has_not_left(error.__context__):
                self.env["dunning.handover"]._forget(self)
            raise
        self._dunning_follow_post()
        return result

    @api.model
    def _dunning_has_not_left(self, error):
        """Return whether the service has certainly got nothing: there was no connection
        to it. One that broke later may have brought the letter."""
        reason = error.args[0] if error and error.args else None
        return isinstance(error, exceptions.ConnectionError) and isinstance(
            reason, MaxRetryError
        )

    def _dunning_hand_over(self, recipients):
        """Note, for good, that this letter is about to be handed over.

        :return: whether it may be: nobody has before
        """
        self.ensure_one()
        # Whoever sends the queue need not have rights on letters.
        letter_sudo = self.sudo()
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        if self.state != "pending" or recipients.state != "waiting":
            letter_sudo.cancel()
            return False
        if self.env["dunning.handover"]._note(self):
            return True
        recipients._follow_loss(
            "unknown",
            recipients.env._(
                "Handing the letter over was interrupted, and nobody knows whether it "
                "is posted: make sure that the customer does not get it before you "
                "send it again."
            ),
        )
        letter_sudo.cancel()
        return False

    def _dunning_follow_post(self):
        for letter in self:
            recipients = letter._dunning_get_recipients()
            if letter.state == "sent":
                recipients._note("sent")
            elif letter.state == "error" and recipients:
                failures = recipients.env["mail.notification"]
                details = failures._dunning_tell_failure(
                    letter._get_failure_type(letter.error_code), False
                )
                recipients._follow_loss(
                    "failed",
                    recipients.env._("The letter could not be posted: %s", details),
                )
                # Another way may be taken now: it must not be posted besides.
                letter.sudo().cancel()

    def _dunning_get_recipients(self) -> models.BaseModel:
        """Return the recipients whose letters these are, elevated."""
        # Whoever posts letters need not have rights on dunning.
        recipients_sudo = self.env["dunning.sending.recipient"].sudo()
        letters = self.filtered(lambda letter: letter.model == "res.partner")
        if not letters:
            return recipients_sudo
        return recipients_sudo.search([("post_id", "in", letters.ids)])._as_told()
