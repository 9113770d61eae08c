import logging
import time
from collections import Counter
from contextlib import contextmanager
from tempfile import TemporaryFile

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

_logger = logging.getLogger(__name__)

# Seconds between two looks at whether somebody still waits.
PULSE = 1.0
# A workbook during which the process was killed is begun so many times.
MOST_ATTEMPTS = 2


class Cancelled(Exception):
    """Nobody waits for the workbook any more."""


class DunningWorkbook(models.Model):
    """How workbooks are made: at once, or by a scheduled action that tells how far it
    is, listens whether somebody still waits, and tells the author when it is done."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # SCHEDULED ACTION
    # ------------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Make what waits, oldest first, authors in turn."""
        self.env["dunning.guard"]._check_scheduled()
        self.env["dunning.workbook.schedule"]._order_due()
        # One process at a time runs this: what was begun was left by one that died.
        self.search([("state", "=", "running")])._take_up()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count([("state", "=", "waiting")]))
        tried = self.browse()
        while workbook := self._get_next(tried):
            tried += workbook
            workbook._make_safely()
            if not cron._commit_progress(1):
                break

    def _get_next(self, tried):
        """Return what is made next: whoever has ordered many waits for those who have
        ordered one."""
        served = Counter(workbook.user_id.id for workbook in tried.exists())
        waiting = self.search(
            [("state", "=", "waiting"), ("id", "not in", tried.ids)], order="id"
        )
        # The oldest of those that are served equally.
        return min(waiting, key=lambda own: served[own.user_id.id], default=None)

    def _take_up(self):
        """Have workbooks made again whose process died, unless it did so before."""
        for workbook in self:
            if workbook.attempts < MOST_ATTEMPTS:
                workbook.write({"state": "waiting", "progress": 0})
            else:
                workbook._fail(
                    self.env._(
                        "The server stopped twice while making it: choose fewer "
                        "customers, or leave out the list of items."
                    )
                )

    @api.model
    def _trigger_making(self):
        # Triggering a scheduled action is reserved to administrators.
        cron_sudo = self.env.ref(
            "account_dunning.cron_workbook", raise_if_not_found=False
        )
        if cron_sudo:
            # For the same reason.
            cron_sudo.sudo()._trigger()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _make_at_once(self):
        """Make the workbook while its author waits."""
        author = self._as_author()
        with TemporaryFile() as target:
            count = author._write_book(target, lambda _share: None)
            target.seek(0)
            self._keep(target.read(), count)

    def _make_safely(self):
        """Make the workbook in transactions of its own; what fails is told to the
        author and hinders no other."""
        self.ensure_one()
        locked = self.try_lock_for_update()
        if not locked or locked.state != "waiting":
            return
        self.write({"state": "running", "attempts": self.attempts + 1})
        self.env["ir.cron"]._commit_progress()
        try:
            self._make_pulsing()
        except Cancelled:
            # Nothing was written but what is thrown away.
            self.env.invalidate_all()
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all()
            if self.exists():
                self._fail(self._explain(error))
        self.env["ir.cron"]._commit_progress()

    def _make_pulsing(self):
        """Make the workbook; the pulse goes on in transactions of its own, for what is
        read here is of one moment."""
        pulse = _Pulse(self)
        with TemporaryFile() as target:
            with self._reading() as workbook:
                count = workbook._as_author()._write_book(target, pulse.beat)
            # What follows is of another moment: the pulse has written since.
            self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all()
            locked = self.try_lock_for_update()
            if not locked or locked.state != "running":
                raise Cancelled
            target.seek(0)
            self._keep(target.read(), count)
        self._deliver()

    @contextmanager
    def _reading(self):
        """Give the workbook where its figures are read: on the replica, if there is one
        that knows of it already."""
        if not config["db_replica_host"]:
            yield self
            return
        with self.env.registry.cursor(readonly=True) as cr:
            followed = self.with_env(self.env(cr=cr))
            if followed.exists() and followed.state == "running":
                yield followed
                return
        yield self

    def _deliver(self):
        """Hand the workbook to its author. Override to do so by other means."""
        author = self._as_author()
        author._notify(
            author.env._("“%s” is ready.", author.name), url=self._get_download_url()
        )

    def _fail(self, message):
        self.write({"state": "failed", "message": message})
        author = self._as_author()
        author._notify(message, failed=True)

    def _explain(self, error):
        """Return what a failure means to the author, in their words."""
        author = self._as_author()
        if isinstance(error, AccessError | UserError):
            return str(error)
        # Somebody has to look at it, and finds all of it in the log.
        _logger.exception("Workbook %s could not be made", self.id)
        if isinstance(error, OSError):
            return author.env._(
                "The server has no room for the file: ask its administrator, or choose "
                "fewer customers."
            )
        return author.env._("It could not be made: ask the administrator of Odoo why.")

    def _notify(self, message, failed=False, url=None):
        """Tell the author in the web client."""
        # Who may be told is decided: the author.
        partner_sudo = self.sudo().user_id.partner_id
        partner_sudo._bus_send(
            "account_dunning.workbook",
            {
                "id": self.id,
                "message": message,
                "title": self.env._("Excel Export"),
                "type": "danger" if failed else "success",
                "url": url,
            },
        )


class _Pulse:
    """Tells how far a workbook is and hears whether it is still wanted.

    :param workbook: the record, whose transaction is not touched
    """

    def __init__(self, workbook):
        self.workbook = workbook
        self.last = time.monotonic()

    def beat(self, share: float):
        """Note how far it is, now and then.

        :param share: of the work that is done
        :raise Cancelled: nobody wants it any more
        """
        if time.monotonic() - self.last < PULSE:
            return
        with self.workbook.env.registry.cursor() as cr:
            workbook = self.workbook.with_env(self.workbook.env(cr=cr))
            workbook.invalidate_recordset()
            if not workbook.exists() or workbook.state != "running":
                raise Cancelled
            workbook.progress = min(int(share * 100), 99)
            workbook.user_id.partner_id._bus_send(
                "account_dunning.workbook",
                {"id": workbook.id, "progress": workbook.progress},
            )
        self.last = time.monotonic()
