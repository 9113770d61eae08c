import json
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.json import json_default

# Parts that took longer, in seconds, are remembered.
SLOW = 1.5
# How long what was worked out is shown, and until when it is not worked out anew: a
# minute for each second that it took, as long as this at most.
KEPT, FRESH = timedelta(hours=36), timedelta(minutes=15)
# What nobody looked at for so long is not worked out in the night.
ASKED = timedelta(days=7)


class DunningDashboardMemory(models.Model):
    """A part of the dashboard as it was last worked out, of a ledger so large that this
    takes seconds: it is shown at once with its time, and worked out anew meanwhile.

    Rows are added and thrown away, never changed: two that look at the same time are
    not in each other's way.
    """

    _name = "dunning.dashboard.memory"
    _description = "Part of the Dashboard as Last Worked Out"
    _order = "id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    method = fields.Char(required=True)
    key = fields.Char(required=True, help="What it was asked for.")
    content = fields.Json(required=True)
    asked = fields.Boolean(help="Somebody looked at it.")
    seconds = fields.Float(help="How long it took.")

    # === Constraints and indexes === #
    _key_idx = models.Index("(company_id, key, id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Work out again what was looked at lately, each for who looked at it last and
        with their rights."""
        since = self.env.cr.now() - ASKED
        groups = self._read_group(
            [("create_date", ">=", since), ("asked", "=", True)],
            ["company_id", "key"],
            ["id:max"],
        )
        found = self.browse(id_ for *_key, id_ in groups)
        for memory in self.env["dunning.guard"]._take_turns(found):
            memory._refresh()

    def _refresh(self):
        self.ensure_one()
        asked = json.loads(self.key)
        company = self.company_id
        dashboard = self.env["dunning.dashboard"].with_user(self.user_id)
        dashboard = dashboard.with_context(
            allowed_company_ids=company.ids,
            lang=asked["lang"],
            dunning_dashboard_night=True,
        )
        try:
            getattr(dashboard, self.method)(
                company=company.id,
                user=asked["user"],
                period=asked["period"],
                refresh=True,
            )
        except UserError:
            # Who asked may do so no longer.
            self.unlink()

    @api.autovacuum
    def _gc_memories(self):
        """Throw away what is shown no longer; the last that was asked for is what the
        night goes by."""
        now = self.env.cr.now()
        self.search(
            [
                "|",
                ("create_date", "<", now - ASKED),
                "&",
                ("asked", "=", False),
                ("create_date", "<", now - KEPT),
            ]
        ).unlink()


class DunningDashboard(models.AbstractModel):
    """What takes seconds is shown as it was last worked out, with its time."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _remember(
        self,
        method: str,
        scope,
        period,
        refresh,
        work_out: Callable[[], dict],
        *,
        by_rules: bool = False,
    ) -> dict:
        """Return a part as it was last worked out, if that took long; else work it out.

        :param method: its name
        :param refresh: whether to work it out in any case
        :param work_out: returns the part
        :param by_rules: record rules decide what somebody gets: it is theirs alone
        :return: the part; where it was remembered with ``as_of`` (its time, in words)
            and ``stale`` (whether to ask again)
        """
        key = json.dumps(
            {
                "method": method,
                "user": scope.user.id if scope.user else False,
                "own": by_rules or scope.company._dunning_sees_own_only(),
                "of": self.env.uid if by_rules else False,
                "period": period or False,
                "lang": self.env.lang or False,
            }
        )
        # Nobody reads what is remembered but here, where rights were asked for.
        memories_sudo = self.env["dunning.dashboard.memory"].sudo()
        found = self._recall(memories_sudo, scope, key)
        if found and not refresh:
            return found
        started = time.monotonic()
        part = work_out()
        seconds = time.monotonic() - started
        # What is fast again takes the place of what was slow.
        if found or seconds >= SLOW:
            values = {
                "company_id": scope.company.id,
                "user_id": self.env.uid,
                "method": method,
                "key": key,
                "content": json.loads(json.dumps(part, default=json_default)),
                "asked": not self.env.context.get("dunning_dashboard_night"),
                "seconds": seconds,
            }
            with self._writing() as dashboard:
                # Nobody else writes what is remembered either.
                dashboard.env["dunning.dashboard.memory"].sudo().create(values)
        return part

    @contextmanager
    def _writing(self):
        """Give the dashboard on a connection that may write. The screen is read on one
        that may not: where there is a replica, on one to that."""
        if not self.env.cr.readonly:
            yield self
            return
        # What was read is over: nobody reads in one transaction and writes in another.
        self.env.cr.rollback()
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr))

    @api.model
    def _recall(self, memories_sudo, scope, key):
        now = self.env.cr.now()
        memory_sudo = memories_sudo.search(
            [
                ("company_id", "=", scope.company.id),
                ("key", "=", key),
                ("create_date", ">=", now - KEPT),
            ],
            limit=1,
        )
        if not memory_sudo or memory_sudo.seconds < SLOW:
            return None
        fresh = min(FRESH, timedelta(minutes=memory_sudo.seconds))
        return {
            **memory_sudo.content,
            "as_of": format_datetime(
                self.env, memory_sudo.create_date, dt_format="d MMM, HH:mm"
            ),
            "stale": now - memory_sudo.create_date > fresh,
        }
