"""Messages of platforms about the invoices of a ledger: read, kept, assigned, and what
follows from them, as the watched folder does it."""

import itertools

from odoo.addons.account_dunning.demo.einvoice_messages import (
    get_reasons,
    get_statuses,
    make_status,
    write_cdar,
)
from odoo.addons.account_dunning.models.einvoice.dunning_einvoice_folder import (
    BATCH_SIZE,
)
from odoo.addons.account_dunning.tools.einvoice_message import Document

from benchmarks import clock

MESSAGES = 10_000
SIREN = "999090137"


def receive(env):
    """Take a message of each status and reason in turn, each about an invoice of its
    own while there are enough.

    :return: dict with ``seconds``, the number of messages, how many found their
        invoice, and how many holds dunning has made of them
    """
    clock.pretend(env, clock.first_day())
    env.company.company_registry = SIREN
    documents = list(_write(env))
    holds = env["dunning.hold"].search_count([])
    env.cr.commit()
    events = env["dunning.einvoice.event"]
    figures = {}
    with clock.stopwatch(figures):
        for start in range(0, len(documents), BATCH_SIZE):
            batch = documents[start : start + BATCH_SIZE]
            events._receive_all(batch, "folder")
            env.cr.commit()
            env.invalidate_all()
    return {
        **figures,
        "messages": len(documents),
        "assigned": events.search_count([("state", "=", "assigned")]),
        "holds": env["dunning.hold"].search_count([]) - holds,
    }


def _write(env):
    """Give the messages, in no order."""
    env.cr.execute(
        "SELECT name FROM account_move WHERE name LIKE 'BENCH/%%' ORDER BY md5(name)"
    )
    numbers = itertools.cycle([name for (name,) in env.cr.fetchall()])
    kinds = itertools.cycle(
        (code, reason)
        for code in get_statuses()
        for reason in get_reasons(code) or ("",)
    )
    for place, (code, reason) in enumerate(itertools.islice(kinds, MESSAGES)):
        message = f"M{place}"
        status = make_status(code, reason, next(numbers), SIREN, message=message)
        yield Document(f"{message}.xml", write_cdar([status]))
