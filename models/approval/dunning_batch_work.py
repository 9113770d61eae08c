import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools import letter_pdf
from .dunning_batch import OPEN

_logger = logging.getLogger(__name__)

# Actions that are dealt with in one transaction, and letters in one file.
PART = 100
LETTERS_IN_FILE = 500
PDF = "application/pdf"


class DunningBatch(models.Model):
    """How jobs are done: part by part, in the order in which they were asked for."""

    _inherit = "dunning.batch"

    # ------------------------------------------------------------------
    # SCHEDULED ACTION
    # ------------------------------------------------------------------

    @api.model
    def _cron_work(self):
        """Go on with what is open, oldest first."""
        self.env["dunning.guard"]._check_scheduled()
        jobs = self.search([("state", "in", OPEN)], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(job._count_steps() for job in jobs))
        for job in jobs:
            while done := job._work_safely():
                if not cron._commit_progress(done):
                    return
        cron._commit_progress(remaining=0)

    @api.model
    def _trigger_work(self):
        cron = self.env.ref("account_dunning.cron_batch", raise_if_not_found=False)
        if cron:
            # Triggering a scheduled action is reserved to administrators.
            cron_sudo = cron.sudo()
            cron_sudo._trigger()

    def _count_steps(self):
        """Return how much is left to do: a part of the letters, then the files."""
        self.ensure_one()
        files = -(-self.count // LETTERS_IN_FILE) if self.kind == "print" else 0
        return max(self.count - self.position + files - len(self.file_ids), 1)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _work_safely(self):
        """Do a part, at the beginning of a transaction; what fails is told and hinders
        no other job.

        :return: how much was done; nothing when the job is over
        """
        self.ensure_one()
        try:
            return self._work()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody else has changed the same rows: look at them again.
            self.env.cr.rollback()
            return 1
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all()
            if self.exists():
                self._fail(error)
            return 0

    def _work(self):
        locked = self.try_lock_for_update()
        if not locked or locked.state not in OPEN:
            return 0
        if self.position < self.count:
            return self._do_part()
        if self.kind == "print" and (letters := self._get_next_letters()):
            self._bind(letters)
            return 1
        self._finish()
        return 0

    def _do_part(self):
        """Deal with the next actions, with the rights of who asked."""
        ids = self.action_ids[self.position : self.position + PART]
        author = self._as_author()
        actions = author.env["dunning.action"].browse(ids).exists()
        todo = actions.filtered(lambda action: not self._is_dealt_with(action))
        author._do_together(todo)
        left = [action for action in actions if not self._is_dealt_with(action)]
        self.write(
            {
                "state": "running",
                "position": self.position + len(ids),
                "left_count": self.left_count + len(left) + len(ids) - len(actions),
            }
        )
        self._tell_author({"progress": self.progress})
        return len(ids)

    def _do_together(self, actions):
        """Deal with actions at once or, where one of them refuses, one by one: somebody
        else may be carrying out one of them, or has changed it since."""
        try:
            with self.env.cr.savepoint():
                self._do(actions)
        except UserError:
            if len(actions) > 1:
                for action in actions:
                    self._do_together(action)

    def _do(self, actions):
        if self.kind == "validate":
            actions = actions.filtered(lambda action: not action.custom_stale)
            if actions:
                actions.action_validate()
            return
        waiting = actions.filtered(lambda action: action.state in ("todo", "failed"))
        if waiting:
            waiting.action_execute()

    def _get_next_letters(self):
        """Return the actions whose letters come into the next file, in the order of the
        post."""
        actions = self._as_author().env["dunning.action"].browse(self.action_ids)
        printed = actions.exists().filtered(self._is_dealt_with)
        start = len(self.file_ids) * LETTERS_IN_FILE
        return printed._sort_for_post()[start : start + LETTERS_IN_FILE]

    def _bind(self, actions):
        """Make a file of letters."""
        # Whoever may print a letter may have it; the file is of the job.
        letters_sudo = actions.sudo().letter_id
        author = self._as_author()
        values = {
            "name": author.env._(
                "Letters %(first)s to %(last)s.pdf",
                first=len(self.file_ids) * LETTERS_IN_FILE + 1,
                last=len(self.file_ids) * LETTERS_IN_FILE + len(actions),
            ),
            "raw": letter_pdf.merge(
                letter._dunning_get_raw() for letter in letters_sudo
            ),
            "mimetype": PDF,
            "res_model": self._name,
            "res_id": self.id,
        }
        self.file_ids += self.env["ir.attachment"].create(values)

    def _finish(self):
        author = self._as_author()
        self.write({"state": "done", "date_done": self.env.cr.now()})
        done = self.count - self.left_count
        message = author.env._(
            "%(what)s: %(done)s done, %(left)s left out",
            what=self.name,
            done=done,
            left=self.left_count,
        )
        kind = "warning" if self.left_count else "success"
        self._tell_author({"message": message, "type": kind})

    def _fail(self, error):
        """Stop the job; it can be resumed where it stopped."""
        message = str(error)
        if not isinstance(error, UserError):
            # Somebody has to look at it, and finds all of it in the log.
            _logger.error("Bulk job %s has stopped", self.id, exc_info=error)
            message = self.env._("It was interrupted: ask the administrator why.")
        self.write({"state": "failed", "message": message})
        self._tell_author({"message": message, "type": "danger"})

    def _tell_author(self, values):
        """Tell who asked in the web client how far it is.

        :param values: dict of ``progress``, or ``message`` and ``type``
        """
        author = self._as_author()
        # Who may be told is decided: who asked.
        partner_sudo = self.sudo().user_id.partner_id
        partner_sudo._bus_send(
            "account_dunning.workbook",
            {
                "id": self.id,
                "model": self._name,
                "title": author.env._("Bulk Job"),
                **values,
            },
        )

    def _as_author(self):
        """Return the job under the rights, and in the language, of who asked."""
        self.ensure_one()
        # Who does it need not be allowed to read who asked, nor all companies.
        batch_sudo = self.sudo()
        user_sudo = batch_sudo.user_id
        companies = batch_sudo.company_ids & user_sudo.company_ids
        return self.with_user(user_sudo).with_context(
            allowed_company_ids=companies.ids or user_sudo.company_id.ids,
            lang=user_sudo.lang,
            tz=user_sudo.tz,
        )
