"""Errors of the database that are expected, kept out of the server's log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_EXPECTED = ContextVar("expected", default=False)

# The logger of the server's database layer.
_SQL_LOGGER = logging.getLogger("odoo.sql_db")


def _is_unexpected(_record) -> bool:
    return not _EXPECTED.get()


# Added once: the same function is not added twice.
_SQL_LOGGER.addFilter(_is_unexpected)


@contextmanager
def expecting_sql_errors() -> Iterator[None]:
    """Log no failed statement of this thread within the block: the caller deals with
    it. Odoo's own ``mute_logger`` silences all threads, and when two of them are in
    such a block at once, it may do so for good.

    >>> said = []
    >>> handler = logging.Handler()
    >>> handler.emit = lambda record: said.append(record.getMessage())
    >>> logger = logging.getLogger("odoo.sql_db")
    >>> former, logger.propagate = logger.propagate, False
    >>> logger.addHandler(handler)
    >>> with expecting_sql_errors():
    ...     logger.error("expected")
    >>> logger.error("not expected")
    >>> said
    ['not expected']
    >>> logger.removeHandler(handler)
    >>> logger.propagate = former
    """
    token = _EXPECTED.set(True)
    try:
        yield
    finally:
        _EXPECTED.reset(token)
