from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..text.mail_render_mixin import LOOKED_AT
from .ir_actions_report import LETTER_REPORT


class DunningAction(models.Model):
    """Printing for the post room: the letters of many actions in one PDF."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_print(self) -> dict:
        """Execute letters and hand them over in one PDF, ordered by postal code.

        As in any execution everything is checked against the ledger first. The letters
        that were printed before are printed again as they were.

        :return: client action that tells what was left out and downloads the PDF
        :raise UserError: there is nothing to print
        """
        waiting = self.filtered(lambda a: a.is_letter and a.state in ("todo", "failed"))
        again = self.filtered(lambda a: a.state == "done" and a.letter_id)
        if not waiting and not again:
            raise UserError(self._get_nothing_to_print())
        result = waiting.action_execute() if waiting else {}
        printed = waiting.filtered(lambda a: a.state == "done" and a.letter_id) | again
        if not printed and len(waiting) == 1:
            return result
        return waiting._get_print_notification(printed, len(self))

    def action_print_again(self):
        """Download the letters as they were sent; nothing changes.

        :return: report action
        :raise UserError: none of the actions has a letter
        """
        printed = self.filtered(lambda a: a.state == "done" and a.letter_id)
        if not printed:
            raise UserError(self._get_nothing_to_print())
        return printed._get_print_action()

    def action_preview_letter(self):
        """Show the letter in the browser: as it was sent or, before, as a draft.

        :return: action that opens the PDF, or says why there is none
        """
        self.ensure_one()
        self.check_access("read")
        problem = self.state != "done" and self._get_letter_problem()
        if problem and not self.letter_id:
            params = {"type": "warning", "sticky": True, "message": problem}
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": params,
            }
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/pdf/{LETTER_REPORT}/{self.id}",
            "target": "new",
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_nothing_to_print(self):
        if any(action.state == "to_validate" for action in self):
            return self.env._("These letters wait for approval: validate them first.")
        return self.env._("None of these actions is a letter to print.")

    def _get_print_action(self) -> dict:
        """Return the download of the letters, in the order of the post."""
        report = self.env.ref("account_dunning.report_letter")
        return report.report_action(self._sort_for_post().ids, config=False) | {
            "close_on_report_download": True
        }

    def _sort_for_post(self) -> models.BaseModel:
        """Return the actions by the postal code of their letters."""
        return self.sorted(
            lambda action: (action.postal_code or "", action.partner_id.name or "")
        )

    def _get_print_notification(self, printed, asked):
        """Tell how many letters there are, and why others are not among them.

        :param printed: the actions whose letters are downloaded
        :param asked: number of actions that were to be printed
        """
        texts = [
            self.env._("%(done)s of %(asked)s printed", done=len(printed), asked=asked)
            if printed
            else self.env._("Nothing was printed")
        ]
        for action in (self - printed)[:5]:
            reason = action.failure or action.cancel_label
            reason = reason or format_date(self.env, action.date)
            name = action.partner_id.name
            if name not in reason:
                reason = self.env._("%(what)s: %(details)s", what=name, details=reason)
            texts.append(reason)
        left = asked - len(printed)
        close = {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.client",
            # What was printed leaves the list: the message stands for longer.
            "tag": "display_notification" if left else "account_dunning.notify",
            "params": {
                "type": "warning" if left else "success",
                "sticky": bool(left),
                "message": " – ".join(texts),
                "next": printed._get_print_action() if printed else close,
            },
        }

    def _get_letter_pdfs(self):
        """Return the letters to look at: those that were sent as they are, the others
        as drafts; nothing is written.

        :return: dict of action to bytes
        :raise UserError: there is no letter to show
        """
        # The letter follows the rights on its action.
        pdfs = {
            action: action_sudo.letter_id._dunning_get_raw()
            for action, action_sudo in zip(self, self.sudo(), strict=True)
            if action_sudo.letter_id
        }
        drafts = self.filtered(lambda action: action not in pdfs)
        drafts = drafts.with_context(**LOOKED_AT.context)
        for action in drafts:
            if action.state in ("done", "cancelled"):
                raise UserError(
                    self.env._("“%s” has no letter to show.", action.display_name)
                )
            if problem := action._get_letter_problem():
                raise UserError(problem)
        if drafts:
            letters = drafts._render_drafts()
            drafts_pdf = self.env["ir.actions.report"]._dunning_print_letters(
                list(letters.values()), drafts.company_id
            )
            pdfs |= dict(zip(letters, drafts_pdf, strict=True))
        return pdfs

    def _render_drafts(self):
        """Return drafts as HTML, by action.

        :raise UserError: one of them cannot be made
        """
        letters = {}
        for action in self:
            try:
                letters |= action._render_letter_batch(draft=True)
            except OperationalError:
                raise
            except Exception as error:
                raise UserError(action._get_letter_failure(error)) from error
        return letters
