from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ...tools.words import ACTIVITY_REPLY, OPEN_STATES
from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS

# How far ahead work to come is looked at.
AHEAD_DAYS = 7
# That are shown; a click on the rates opens all.
LEVELS = 6


class DunningDashboard(models.AbstractModel):
    """The work: what was done, what is late, what is to come, and who does it."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_work(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return the work of the company or of a collector, see :meth:`get_setup`.

        :return: dict: ``figures``, ``collectors`` (list of dicts: ``name, late, today,
            ahead, done`` with their actions)
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        domains = self._get_work_domains(scope)
        count = self.env["dunning.action"].search_count
        return {
            "figures": [
                self._prepare_work(key, count(domains[key]), domains[key], scope)
                for key in ("late", "today", "ahead", "done")
            ],
            "collectors": self._get_work_by_collector(domains),
        }

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_day(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return what waits for a collector today, see :meth:`get_setup`.

        :return: dict: ``figures``
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        labels = {
            "calls": self.env._("Calls to make"),
            "sending": self.env._("To send, print or do"),
            "to_validate": self.env._("To approve"),
            "failed": self.env._("Failed"),
            "promises": self.env._("Payments promised by today"),
        }
        domains = self._get_day_domains(scope)
        count = self.env["dunning.action"].search_count
        figures = [
            self._prepare_figure(
                key,
                labels[key],
                number,
                "count",
                tone="bad" if key == "failed" and number else False,
                action=self._open("action_agenda", domains[key], title=labels[key]),
            )
            for key, number in ((key, count(domains[key])) for key in domains)
        ]
        promised = self._get_domain(scope, "promise_id.user_id") & Domain(
            [("state", "=", "open"), ("date", "<=", scope.today)]
        )
        figures.append(
            self._prepare_figure(
                "promises",
                labels["promises"],
                self.env["dunning.promise.line"].search_count(promised),
                "count",
                action=self._open(
                    "action_promise_line", promised, title=labels["promises"]
                ),
            )
        )
        return {"figures": [*figures, *self._prepare_replies(scope)]}

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_success(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return what came of the contacts of the period, see :meth:`get_setup`.

        :return: dict: ``figures``, ``levels`` (list of dicts: ``name, count, item_rate,
            amount_rate``, rates as fractions, ``action``)
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        domain = self._get_domain(scope) & Domain(
            [
                ("is_over", "=", True),
                ("date", ">=", scope.date_from),
                ("date", "<=", scope.today),
            ]
        )
        rates = ["__count", "item_rate:avg", "amount_rate:avg"]
        contacts = self.env["dunning.success"].with_context(
            dunning_success_from=scope.date_from
        )
        [total] = contacts._read_group(domain, [], rates)
        groups = contacts._read_group(
            domain, ["level_id"], rates, order="__count DESC", limit=LEVELS
        )
        return {
            "figures": self._prepare_success(scope, domain, *total),
            "levels": [
                {
                    "id": level.id,
                    "name": level.display_name or self.env._("Without level"),
                    "count": count,
                    "item_rate": float(item_rate) / 100,
                    "amount_rate": float(amount_rate) / 100,
                    "action": self._open(
                        "action_success",
                        domain & Domain("level_id", "=", level.id),
                        title=level.display_name,
                    ),
                }
                for level, count, item_rate, amount_rate in groups
            ],
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _prepare_replies(self, scope):
        """The customers who have answered a reminder, or whom it did not reach."""
        reply_type = self.env.ref(ACTIVITY_REPLY, raise_if_not_found=False)
        if not reply_type:
            return []
        told = Domain("activity_type_id", "=", reply_type.id) & Domain(
            "dunning_company_id", "in", [scope.company.id, False]
        )
        if scope.user:
            told &= Domain("user_id", "=", scope.user.id)
        domain = Domain("activity_ids", "any", told)
        label = self.env._("Answers and returns")
        return [
            self._prepare_figure(
                "replies",
                label,
                self.env["res.partner"].search_count(domain),
                "count",
                action=self._open("action_customer", domain, title=label),
            )
        ]

    @api.model
    def _prepare_success(self, scope, domain, count, item_rate, amount_rate):
        """The rates of success of all contacts."""
        # Settings are read for whoever reads the figures.
        days = scope.company.sudo().dunning_success_days
        action = self._open("action_success", domain)
        counted = self.env._(
            "Of the contacts of the period that are older than %s days; a payment "
            "counts for the last contact before it only.",
            days,
        )
        numbers = [(self.env._("Items customers were told of"), count, "count")]
        return [
            self._prepare_figure(
                "item_rate",
                self.env._("Items paid"),
                item_rate / 100 if count else None,
                "rate",
                action=action,
                how=self._prepare_how(
                    self.env._(
                        "Items paid within %s days ÷ items customers were told of.",
                        days,
                    )
                    + f" {counted}",
                    numbers,
                    scope,
                ),
            ),
            self._prepare_figure(
                "amount_rate",
                self.env._("Amount paid"),
                amount_rate / 100 if count else None,
                "rate",
                action=action,
                how=self._prepare_how(
                    self.env._(
                        "Amount paid within %s days ÷ amount customers were told of.",
                        days,
                    )
                    + f" {counted}",
                    numbers,
                    scope,
                ),
            ),
        ]

    @api.model
    def _get_day_domains(self, scope):
        """Return what waits today, by what has to be done with it."""
        waiting = self._get_domain(scope) & Domain("date", "<=", scope.today)
        todo = waiting & Domain("state", "=", "todo")
        call = Domain("channel", "=", "call")
        return {
            "calls": todo & call,
            "sending": todo & ~call & Domain("execution", "!=", "automatic"),
            "to_validate": waiting & Domain("state", "=", "to_validate"),
            "failed": waiting & Domain("state", "=", "failed"),
        }

    @api.model
    def _get_work_domains(self, scope):
        """Return which actions are late, of today, to come, and done."""
        open_ = self._get_domain(scope) & Domain("state", "in", OPEN_STATES)
        end = scope.today + timedelta(days=AHEAD_DAYS)
        done = Domain("company_id", "=", scope.company.id)
        if scope.user:
            done &= Domain("done_user_id", "=", scope.user.id)
        return {
            "late": open_ & Domain("date", "<", scope.today),
            "today": open_ & Domain("date", "=", scope.today),
            "ahead": open_ & Domain([("date", ">", scope.today), ("date", "<=", end)]),
            "done": done
            & Domain(
                [
                    ("state", "=", "done"),
                    ("kind", "!=", "start"),
                    ("correction_ids", "=", False),
                    ("date_done", ">=", scope.date_from),
                    ("date_done", "<=", scope.today),
                ]
            ),
        }

    @api.model
    def _prepare_work(self, key, count, domain, scope):
        label, formula = {
            "late": (
                self.env._("Late"),
                self.env._("Open actions whose day has passed."),
            ),
            "today": (
                self.env._("Today"),
                self.env._("Open actions of today."),
            ),
            "ahead": (
                self.env._("Next 7 days"),
                self.env._("Open actions planned for the next seven days."),
            ),
            "done": (
                self.env._("Done in Period"),
                self.env._("Actions done in the period, without starting levels."),
            ),
        }[key]
        return self._prepare_figure(
            key,
            label,
            count,
            "count",
            tone="bad" if key == "late" and count else False,
            action=self._open(
                "action_history" if key == "done" else "action_agenda",
                domain,
                title=label,
            ),
            how=self._prepare_how(formula, scope=scope if key == "done" else None),
        )

    @api.model
    def _get_work_by_collector(self, domains):
        """Return the work of each collector, most of it first."""
        rows, actions = {}, self.env["dunning.action"]
        robot = self.env.ref("base.user_root")
        for key, domain in domains.items():
            field = "done_user_id" if key == "done" else "user_id"
            for user, count in actions._read_group(domain, [field], ["__count"]):
                # Colleagues are known by their names.
                name = user.sudo().name or self.env._("Nobody")
                if user == robot:
                    name = self.env._("Automatic")
                row = rows.setdefault(user.id, {"name": name, "counts": {}})
                row["counts"][key] = {
                    "value": count,
                    "action": self._open(
                        "action_history" if key == "done" else "action_agenda",
                        domain & Domain(field, "=", user.id),
                        title=name,
                    ),
                }
        none = {"value": 0}
        return sorted(
            rows.values(),
            key=lambda row: [
                -row["counts"].get(key, none)["value"] for key in ("late", "today")
            ],
        )
