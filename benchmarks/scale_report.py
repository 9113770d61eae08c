"""What ``make scale`` found, as tables of docs/scale.md."""


def write_hosts(results):
    """Return the table of several hosts."""
    trials = [results[key] for key in ("one", "two", "killed")]
    customers = results["customers"]

    def row(label, tell):
        return [label, *(tell(trial) for trial in trials)]

    def sum_up(trial):
        return " + ".join(f"{share:,}" for share in trial["shares"])

    rows = [
        row("The day is planned after", lambda x: f"{x['planned']:.0f} s"),
        row("… every e-mail is in the queue after", lambda x: f"{x['sent']:.0f} s"),
        row("… every e-mail has left after", lambda x: f"{x['out']:.0f} s"),
        row(
            "E-mails a second",
            lambda x: f"{customers / (x['sent'] - x['planned']):.0f}",
        ),
        row("Carried out by the first, the second", sum_up),
        row("Customers written to", lambda x: f"{x['result']['received']:,}"),
        row("Written to twice", lambda x: f"{x['result']['twice']}"),
        row("In doubt: people decide", lambda x: f"{x['result']['failed']}"),
    ]
    killed = results["killed"]
    speed_up = _get_seconds(results["one"]) / _get_seconds(results["two"])
    table = _table(["", "One host", "Two hosts", "Two, one killed"], rows)
    return (
        f"{results['machine']}\n\nThe day of {customers:,} customers, each with a "
        "reminder due. Hosts are servers of Odoo with two jobs at a time on the same "
        f"processors, and so is the database.\n\n{table}\n"
        f"Two hosts send {speed_up:.2f} × as fast as one. The second one was killed "
        f"after {killed['killed']:.0f} s, when {killed['killed_done']:,} of "
        f"{customers:,} were carried out; the first one did the rest.\n"
    )


def _get_seconds(trial):
    return trial["sent"] - trial["planned"]


def write_replica(results):
    """Return the tables of the replica."""
    trials = [results[key] for key in ("following", "behind", "gone")]
    rows = [
        [label, *(tell(trial) for trial in trials)]
        for label, tell in (
            ("Requests answered by the replica", lambda x: f"{_get_mode(x, 'ro')}"),
            ("… by the primary", lambda x: f"{_get_mode(x, 'rw')}"),
            (
                "… by the primary, for the replica refused or was gone",
                lambda x: f"{_get_mode(x, 'ro->rw')}",
            ),
            ("Transactions on the replica", lambda x: _count(x, "replica", 0)),
            ("… on the primary", lambda x: _count(x, "primary", 0)),
            ("Rows read on the replica", lambda x: _count(x, "replica", 1)),
            ("… on the primary", lambda x: _count(x, "primary", 1)),
        )
    ]
    table = _table(["", "It follows", "It is behind", "It is gone"], rows)
    written = sorted(results["following"]["not_by_replica"])
    export = results["export"]
    rows_read = {key: counts[1] for key, counts in export["traffic"].items()}
    return (
        f"{results['machine']}\n\n{table}\n"
        f"Answered by the primary while the replica follows: "
        f"{', '.join(f'`{each}`' for each in written) or 'nothing'}.\n\n"
        f"A workbook of {export['items']:,} items read {rows_read['replica']:,} rows "
        f"on the replica and {rows_read['primary']:,} on the primary.\n\n"
        "While it was behind, two customers paid, one of them all that was due: the "
        "replica went on to show both reminders as due, sending the one was refused, "
        "and the other claimed what was left. With the replica gone "
        f"{results['sent']:,} reminders were sent, each once.\n"
    )


def _get_mode(trial, mode):
    return trial["modes"].get(mode, 0)


def _count(trial, server, number):
    return f"{max(trial['traffic'][server][number], 0):,}"


def _table(heads, rows):
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
