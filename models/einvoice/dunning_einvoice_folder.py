import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError

from ...tools import einvoice_message, watched_folder
from ...tools.einvoice_message import MAX_TOTAL, Document
from ...tools.hardened_xml import MAX_SIZE
from ...tools.watched_folder import DONE, FAILED

FOLDER = "account_dunning.einvoice_folder"
# Of many at once each costs less; others wait for what a batch has locked.
BATCH_SIZE = 250

_logger = logging.getLogger(__name__)


class DunningEinvoiceEvent(models.Model):
    """Messages that are put into a folder of the server. A file is moved once what it
    says is committed: whoever is killed in between reads it again, and knows it."""

    _inherit = "dunning.einvoice.event"

    # ------------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------------

    @api.model
    def _cron_read_folder(self):
        """Take the messages of the watched folder, batch by batch."""
        self.env["dunning.guard"]._check_scheduled()
        # Where it is, is for administrators to say.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        path = parameters_sudo.get_param(FOLDER)
        if not path:
            return
        try:
            with watched_folder.watch(path) as folder:
                self._read_folder(folder)
        except OSError as error:
            # The next run tries again: the folder of another machine may be away.
            _logger.info("E-invoice folder cannot be used: %s", error)

    @api.model
    def _read_folder(self, folder):
        cron = self.env["ir.cron"]
        seen = set()
        while True:
            names = folder.get_names(BATCH_SIZE, MAX_TOTAL, seen)
            if not names:
                return
            # A file that cannot be moved is not read for ever.
            seen.update(names)
            try:
                problems = self._read_batch(folder, names)
            except (ConcurrencyError, OperationalError):
                # Somebody else is at it: the next run knows what they took.
                return
            has_time = cron._commit_progress(len(names))
            self._move_files(folder, names, problems)
            if not has_time:
                return

    @api.model
    def _read_batch(self, folder, names):
        """Take the messages of some files, by halves if together they fail: whatever
        is wrong with one, the others are taken.

        :return: dict of name to what is wrong with the file
        """
        try:
            with self.env.cr.savepoint():
                return self._read_files(folder, names)
        except (ConcurrencyError, OperationalError):
            raise
        except Exception as error:
            if len(names) == 1:
                _logger.info("E-invoice file %r failed", names[0], exc_info=True)
                told = self.env._("What follows from it failed: %s", error)
                return {names[0]: told}
        half = len(names) // 2
        problems = self._read_batch(folder, names[:half])
        return problems | self._read_batch(folder, names[half:])

    @api.model
    def _read_files(self, folder, names):
        """Take the messages of some files.

        :return: dict of name to what is wrong with the file
        """
        documents, problems = [], {}
        for name in names:
            try:
                content = folder.fetch(name, MAX_SIZE)
            except OSError as error:
                problems[name] = str(error.strerror or error)
                continue
            if content is None:
                problems[name] = self._tell_unreadable("size")
            else:
                shown = einvoice_message.shorten(name)
                documents.append(Document(shown, content, origin=name))
        receipt = self._receive_all(documents, "folder")
        for document, problem in receipt.refused:
            text = self._tell_unreadable(problem)
            if document.name != einvoice_message.shorten(document.origin):
                text = self.env._(
                    "%(what)s: %(details)s", what=document.name, details=text
                )
            known = problems.get(document.origin)
            problems[document.origin] = f"{known}\n{text}" if known else text
        return problems

    @api.model
    def _move_files(self, folder, names, problems):
        for name in names:
            try:
                if name not in problems:
                    folder.move(name, DONE)
                    continue
                moved = folder.move(name, FAILED)
                folder.note(moved, FAILED, problems[name])
            except OSError as error:
                _logger.info("E-invoice file %r cannot be moved: %s", name, error)
