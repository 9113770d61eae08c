"""What people wait for: every screen through a real server, as the web client asks.

The menus, their windows and what the search views offer are those of the database:
what is added to a view is measured. Odoo's own list of invoices stands beside.
"""

import datetime
import statistics
import time
from ast import literal_eval

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.fields import Domain
from odoo.tools import safe_eval as evaluation

from benchmarks.webclient import WebClient, serving

LIMIT, COUNT_LIMIT = 80, 10_001
# The second and third time: the first one reads views and rights into memory.
TURNS = 3
# What takes longer than this is not asked again.
PATIENCE = 5
PAGED = ("list", "kanban")
YARDSTICK = "account.action_move_out_invoice_type"
FORMS = (
    ("account_dunning.view_customer_form", "res.partner", "customer"),
    ("account_dunning.view_action_form", "dunning.action", "action"),
    ("account.view_move_form", "account.move", "invoice"),
)


def ask(env, slow=0, only=(), turns=TURNS):
    """Ask for everything that the menus of the addon lead to.

    :param slow: seconds above which single questions are told, not only the slowest
    :param only: models that are asked, all by default
    :param turns: how often each question is asked
    :return: seconds of the slowest question of each kind, and which one it was
    """
    found = find(env)
    database = env.cr.dbname
    # The server reads and writes what is no longer ours.
    env.cr.commit()
    with serving(database) as port:
        asker = Asker(WebClient(port, database), found["uid"], turns)
        asker.ask_all(found, only)
    return asker.get_figures(slow)


def find(env):
    """Return what there is to ask for, for :meth:`Asker.ask_all`."""
    return {
        "uid": env.ref("base.user_admin").id,
        "yardstick": _describe(env.ref(YARDSTICK)),
        "windows": [_describe(window) for window in _get_windows(env)],
        "forms": [_find_form(env, *form) for form in FORMS],
    }


def _get_windows(env):
    root = env.ref("account_dunning.menu_root")
    menus = env["ir.ui.menu"].search([("id", "child_of", root.id)])
    windows = (menu.action for menu in menus if menu.action)
    return [
        window
        for window in windows
        if window._name == "ir.actions.act_window" and window.target != "new"
    ]


def _describe(window):
    return {
        "name": window.name,
        "model": window.res_model,
        "views": [(id_, mode) for id_, mode in window.views if mode != "form"],
        "search": window.search_view_id.id,
        "domain": window.domain or "[]",
        "context": window.context or "{}",
    }


def _find_form(env, view, model, name):
    """A record in the middle, with the view that shows it."""
    domain = {
        "res.partner": [("ref", "=", "BENCH")],
        "account.move": [("name", "=like", "BENCH/%")],
    }.get(model, [])
    records = env[model]
    count = records.search_count(domain)
    record = records.search(domain, order="id", offset=count // 2, limit=1)
    return env.ref(view).id, model, name, record.id


class Asker:
    """Asks and keeps the seconds.

    :param uid: who asks, for filters on one's own customers
    :param turns: how often each question is asked
    """

    def __init__(self, client, uid, turns):
        today = datetime.date.today
        self.client = client
        self.turns = turns
        self.names = {
            "uid": uid,
            "context_today": today,
            "today": today().isoformat(),
            "relativedelta": relativedelta,
            "datetime": evaluation.datetime,
            "time": evaluation.time,
            "allowed_company_ids": client.company_ids,
            "active_id": False,
            "active_ids": [],
        }
        self.seconds = {}

    # ------------------------------------------------------------------
    # WHAT IS OPENED
    # ------------------------------------------------------------------

    def ask_all(self, found, only=()):
        """Open everything.

        :param found: what :func:`find` returned
        :param only: models that are asked, all by default
        """
        self.ask_invoices(found["yardstick"])
        for window in found["windows"]:
            if not only or window["model"] in only:
                self.ask_window(window)
        for form in found["forms"]:
            self.ask_form(*form)

    def ask_window(self, window):
        """Open a window, then try each filter, sort and grouping."""
        views = self._get_views(window)
        search = etree.fromstring(views["views"]["search"]["arch"])
        fields = views["models"][window["model"]]["fields"]
        context = self._eval(window["context"])
        base = Domain(self._eval(window["domain"]))
        filters, groupings = self._read_search(search, fields)
        chosen = Domain.AND(
            domain
            for name, domain in filters.items()
            if context.get(f"search_default_{name}")
        )
        grouped = [
            field
            for name, field in groupings.items()
            if context.get(f"search_default_{name}")
        ]
        for mode, view in views["views"].items():
            if mode == "search" or mode not in [m for _id, m in window["views"]]:
                continue
            arch = etree.fromstring(view["arch"])
            page = Page(self, window, mode, arch, fields, context)
            if mode in PAGED:
                grouped = grouped or _split(arch.get("default_group_by"))
                self._ask_pages(page, base, chosen, grouped, filters, groupings)
            elif mode in ("pivot", "graph"):
                page.measure(base & chosen)

    def _ask_pages(self, page, base, chosen, grouped, filters, groupings):
        """Turn over what a list or its cards offer."""
        if grouped:
            page.group("as it opens", base & chosen, grouped)
        page.read("as it opens" if not grouped else "ungrouped", base & chosen)
        page.read("without filter", base)
        if page.mode != "list":
            return
        for name, domain in filters.items():
            page.read(f"filter {name}", base & domain)
        for name in page.get_sortable():
            for direction in ("asc", "desc"):
                page.read(f"sort {name} {direction}", base & chosen, name, direction)
        for name, field in groupings.items():
            page.group(f"group {name}", base & chosen, [field])
            page.group(f"group {name}, all", base, [field])

    def ask_form(self, view_id, model, name, record_id):
        """Open a form."""
        views = self.client.call(
            model, "get_views", [], views=[[view_id, "form"]], options={}
        )
        arch = etree.fromstring(views["views"]["form"]["arch"])
        specification = _specify(arch, views["models"], model)
        self.measure(
            "form",
            f"{name}: form",
            model,
            "web_read",
            [[record_id]],
            specification=specification,
        )

    def ask_invoices(self, window):
        """Open Odoo's list of invoices, our yardstick."""
        views = self._get_views(window)
        arch = etree.fromstring(views["views"]["list"]["arch"])
        for node in arch.xpath("//field[starts-with(@name, 'dunning_')]"):
            node.getparent().remove(node)
        fields = views["models"][window["model"]]["fields"]
        page = Page(self, window, "list", arch, fields, {})
        page.kind = "yardstick"
        page.read("as it opens", Domain(self._eval(window["domain"])))

    def _get_views(self, window):
        return self.client.call(
            window["model"],
            "get_views",
            [],
            views=[
                *([id_, mode] for id_, mode in window["views"]),
                [window["search"] or False, "search"],
            ],
            options={"load_filters": True, "toolbar": True},
        )

    # ------------------------------------------------------------------
    # WHAT A SEARCH VIEW OFFERS
    # ------------------------------------------------------------------

    def _read_search(self, arch, fields):
        filters, groupings = {}, {}
        for node in arch.iter("filter"):
            name = node.get("name")
            grouping = self._eval(node.get("context", "{}")).get("group_by")
            if grouping:
                if isinstance(grouping, str) and ":" not in grouping:
                    kind = fields[grouping]["type"]
                    grouping += ":month" if kind in ("date", "datetime") else ""
                groupings[name] = grouping
            elif node.get("date"):
                first = datetime.date.today().replace(day=1)
                last = first + relativedelta(months=1, days=-1)
                filters[name] = Domain(node.get("date"), ">=", str(first)) & Domain(
                    node.get("date"), "<=", str(last)
                )
            elif node.get("domain"):
                filters[name] = Domain(self._eval(node.get("domain")))
        return filters, groupings

    def _eval(self, text):
        try:
            return literal_eval(text)
        except ValueError:
            return evaluation.safe_eval(text, dict(self.names))

    # ------------------------------------------------------------------
    # SECONDS
    # ------------------------------------------------------------------

    def measure(self, kind, label, model, method, arguments, **options):
        """Ask some times and keep the median."""
        taken = []
        for _turn in range(self.turns):
            start = time.perf_counter()
            answer = self.client.call(model, method, arguments, **options)
            taken.append(time.perf_counter() - start)
            if taken[-1] > PATIENCE:
                break
        self.seconds[kind, label] = statistics.median(taken)
        return answer

    def get_figures(self, slow):
        """Return the slowest of each kind, and all that took longer than ``slow``."""
        worst = {}
        for (kind, label), seconds in self.seconds.items():
            found = worst.setdefault(kind, {"seconds": 0, "count": 0})
            found["count"] += 1
            if seconds >= found["seconds"]:
                found.update(seconds=seconds, label=label)
        return {
            "seconds": max(self.seconds.values()),
            "worst": worst,
            "slow": {
                f"{kind}: {label}": round(seconds, 3)
                for (kind, label), seconds in sorted(
                    self.seconds.items(), key=lambda pair: -pair[1]
                )
                if slow and seconds >= slow
            },
        }


class Page:
    """A list or cards of a window, a pivot or a graph."""

    def __init__(self, asker, window, mode, arch, fields, context):
        self.asker, self.mode, self.arch, self.fields = asker, mode, arch, fields
        self.model, self.name = window["model"], window["name"]
        self.kind = "page"
        self.context = {
            key: value
            for key, value in context.items()
            if not key.startswith("search_default_")
        }
        self.specification = _specify(
            arch, {self.model: {"fields": fields}}, self.model
        )

    def get_sortable(self):
        """Names of the columns by whose head people sort."""
        return [
            node.get("name")
            for node in _own_fields(self.arch)
            if self.fields[node.get("name")].get("sortable")
            and node.get("column_invisible") not in ("True", "1")
        ]

    def read(self, what, domain, name="", direction=""):
        """Ask for the first page with its count."""
        order = f"{name} {direction}" if name else self.arch.get("default_order", "")
        self.asker.measure(
            self.kind,
            f"{self.name} {self.mode}: {what}",
            self.model,
            "web_search_read",
            [],
            domain=list(domain),
            specification=self.specification,
            limit=LIMIT,
            offset=0,
            order=order,
            count_limit=COUNT_LIMIT,
            context=self.context,
        )

    def group(self, what, domain, fields):
        """Ask for the groups with their totals."""
        fields = [fields] if isinstance(fields, str) else list(fields)
        self.asker.measure(
            "grouping",
            f"{self.name} {self.mode}: {what}",
            self.model,
            "web_read_group",
            [],
            domain=list(domain),
            groupby=fields[:1],
            aggregates=self._get_aggregates(self.specification),
            limit=LIMIT,
            offset=0,
            order=self.arch.get("default_order", ""),
            auto_unfold=self.mode == "kanban" or self.arch.get("expand") == "1",
            unfold_read_specification=self.specification,
            context=self.context,
        )

    def measure(self, domain):
        """Ask for what a pivot or a graph shows first."""
        nodes = list(self.arch.iter("field"))
        measures = [x.get("name") for x in nodes if x.get("type") == "measure"]
        groups = [self._granulate(x) for x in nodes if x.get("type") != "measure"]
        aggregates = ["__count", *self._get_aggregates(measures)]
        if self.mode == "graph":
            method, options = "formatted_read_group", {"groupby": groups}
        else:
            sets = [[], *([x] for x in groups), groups] if groups else [[]]
            method, options = "formatted_read_grouping_sets", {"grouping_sets": sets}
        self.asker.measure(
            "grouping",
            f"{self.name} {self.mode}: as it opens",
            self.model,
            method,
            [],
            domain=list(domain),
            aggregates=aggregates,
            context=self.context,
            **options,
        )

    def _granulate(self, node):
        name = node.get("name")
        if self.fields[name]["type"] in ("date", "datetime"):
            return f"{name}:{node.get('interval', 'month')}"
        return name

    def _get_aggregates(self, names):
        found = []
        for name in names:
            field = self.fields[name]
            if not field.get("aggregator") or field["type"] not in (
                "integer",
                "float",
                "monetary",
            ):
                continue
            found.append(f"{name}:{field['aggregator']}")
            if currency := field.get("currency_field"):
                found += [f"{currency}:array_agg_distinct", f"{name}:sum_currency"]
        return list(dict.fromkeys(found))


def _split(text):
    return [part.strip() for part in text.split(",")] if text else []


def _own_fields(arch):
    """The fields of a view, not those of the views inside."""
    return [
        node
        for node in arch.iter("field")
        if not any(parent.tag == "field" for parent in node.iterancestors())
    ]


def _specify(arch, models, model):
    """What the web client reads for a view."""
    fields = models[model]["fields"]
    specification = {}
    for node in _own_fields(arch):
        name = node.get("name")
        if name not in fields:
            continue
        field = fields[name]
        wanted = specification.setdefault(name, {})
        if field["type"] in ("many2one", "reference"):
            wanted["fields"] = {"display_name": {}}
        elif field["type"] in ("one2many", "many2many"):
            wanted.update(_specify_related(node, field, models))
    return specification


def _specify_related(node, field, models):
    inside = next((child for child in node if child.tag in PAGED), None)
    if inside is None or field["relation"] not in models:
        return {"fields": {"display_name": {}}}
    return {
        "fields": _specify(inside, models, field["relation"]),
        "limit": int(inside.get("limit", 40)),
        "order": inside.get("default_order", ""),
    }
