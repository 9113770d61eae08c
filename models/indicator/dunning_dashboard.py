from dataclasses import dataclass
from datetime import date as Date

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.safe_eval import safe_eval

from ...tools.words import COLLECTORS, MANAGERS
from ..base.dunning_entered import accepts

# Months of a period that is looked back at, this one included.
PERIODS = {"month": 1, "quarter": 3, "year": 12}
PERIOD_WORDS = tuple(PERIODS)
DEFAULT_PERIOD = "quarter"

# So many records stand on the first page of what a figure opens: what a list adds up
# is what is on the page.
FIRST_PAGE = 500
# What an action tells the browser.
ACTION_KEYS = ("type", "name", "res_model", "views", "search_view_id", "help")


@dataclass(frozen=True)
class DashboardScope:
    """What a part of the dashboard is asked for.

    :param company: whose figures, as who asks sees them
    :param user: whose customers and work, None for everybody's
    :param date_from: first day of the period, whose last day is today
    :param today: today in the company
    """

    company: models.BaseModel
    user: models.BaseModel | None
    date_from: Date
    today: Date

    @property
    def currency(self):
        """Return the ``res.currency`` of the company."""
        return self.company._dunning_get_currency()


class DunningDashboard(models.AbstractModel):
    """The first screen: the money, the work and the trouble of one company.

    How it works: each part of the screen is asked for by a method of its own, side by
    side, and each answers for itself: which figures it has, what opens behind them
    and how they are computed. A part takes the company, the collector and the period
    that were chosen, and checks them first. Floors above add parts by methods of their
    own, which the screen calls by their names.
    """

    _name = "dunning.dashboard"
    _description = "Dashboard"

    # ------------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_setup(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return what can be chosen, and which screen somebody begins with.

        :param company: id of a company, the current one by default
        :param user: id of a collector, everybody by default
        :param period: ``month quarter year``
        :return: dict: ``role`` (``manager`` or ``collector``), ``companies``,
            ``collectors`` (lists of id and name), ``user`` (id of who is shown first),
            ``own_only`` (no other can be chosen), ``is_empty`` (there is nothing to
            show yet), ``currency_id``, ``can_configure``
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        is_collector = self._is_collector()
        own_only = scope.company._dunning_sees_own_only()
        return {
            "role": "collector" if is_collector else "manager",
            "companies": [[each.id, each.name] for each in self.env.companies],
            "collectors": self._get_collectors(scope),
            "user": self.env.uid if is_collector else False,
            "own_only": own_only,
            "is_empty": self._is_empty(scope),
            "currency_id": scope.currency.id,
            "can_configure": self.env.user.has_group(MANAGERS),
        }

    @api.model
    def _is_collector(self):
        """Return whether somebody does the work, and does not lead it."""
        user = self.env.user
        return user.has_group(COLLECTORS) and not user.has_group(MANAGERS)

    @api.model
    def _get_collectors(self, scope):
        """Return who works on the dunning of the company: id and name."""
        if scope.company._dunning_sees_own_only():
            return [[self.env.uid, self.env.user.name]]
        able = scope.company._dunning_get_workers().able
        # Colleagues are known by their names.
        users_sudo = self.env["res.users"].sudo().browse(able)
        return [[user.id, user.name] for user in users_sudo.sorted("name")]

    @api.model
    def _is_empty(self, scope):
        """Return whether the company has neither open items nor any action yet."""
        found = self.env.execute_query(
            SQL(
                "SELECT FROM (%s) balance LIMIT 1",
                self.env["dunning.balance"]._get_query(scope.company, collectors=False),
            )
        )
        return not found and not self.env["dunning.action"].search_count(
            [("company_id", "=", scope.company.id)], limit=1
        )

    # ------------------------------------------------------------------
    # SCOPE
    # ------------------------------------------------------------------

    @api.model
    def _get_scope(self, company, user, period) -> DashboardScope:
        """Return what is asked for, when who asks may see it.

        :raise AccessError: who asks may not see figures of the company
        """
        company = self.env["res.company"].browse(company or self.env.company.id)
        company._dunning_check_figures()
        company._dunning_check_allowed()
        company = company.with_company(company)
        today = company._dunning_today()
        if company._dunning_sees_own_only():
            user = self.env.uid
        months = PERIODS[period or DEFAULT_PERIOD]
        return DashboardScope(
            company=company,
            user=self.env["res.users"].browse(user) if user else None,
            date_from=today.replace(day=1) - relativedelta(months=months - 1),
            today=today,
        )

    @api.model
    def _get_balance_sql(self, scope) -> SQL:
        """Return what is open today of the customers that are asked for, see
        :meth:`dunning.balance._get_query`."""
        query = self.env["dunning.balance"]._get_query(
            scope.company, collectors=bool(scope.user)
        )
        if not scope.user:
            return query
        return SQL(
            "SELECT * FROM (%s) balance WHERE user_id = %s", query, scope.user.id
        )

    @api.model
    def _get_partners(self, scope):
        """Return the customers that are asked for, None for all."""
        if not scope.user:
            return None
        return scope.company._dunning_get_customers_of(scope.user)

    @api.model
    def _get_domain(self, scope, user_field="user_id"):
        """Return the condition of records of the company and the collector."""
        domain = Domain("company_id", "=", scope.company.id)
        if scope.user:
            domain &= Domain(user_field, "=", scope.user.id)
        return domain

    # ------------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------------

    @api.model
    def _prepare_figure(self, key, label, value, kind="amount", **values):
        """Return one figure as the screen shows it.

        :param value: a number, None where there is nothing to divide by
        :param kind: ``amount`` (company currency), ``count``, ``days`` or ``rate``
        :param values: ``action`` (what opens), ``how`` (how it is computed), ``tone``
            (``good bad``), ``note``
        """
        if value is not None:
            value = int(value) if kind == "count" else float(value)
        return {"key": key, "label": label, "value": value, "kind": kind, **values}

    @api.model
    def _prepare_how(self, formula, numbers=(), scope=None):
        """Return how a figure is computed.

        :param formula: in words
        :param numbers: list of label, value and kind, as in :meth:`_prepare_figure`
        :param scope: names the period, if there is one
        """
        return {
            "formula": formula,
            "numbers": [
                {"label": label, "value": value, "kind": kind}
                for label, value, kind in numbers
            ],
            "period": self._describe_period(scope) if scope else False,
        }

    @api.model
    def _describe_period(self, scope):
        return self.env._(
            "From %(start)s to %(end)s",
            start=format_date(self.env, scope.date_from),
            end=format_date(self.env, scope.today),
        )

    @api.model
    def _open_items(self, domain: Domain, title: str | None = None) -> dict:
        """Return the action that opens open items, with the column that adds up to the
        figure."""
        action = self._open("action_item", domain, title=title)
        view = self.env.ref("account_dunning.view_item_list_total")
        views = [(id_, kind) for id_, kind in action["views"] if kind != "list"]
        return action | {"views": [(view.id, "list"), *views]}

    @api.model
    def _open(self, name, domain=None, context=None, title=None):
        """Return the action that opens records.

        :param name: of an action of the addon
        :param domain: which records, instead of those of the action
        :param context: instead of the one of the action
        :param title: instead of the name of the action
        """
        action = self.env["ir.actions.actions"]._for_xml_id(f"account_dunning.{name}")
        own_context = safe_eval(action.get("context") or "{}", {"uid": self.env.uid})
        kept = {key: action.get(key) for key in ACTION_KEYS}
        return kept | {
            "name": title or action["name"],
            "domain": list(Domain(domain or Domain.TRUE)),
            "limit": FIRST_PAGE,
            "context": {
                **{
                    key: value
                    for key, value in own_context.items()
                    if not key.startswith("search_default_")
                },
                **(context or {}),
            },
            "target": "current",
        }
