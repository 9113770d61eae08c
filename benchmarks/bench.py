"""``make bench``: every measurement, one after the other."""

import json
import os
import statistics
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from operator import truediv

from benchmarks import aged_peer, conduct, machine, peer, plot, readme, report
from dev import database
from dev.console import Problem, say, step

SIZES = "10000 100000 1000000"
# The peer takes minutes for ten thousand items.
PEER_LIMIT = 10_000
EVENT_SIZE = 10_000
EVENT_TURNS = 3
SETTLEMENT_TURNS = 2
SHARING_TURNS = 2
SHARED_MAILS = 1_000
# What is measured in ``steering.py``.
STEERING = ("forecast", "forecast_past", "dashboard")
# What is measured in ``risk.py``, in this order: the first ones write what the others
# read.
RISK = (
    ("profiles", "Payment profiles of all customers"),
    ("profiles_again", "… a night later"),
    ("points", "Points of all customers"),
    ("worklist", "The worklist through a server"),
)
# Turns: the largest ledger has a target.
INSTALLATIONS, MORE_INSTALLATIONS = 2, 6
MOVED = 1_000


def run(env, sizes, with_peer, part=""):
    """Measure, then write the table and the picture.

    :param sizes: open items of the ledgers, as the caller wrote them
    :param with_peer: ``all`` to have the peer work on every ledger
    :param part: ``figures`` to measure what is read of the ledger alone, ``risk``
        profiles and points, ``einvoices`` what platforms say; this is told, not written
    """
    sizes = _read_sizes(sizes or SIZES)
    if part:
        _run_part(env, sizes, part)
        return
    results = {"machine": machine.describe(env), "sizes": {}}
    for size in sizes:
        figures = results["sizes"][size] = {}
        _measure_installation(env, size, figures, size == sizes[-1])
        _measure_growth(env, size, figures, size == sizes[-1])
        _measure_engine(env, size, figures)
        _measure_figures(env, size, figures)
        _measure_risk(env, size, figures)
        _measure_workbook(env, size, figures)
        _measure_penalties(env, size, figures)
        _measure_proof(env, size, figures)
        if size <= PEER_LIMIT:
            _measure_aged_peer(env, size, figures)
        if with_peer == "all" or size <= PEER_LIMIT:
            _measure_peer(env, size, figures)
        _keep(env, results)
    results["events"] = _measure_events(env)
    results["settlement"] = _measure_settlement(env)
    results["sharing"] = _measure_sharing(env)
    results["einvoices"] = _measure_einvoices(env)
    for name in conduct.databases(env, conduct.name(env, "work", "")):
        database.drop(env, name)
    _write(env, results)


def _run_part(env, sizes, part):
    match part:
        case "figures":
            _run_figures(env, sizes)
        case "risk":
            _run_risk(env, sizes)
        case "einvoices":
            say(report.tell_einvoices(_measure_einvoices(env)))
        case _:
            raise Problem(
                f"PART={part}: figures, risk and einvoices can be measured alone."
            )


def _run_figures(env, sizes):
    results = {}
    for size in sizes:
        figures = results[size] = {}
        name = conduct.name(env, "work", size)
        with step(f"Installing on {size:,} items"):
            conduct.copy(env, conduct.ledger(env, size), name)
            conduct.install(env, name)
        _measure_figures(env, size, figures)
        _measure_workbook(env, size, figures)
        if size <= PEER_LIMIT:
            _measure_aged_peer(env, size, figures)
    for name in conduct.databases(env, conduct.name(env, "work", "")):
        database.drop(env, name)
    say()
    say(report.tell_figures(results))


def _run_risk(env, sizes):
    results = {}
    for size in sizes:
        figures = results[size] = {}
        _measure_risk(env, size, figures)
    say()
    say(report.tell_risk(results))


def _read_sizes(text):
    try:
        sizes = sorted({int(size) for size in text.replace(",", " ").split()})
    except ValueError:
        sizes = []
    if not sizes or sizes[0] < 1000:
        raise Problem(f"SIZES={text}: give numbers of items from 1000 on.")
    return sizes


def _measure(env, name, label, place, **options):
    with step(label):
        return conduct.measure(env, name, place, **options)


def _measure_installation(env, size, figures, largest):
    """Install on a ledger and on an empty database in turns, so that drift cancels:
    the median of their ratios counts."""
    ledger = conduct.ledger(env, size)
    times = {"empty": [], "full": []}
    for _turn in range(MORE_INSTALLATIONS if largest else INSTALLATIONS):
        for kind, seconds in times.items():
            name = conduct.name(env, "work", size)
            with step(f"Installing on {size if kind == 'full' else 0:,} items"):
                if kind == "full":
                    conduct.copy(env, ledger, name)
                else:
                    database.drop(env, name)
                    database.plain(env, name)
                # What was copied is written, before who installs has to wait for it.
                env.server.query("CHECKPOINT")
                os.sync()
                seconds.append(conduct.install(env, name))
    figures["install"] = {
        "ratio": statistics.median(map(truediv, times["full"], times["empty"])),
        **{kind: statistics.median(seconds) for kind, seconds in times.items()},
    }


def _measure_growth(env, size, figures, largest):
    """Vary the items that move, and the ledger, each alone."""
    name = conduct.name(env, "work", size)
    conduct.measure(env, name, "engine.set_up")
    moved = [MOVED, 10 * MOVED, 100 * MOVED] if largest else [MOVED]
    figures["growth"] = [
        _measure(
            env,
            name,
            f"A run that moves {count:,} of {size:,} items",
            "engine.growing_run",
            share=count / size,
        )
        for count in moved
        if 2 * count <= size
    ]
    conduct.measure(env, name, "engine.sweep")


def _measure_engine(env, size, figures):
    name = conduct.name(env, "work", size)
    for key, label in (
        ("plan", "The dry run in memory"),
        ("preview", "The dry run on the screen"),
        ("first_run", "The first run"),
        ("floor", "The same rows by plain SQL"),
        ("send", "A thousand e-mails"),
    ):
        place = "floor.write" if key == "floor" else f"engine.{key}"
        figures[key] = _measure(env, name, f"{label}, {size:,} items", place)
    for key, place in (("keep", "engine.keep"), ("screens", "screens.ask")):
        label = f"What people wait for ({key}), {size:,} items"
        figures[key] = _measure(env, name, label, place)
    conduct.measure(env, name, "engine.mark_done")
    figures["daily_run"] = _measure(
        env, name, f"The daily run, {size:,} items", "engine.daily_run"
    )


def _measure_figures(env, size, figures):
    """Figures as of a day, beside three paid items for each open one."""
    name = _build_history(env, size)
    for key, label in (
        ("balance_today", "Aged balance today"),
        ("balance_past", "Aged balance half a year ago"),
        ("screen", "Aged balance on the screen"),
        ("indicators", "Indicators"),
        ("history", "Indicators of 24 months"),
        ("check", "Totals beside the ledger's"),
        ("forecast", "Forecast of 13 weeks with its band"),
        ("forecast_past", "Forecast of 13 weeks a quarter ago"),
        ("dashboard", "Dashboard, part by part"),
    ):
        module = "steering" if key in STEERING else "indicators"
        figures[key] = _measure(
            env, name, f"{label}, {size:,} open items", f"{module}.{key}"
        )
    if figures["check"]["difference"]:
        raise Problem("The totals differ from the balance of the accounts.")
    database.drop(env, name)


def _build_history(env, size):
    """Make a database with three paid items for each open one; return its name."""
    name = conduct.name(env, "work", "figures")
    with step(f"A ledger of {size:,} open and {3 * size:,} paid items"):
        conduct.copy(env, conduct.ledger(env, size), name)
        conduct.measure(env, name, "indicators.prepare")
        conduct.install(env, name)
    return name


def _measure_risk(env, size, figures):
    """Profiles, points and worklist, while each customer has an open action."""
    name = _build_history(env, size)
    with step("An open action for each customer"):
        prepared = conduct.measure(env, name, "risk.prepare")
    for key, label in RISK:
        figures[key] = _measure(
            env, name, f"{label}, {4 * size:,} items", f"risk.{key}"
        )
    figures["worklist"]["actions"] = prepared["actions"]
    database.drop(env, name)


def _measure_workbook(env, size, figures):
    """The workbook beside the same cells, one after the other."""
    name = conduct.name(env, "work", size)
    for key, label in (
        ("ours", "A workbook with each item"),
        ("plain", "The same cells by xlsxwriter alone"),
    ):
        figures[f"workbook_{key}"] = _measure(
            env, name, f"{label}, {size:,} items", f"workbook.{key}"
        )


def _measure_penalties(env, size, figures):
    """Interest on every item, three of ten of which were partly paid."""
    name = conduct.name(env, "work", size)
    conduct.measure(env, name, "penalties.prepare")
    figures["penalties"] = _measure(
        env, name, f"Penalties of {size:,} items", "penalties.sums"
    )


def _measure_proof(env, size, figures):
    """A proof file of five hundred documents, beside a ledger of some size."""
    name = conduct.name(env, "work", size)
    figures["proof"] = _measure(
        env, name, f"A proof file of 500 documents, {size:,} items", "proof.make"
    )


def _measure_aged_peer(env, size, figures):
    """The aged balance and its workbook beside the community's report."""
    addons = aged_peer.fetch(env)
    ours = conduct.name(env, "work", size)
    peer_name = conduct.name(env, "work", "aged_peer")
    with step(f"Installing {aged_peer.MODULE}"):
        conduct.copy(env, conduct.ledger(env, size), peer_name)
        conduct.install(env, peer_name, aged_peer.MODULE, addons)
    figures["aged_ours"] = _measure(
        env, ours, f"The aged balance, {size:,} items", "workbook.figures"
    )
    for key in ("figures", "workbook"):
        figures[f"aged_peer_{key}"] = _measure(
            env,
            peer_name,
            f"{aged_peer.MODULE}: {key}, {size:,} items",
            f"aged_peer.{key}",
            addons=addons,
        )


def _measure_peer(env, size, figures):
    addons = peer.fetch(env)
    name = conduct.name(env, "work", "peer")
    with step(f"Installing {peer.MODULE}"):
        conduct.copy(env, conduct.ledger(env, size), name)
        conduct.install(env, name, peer.MODULE, addons)
    _measure_letters(env, size, name, addons, figures)
    figures["peer"] = _measure(
        env,
        name,
        f"{peer.MODULE}, {size:,} items",
        "peer.generate",
        addons=addons,
    )


def _measure_letters(env, size, peer_name, addons, figures):
    """Letters beside the peer's, on the same ledger and one after the other."""
    name = conduct.name(env, "work", "letters")
    with step("Installing for letters"):
        conduct.copy(env, conduct.ledger(env, size), name)
        conduct.install(env, name)
    for key, label, place, database_name, options in (
        ("letters_printed", "Letters printed", "letters.printed", name, {}),
        ("letters_attached", "Letters attached", "letters.attached", name, {}),
        (
            "letters_peer",
            f"Letters of {peer.MODULE}",
            "letters.peer_printed",
            peer_name,
            {"addons": addons},
        ),
    ):
        figures[key] = _measure(env, database_name, label, place, **options)


def _measure_events(env):
    """Time payments and reconciliations without the addon, with it, and with it on
    customers who have an open action.

    :return: dict by kind of database and event: the median of the seconds, and that of
        the ratios to the same event without the addon
    """
    names = _prepare_kinds(env, "events.prepare", "acting", "engine.first_run")
    times = {kind: defaultdict(list) for kind in names}
    with step("Payments and reconciliations"):
        for _turn in range(EVENT_TURNS):
            _vacuum(env, names)
            found = conduct.measure(
                env, names["without"], "events.compare", databases=names
            )
            for kind in names:
                for event, seconds in found[kind].items():
                    times[kind][event].extend(seconds)
    return {
        kind: {
            event: {
                "seconds": statistics.median(seconds),
                "ratio": statistics.median(
                    map(truediv, seconds, times["without"][event])
                ),
            }
            for event, seconds in by_event.items()
        }
        for kind, by_event in times.items()
    }


def _measure_settlement(env):
    """Time a bank import without the addon, with it, and with it while each item is
    promised and every second one disputed, in turns so that drift cancels.

    :return: dict by kind of database: the figures, with the median of the seconds
    """
    names = _prepare_kinds(env, "settlement.prepare", "claimed", "settlement.claim")
    figures = {kind: [] for kind in names}
    for _turn in range(SETTLEMENT_TURNS):
        _vacuum(env, names)
        for kind, name in names.items():
            label = f"Reconciling {EVENT_SIZE:,} payments, {kind}"
            figures[kind].append(_measure(env, name, label, "settlement.reconcile"))
    return {
        kind: {**turns[0], "seconds": statistics.median(x["seconds"] for x in turns)}
        for kind, turns in figures.items()
    }


def _prepare_kinds(env, prepare, busy, keep_busy):
    """Make three copies of a ledger: without the addon, with it, and with it while it
    has something to follow.

    :param prepare: place of what makes the payments
    :param busy: name of the third kind
    :param keep_busy: place of what gives the addon something to follow
    :return: dict of kind to database
    """
    names = {
        kind: conduct.name(env, "work", kind) for kind in ("without", "with", busy)
    }
    with step("Databases for payments"):
        conduct.copy(env, conduct.ledger(env, EVENT_SIZE), names["without"])
        conduct.measure(env, names["without"], prepare)
        conduct.copy(env, names["without"], names["with"])
        conduct.install(env, names["with"])
        conduct.measure(env, names["with"], "engine.set_up")
        conduct.copy(env, names["with"], names[busy])
        conduct.measure(env, names[busy], keep_busy)
    return names


def _vacuum(env, names):
    """Have the server know each of the databases equally well, without what was rolled
    back in it."""
    for name in names.values():
        env.server.query("VACUUM ANALYZE", name)


def _measure_sharing(env):
    """Send a thousand e-mails by one process and by two, in turns.

    :return: medians in seconds by number of processes, as text
    """
    planned = conduct.name(env, "work", "planned")
    with step("A ledger to share"):
        conduct.copy(env, conduct.ledger(env, EVENT_SIZE), planned)
        conduct.install(env, planned)
        conduct.measure(env, planned, "engine.set_up")
        conduct.measure(env, planned, "engine.first_run")
    times = {"1": [], "2": []}
    for _turn in range(SHARING_TURNS):
        for count, seconds in times.items():
            with step(f"A thousand e-mails, {count} at work"):
                seconds.append(_share(env, planned, int(count)))
    return {count: statistics.median(seconds) for count, seconds in times.items()}


def _share(env, planned, processes):
    """Have processes send together; return the seconds until the last was ready."""
    name = conduct.name(env, "work", "sharing")
    conduct.copy(env, planned, name)
    with ThreadPoolExecutor(processes) as pool:
        started = [
            pool.submit(
                conduct.measure,
                env,
                name,
                "sharing.send",
                mails=SHARED_MAILS,
                processes=processes,
            )
            for _number in range(processes)
        ]
        figures = [future.result() for future in started]
    sent = max(figure["mails"] for figure in figures)
    if sent != SHARED_MAILS:
        raise Problem(f"{sent} e-mails were sent instead of {SHARED_MAILS}.")
    begin = min(figure["begin"] for figure in figures)
    return max(figure["end"] for figure in figures) - begin


def _measure_einvoices(env):
    """Take ten thousand messages of platforms, with what follows from them."""
    name = conduct.name(env, "work", "einvoices")
    with step("A ledger of which platforms speak"):
        conduct.copy(env, conduct.ledger(env, EVENT_SIZE), name)
        conduct.install(env, name)
        conduct.measure(env, name, "engine.set_up")
    figures = _measure(env, name, "Messages of platforms", "einvoices.receive")
    database.drop(env, name)
    if figures["assigned"] != figures["messages"]:
        raise Problem(f"Only {figures['assigned']} messages found their invoice.")
    return figures


def _keep(env, results):
    """Keep the figures so far: an hour's work may be interrupted."""
    raw = env.settings.dev / "benchmarks.json"
    raw.write_text(json.dumps(results, indent=1))


def _write(env, results):
    _keep(env, results)
    root = env.settings.root
    picture = "docs/images/benchmark.svg"
    (root / picture).write_text(plot.draw(results))
    text = report.write(results, picture)
    path = root / "README.md"
    path.write_text(readme.insert(path.read_text(), text))
    say()
    say(text)
