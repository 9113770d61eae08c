from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ...tools.words import OPEN_STAGES
from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS
from .dunning_dashboard_open import TOP

# Customers or causes that are named.
NAMED = 5


class DunningDashboard(models.AbstractModel):
    """The trouble: who is late, what was promised and not kept, what is contested."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # LATE CUSTOMERS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_late_customers(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return the ten customers with most that is overdue, and the ten who are late
        for longest, see :meth:`get_setup`.

        :return: dict: ``by_amount, by_days`` (lists of dicts: ``name, amount, days,
            action``), ``all`` (action)
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        return self._prepare_late_customers_part(scope, self._read_open(scope))

    @api.model
    def _prepare_late_customers_part(self, scope, found):
        rows = found.late
        return {
            "by_amount": self._prepare_late(rows, "amount_rank", scope),
            "by_days": self._prepare_late(rows, "days_rank", scope),
            "all": self._open("action_late_customer", self._get_domain(scope)),
        }

    @api.model
    def _prepare_late(self, rows, rank, scope):
        chosen = sorted(
            (row for row in rows if row[rank] <= TOP), key=lambda row: row[rank]
        )
        # Who reads figures reads whose they are.
        partners_sudo = self.env["res.partner"].sudo()
        names = {
            partner.id: partner.display_name
            for partner in partners_sudo.browse(row["partner_id"] for row in chosen)
        }
        return [
            {
                "id": row["partner_id"],
                "name": names[row["partner_id"]],
                "amount": row["amount"],
                "days": row["days"],
                "action": self._open_items(
                    [
                        ("company_id", "=", scope.company.id),
                        ("partner_id", "=", row["partner_id"]),
                        ("days_late", ">", 0),
                    ],
                    title=names[row["partner_id"]],
                ),
            }
            for row in chosen
        ]

    # ------------------------------------------------------------------
    # PROMISES
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_promises(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return what became of promises in the period, and what is promised, see
        :meth:`get_setup`.

        :return: dict: ``figures``
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        over = self._get_domain(scope) & Domain(
            [("date", ">=", scope.date_from), ("date", "<=", scope.today)]
        )
        groups = self.env["dunning.promise.rate"]._read_group(
            over, ["state"], ["__count", "amount:sum", "amount_in_time:sum"]
        )
        counts = {state: count for state, count, _amount, _received in groups}
        total = sum(counts.values())
        promised = sum(amount for _state, _count, amount, _received in groups)
        received = sum(received for *_group, received in groups)
        missed = over & Domain("state", "in", ("broken", "partly_kept"))
        lost = sum(
            amount - in_time
            for state, _count, amount, in_time in groups
            if state in ("broken", "partly_kept")
        )
        return {
            "figures": [
                self._prepare_figure(
                    "broken",
                    self.env._("Not kept"),
                    total - counts.get("kept", 0),
                    "count",
                    tone="bad" if total > counts.get("kept", 0) else False,
                    note={"value": float(lost), "kind": "amount"},
                    action=self._open("action_promise_rate", missed),
                    how=self._prepare_how(
                        self.env._(
                            "Promised payments of the period that were broken or only "
                            "partly kept, and what did not come in time."
                        ),
                        scope=scope,
                    ),
                ),
                *self._prepare_kept(scope, over, counts, promised, received),
                self._prepare_promised(scope),
            ]
        }

    @api.model
    def _prepare_kept(self, scope, domain, counts, promised, received):
        """The rates of promises that were kept: by number and by amount."""
        total = sum(counts.values())
        action = self._open("action_promise_rate", domain)
        left_out = self.env._(
            "Promises that run, were withdrawn, renegotiated or became void do not "
            "count."
        )
        return [
            self._prepare_figure(
                "kept",
                self.env._("Kept, by number"),
                counts.get("kept", 0) / total if total else None,
                "rate",
                action=action,
                how=self._prepare_how(
                    self.env._("Kept ÷ (kept + partly kept + broken).")
                    + f" {left_out}",
                    [
                        (self.env._("Kept"), counts.get("kept", 0), "count"),
                        (
                            self.env._("Partly kept"),
                            counts.get("partly_kept", 0),
                            "count",
                        ),
                        (self.env._("Broken"), counts.get("broken", 0), "count"),
                    ],
                    scope,
                ),
            ),
            self._prepare_figure(
                "kept_amount",
                self.env._("Kept, by amount"),
                float(received) / float(promised) if promised else None,
                "rate",
                action=action,
                how=self._prepare_how(
                    self.env._("Received in time ÷ promised.") + f" {left_out}",
                    [
                        (self.env._("Received in time"), float(received), "amount"),
                        (self.env._("Promised"), float(promised), "amount"),
                    ],
                    scope,
                ),
            ),
        ]

    @api.model
    def _prepare_promised(self, scope):
        """What is promised for the days to come."""
        running = self._get_domain(scope, "promise_id.user_id") & Domain(
            [
                ("state", "=", "open"),
                ("date", "<=", scope.today + timedelta(days=7)),
            ]
        )
        return self._prepare_figure(
            "promised",
            self.env._("Promised for the next 7 days"),
            self.env["dunning.promise.line"].search_count(running),
            "count",
            action=self._open("action_promise_line", running),
            how=self._prepare_how(
                self.env._("Running payments promised for a day until then.")
            ),
        )

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_disputes(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return the open disputes, and the time that those of the period took, see
        :meth:`get_setup`.

        :return: dict: ``figures``, ``causes`` (list of dicts: ``name, count, amount,
            action``)
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        mine = self._get_domain(scope)
        open_ = mine & Domain("is_open", "=", True)
        closed = mine & Domain(
            [("date_closed", ">=", scope.date_from), ("date_closed", "<=", scope.today)]
        )
        times = self.env["dunning.dispute.time"]
        [(count, amount)] = times._read_group(open_, [], ["__count", "amount:sum"])
        [(closed_count, days)] = times._read_group(closed, [], ["__count", "days:avg"])
        records = mine & Domain("state", "in", OPEN_STAGES)
        late = records & Domain("date_deadline", "<", scope.today)
        return {
            "figures": [
                self._prepare_figure(
                    "open",
                    self.env._("Open Now"),
                    count,
                    "count",
                    note={"value": float(amount or 0), "kind": "amount"},
                    action=self._open("action_dispute", records),
                    how=self._prepare_how(
                        self.env._("Disputes that are not closed, and their amount.")
                    ),
                ),
                self._prepare_figure(
                    "late",
                    self.env._("Past their day"),
                    late_count := self.env["dunning.dispute"].search_count(late),
                    "count",
                    tone="bad" if late_count else False,
                    action=self._open("action_dispute", late),
                    how=self._prepare_how(
                        self.env._(
                            "Open disputes whose day to be settled by has passed."
                        )
                    ),
                ),
                self._prepare_figure(
                    "days",
                    self.env._("Days to settle"),
                    days if closed_count else None,
                    "days",
                    action=self._open("action_dispute_time", closed),
                    how=self._prepare_how(
                        self.env._(
                            "Average of the days that the disputes closed in the "
                            "period were open."
                        ),
                        [(self.env._("Disputes closed"), closed_count, "count")],
                        scope,
                    ),
                ),
            ],
            "causes": self._get_dispute_causes(open_),
        }

    @api.model
    def _get_dispute_causes(self, domain):
        """Return what the open disputes are about, most of it first."""
        groups = self.env["dunning.dispute.time"]._read_group(
            domain, ["reason_id"], ["__count", "amount:sum"], order="amount:sum DESC"
        )
        return [
            {
                "id": reason.id,
                "name": reason.display_name,
                "count": count,
                "amount": float(amount or 0),
                "action": self._open(
                    "action_dispute_time",
                    domain & Domain("reason_id", "=", reason.id),
                    title=reason.display_name,
                ),
            }
            for reason, count, amount in groups[:NAMED]
        ]
