"""The table of the results, against what was to be reached."""

import re

ROWS = (
    ("first_run", "First run, everything moves"),
    ("daily_run", "Daily run, 1 % moves"),
    ("plan", "Dry run, rows in memory"),
    ("preview", "Dry run, lines on the screen"),
    ("floor", "Plain SQL writing the rows of the first run"),
    ("keep", "Keeping the plan for the screens, all anew"),
    ("send", "1 000 e-mails into the queue"),
    ("balance_today", "Aged balance, beside three paid items for each"),
    ("balance_past", "… half a year ago"),
    ("screen", "… on the screen: groups, and a page"),
    ("indicators", "Indicators of the company"),
    ("history", "… of 24 months"),
    ("forecast", "Forecast of 13 weeks with its band"),
    ("forecast_past", "… as of a quarter ago"),
    ("dashboard", "Dashboard, its parts one after the other"),
    ("profiles", "Payment profiles of all customers, beside three paid items for each"),
    ("profiles_again", "… a night later"),
    ("points", "Points of all customers"),
    ("worklist", "Worklist as it opens, an open action for each customer"),
    ("penalties", "Interest on every item, three of ten partly paid"),
    ("proof", "A proof file of 500 documents"),
    ("peer", "`account_credit_control`, lines and communications"),
    ("workbook_ours", "Workbook with each item"),
    ("workbook_plain", "The same cells by `xlsxwriter` alone, read already"),
    ("aged_ours", "Aged balance by customer"),
    ("aged_peer_figures", "`account_financial_report`, aged balance by customer"),
    ("aged_peer_workbook", "`account_financial_report`, workbook with each item"),
    ("letters_printed", "300 letters printed for the post room"),
    ("letters_attached", "300 letters attached to e-mails"),
    ("letters_peer", "`account_credit_control`, 20 letters, a process for each"),
)
# Seconds on a million open and three million paid items.
FIGURE_SIZE = 1_000_000
FIGURE_TARGETS = (
    ("balance_today", "Aged balance today", 3),
    ("balance_past", "Aged balance half a year ago", 10),
    ("indicators", "Indicators of a company", 3),
    ("history", "Indicators of 24 months", 60),
    ("forecast", "Forecast of 13 weeks with its band", 20),
    ("dashboard", "Dashboard, complete", 3),
    ("penalties", "Interest on every item", 30),
    ("proof", "A proof file of 500 documents", 20),
)
# Seconds on as many items, for 125 000 customers.
RISK_TARGETS = (
    ("profiles", "Payment profiles of all customers", 60),
    ("points", "Points of all customers", 20),
)
# Seconds while each customer has an open action.
WORKLIST_TARGET = 1
# Seconds for ten thousand messages.
EINVOICE_TARGET = 60
INTRODUCTION = """\
{machine}

Each figure comes from an Odoo process of its own: seconds, microseconds per open item
of the ledger, peak memory of the process.
"""

WAITING = """\
What people wait for, through a server, asked as the web client asks: each window of the
menus with its filters, sorts and groupings, count and totals included, and three forms.
The slowest of each kind, beside Odoo's own list of invoices on the same ledger.
"""
SCREENS = (
    ("yardstick", "Odoo's list of invoices", None),
    ("page", "Slowest first page", 1),
    ("grouping", "Slowest grouping", 3),
    ("form", "Slowest form", 0.5),
)


def write(results, picture):
    """Return the results in Markdown: the machine, what was measured, the targets.

    :param picture: address of the picture, from the page on which the results stand
    """
    return "\n".join(
        [
            INTRODUCTION.format(machine=results["machine"]),
            _write_figures(results["sizes"]),
            WAITING,
            _write_screens(results["sizes"]),
            _table(["", "Target", "Measured", ""], _judge(results)),
            f"![Cost per item]({picture})\n",
        ]
    )


def tell_figures(sizes):
    """Return what was measured of figures and workbooks, against the targets."""
    largest = max(sizes)
    verdicts = [
        *_judge_aged_peer(min(sizes), sizes[min(sizes)]),
        *_judge_figures(largest, sizes[largest]),
        *_judge_workbook(largest, sizes[largest]),
    ]
    heads, rows = _list_figures(sizes)
    known = [row for row in rows if any(cell != "–" for cell in row[1:])]
    return "\n".join(
        [_table(heads, known), _table(["", "Target", "Measured", ""], verdicts)]
    )


def tell_risk(sizes):
    """Return what was measured of profiles and points, against the targets."""
    largest = max(sizes)
    heads, rows = _list_figures(sizes)
    known = [row for row in rows if any(cell != "–" for cell in row[1:])]
    verdicts = [*_judge_risk(largest, sizes[largest])]
    return "\n".join(
        [_table(heads, known), _table(["", "Target", "Measured", ""], verdicts)]
    )


def tell_einvoices(figures):
    """Return how long messages of platforms took, against the target."""
    return _table(["", "Target", "Measured", ""], [_judge_einvoices(figures)])


def _list_figures(sizes):
    heads = ["", *(f"{size:,} items".replace(",", " ") for size in sizes)]
    rows = [
        [label, *(_cell(key, size, figures) for size, figures in sizes.items())]
        for key, label in ROWS
    ]
    return heads, rows


def _write_figures(sizes):
    heads, rows = _list_figures(sizes)
    installs = (figures["install"] for figures in sizes.values())
    rows.append(
        [
            "Installing (on an empty database)",
            *(f"{x['full']:.1f} s ({x['empty']:.1f} s)" for x in installs),
        ]
    )
    return _table(heads, rows)


def _cell(key, size, figures):
    figure = figures.get(key)
    if not figure:
        return "–"
    count = figure.get("mails") or figure.get("letters") or size
    micro = figure["seconds"] / count * 1e6
    each = f"{micro:,.0f} µs".replace(",", " ")
    return f"{figure['seconds']:.2f} s, {each}, {figure['peak_mb']} MB"


def _write_screens(sizes):
    heads = ["", *(f"{size:,} items".replace(",", " ") for size in sizes)]
    return _table(
        heads,
        [
            [label, *(_screen_cell(figures, kind) for figures in sizes.values())]
            for kind, label, _target in SCREENS
        ],
    )


def _screen_cell(figures, kind):
    worst = figures["screens"]["worst"]
    found = worst[kind]
    cell = f"{found['seconds']:.2f} s"
    if kind == "yardstick":
        return cell
    ratio = found["seconds"] / worst["yardstick"]["seconds"]
    return f"{cell}, {ratio:.1f} × ({found['label']}, of {found['count']})"


def _judge_screens(size, figures):
    worst = figures["screens"]["worst"]
    for kind, label, target in SCREENS:
        if not target:
            continue
        seconds = worst[kind]["seconds"]
        yield _row(
            f"{label} at {size:,}",
            f"≤ {target:g} s",
            f"{seconds:.2f} s",
            seconds <= target,
        )


def _judge(results):
    """One row for each target, with the verdict."""
    sizes = results["sizes"]
    smallest, largest = min(sizes), max(sizes)
    small, big = sizes[smallest], sizes[largest]
    if "peer" in small:
        yield _at_least(
            f"Items per second at {smallest:,}, over the peer's", 30, _over_peer(small)
        )
        for key, label in (("printed", "Printing"), ("attached", "Attaching")):
            yield _at_least(
                f"{label} letters, letters per second over the peer's",
                25,
                _per_letter(small["letters_peer"])
                / _per_letter(small[f"letters_{key}"]),
            )
    yield from _judge_aged_peer(smallest, small)
    if 100_000 in sizes and largest > 100_000:
        yield _at_most(
            f"Cost per item at {largest:,}, over that at 100,000",
            1.3,
            _per_item(big["first_run"]) / _per_item(sizes[100_000]["first_run"]),
        )
    for size, figures in sizes.items():
        first = figures["first_run"]["seconds"]
        yield _at_most(
            f"First run at {size:,}, over plain SQL",
            4,
            first / figures["floor"]["seconds"],
        )
    yield _at_least(
        f"First run over daily run at {largest:,}",
        20,
        big["first_run"]["seconds"] / big["daily_run"]["seconds"],
    )
    yield from _judge_figures(largest, big)
    yield from _judge_risk(largest, big)
    yield from _judge_screens(largest, big)
    peaks = [
        figures[key]["peak_mb"]
        for figures in sizes.values()
        for key in ("first_run", "daily_run", "plan", "preview", "send")
    ]
    yield _row("Peak memory", "< 600 MB", f"{max(peaks)} MB", max(peaks) < 600)
    yield from _judge_workbook(largest, big)
    install = big["install"]["ratio"]
    yield _row(
        f"Installing on {largest:,} items, over an empty database",
        "1 × (± 5 %)",
        f"{install:.2f} ×",
        install <= 1.05,
    )
    yield from _judge_events(results["events"])
    yield from _judge_settlement(results["settlement"])
    yield _judge_sharing(results["sharing"])
    if "einvoices" in results:
        yield _judge_einvoices(results["einvoices"])


def _judge_aged_peer(size, figures):
    if "aged_peer_workbook" not in figures:
        return
    for label, target, peer, ours in (
        ("Aged balance", 20, "aged_peer_figures", "aged_ours"),
        ("Workbook with each item", 2.5, "aged_peer_workbook", "workbook_ours"),
    ):
        yield _at_least(
            f"{label} at {size:,}, `account_financial_report`'s time over ours",
            target,
            figures[peer]["seconds"] / figures[ours]["seconds"],
        )


def _judge_workbook(size, figures):
    workbook = figures["workbook_ours"]
    yield _at_most(
        f"Workbook of {size:,} items, over the same cells by `xlsxwriter` alone",
        1.3,
        workbook["seconds"] / figures["workbook_plain"]["seconds"],
    )
    peak = workbook["peak_mb"]
    yield _row("… and its peak memory", "< 300 MB", f"{peak} MB", peak < 300)


def _judge_figures(size, figures):
    yield from _judge_seconds(FIGURE_TARGETS, size, figures)


def _judge_risk(size, figures):
    if "worklist" not in figures:
        return
    yield from _judge_seconds(RISK_TARGETS, size, figures)
    opened = figures["worklist"]
    for label, key in (
        ("as it opens", "seconds"),
        (opened["slowest_label"], "slowest"),
    ):
        yield _row(
            f"Worklist with {opened['actions']:,} open actions, {label}",
            f"≤ {WORKLIST_TARGET} s",
            f"{opened[key]:.2f} s",
            opened[key] <= WORKLIST_TARGET,
        )


def _judge_seconds(targets, size, figures):
    for key, label, seconds in targets:
        if key not in figures:
            continue
        limit = seconds * max(size / FIGURE_SIZE, 1)
        measured = figures[key]["seconds"]
        yield _row(
            f"{label} at {size:,}",
            f"≤ {limit:g} s",
            f"{measured:.1f} s",
            measured <= limit,
        )


def _judge_sharing(seconds):
    gain = seconds["1"] / seconds["2"]
    return _row(
        "1 000 e-mails by two processes, over one",
        "≥ 1.7 ×",
        f"{gain:.2f} × ({seconds['2']:.1f} s)",
        gain >= 1.7,
    )


def _judge_einvoices(figures):
    seconds = figures["seconds"]
    return _row(
        f"{figures['messages']:,} messages of platforms, with what follows from them",
        f"≤ {EINVOICE_TARGET} s",
        f"{seconds:.1f} s",
        seconds <= EINVOICE_TARGET,
    )


def _judge_events(events):
    for event, label in (
        ("payment", "Registering a payment"),
        ("reconciliation", "Reconciling a bank line"),
    ):
        for kind, last, more in (
            ("with", "", ""),
            ("acting", "last_", ", which settles an open action"),
            ("acting", "", ", which changes an open action"),
        ):
            figure = events[kind][f"{last}{event}"]
            extra = figure["ratio"] - 1
            measured = f"{extra:+.0%} ({figure['seconds'] * 1000:.0f} ms)"
            yield _row(f"{label}{more}", "≤ +10 %", measured, extra <= 0.10)


def _judge_settlement(figures):
    without = figures["without"]["seconds"]
    for kind, limit, label in (
        ("with", 0.10, "Reconciling {items:,} payments at once"),
        ("claimed", 0.20, "… and settling {kept:,} promises, {closed:,} disputes"),
    ):
        figure = figures[kind]
        extra = figure["seconds"] / without - 1
        yield _row(
            label.format(**figure),
            f"≤ +{limit * 100:.0f} %",
            f"{extra:+.0%} ({figure['seconds']:.1f} s)",
            extra <= limit,
        )


def _per_item(figure):
    return figure["seconds"] / figure["items"]


def _per_letter(figure):
    return figure["seconds"] / figure["letters"]


def _over_peer(figures):
    return _per_item(figures["peer"]) / _per_item(figures["first_run"])


def _at_least(label, target, value):
    return _row(label, f"≥ {target} ×", f"{value:.1f} ×", value >= target)


def _at_most(label, target, value):
    return _row(label, f"≤ {target} ×", f"{value:.2f} ×", value <= target)


def _row(label, target, measured, met):
    label = re.sub(r"(?<=\d),(?=\d)", " ", label)
    return [label, target, measured, "✓" if met else "✗"]


def _table(heads, rows):
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
