"""What must not be read by those who look at logs or screens: links, addresses."""

import logging
import re

# What leads to a customer's page without login. The words that follow the path of our
# own pages are no secrets.
SECRET = re.compile(r"(/dunning/(?:confirm/)?)(?!confirm/|p/|proof/)[\w-]{40,}")
LOGGERS = (
    "longpolling",
    "odoo.addons.http_routing.models.ir_http",
    "odoo.http",
    "werkzeug",
)


def mask_links(text: str) -> str:
    """Return a text in which no link opens a customer's page.

    >>> mask_links("GET /dunning/" + "aB3-_" * 20 + " HTTP/1.1")
    'GET /dunning/*** HTTP/1.1'
    >>> mask_links("GET /fr/dunning/confirm/" + "aB3-_" * 20 + "?x=1")
    'GET /fr/dunning/confirm/***?x=1'
    >>> mask_links("GET /dunning/p/Zk3 /dunning/proof/3 /my/dunning/1")
    'GET /dunning/p/Zk3 /dunning/proof/3 /my/dunning/1'
    """
    return SECRET.sub(r"\1***", text)


class LinkFilter(logging.Filter):
    """Keeps links out of logs: whoever reads these is not the customer.

    >>> record = logging.LogRecord(
    ...     "werkzeug", 20, "", 0, '"%s" %s', ("GET /dunning/" + "a" * 90, 200), None)
    >>> LinkFilter().filter(record), record.getMessage()
    (True, '"GET /dunning/***" 200')
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask what is about to be logged; always let it pass."""
        if isinstance(record.msg, str):
            record.msg = mask_links(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(
                mask_links(item) if isinstance(item, str) else item
                for item in record.args
            )
        return True


def keep_links_out_of_logs() -> None:
    """Have the logs of web servers mask links, once.

    >>> keep_links_out_of_logs(), keep_links_out_of_logs()
    (None, None)
    >>> found = logging.getLogger("werkzeug").filters
    >>> sum(isinstance(item, LinkFilter) for item in found)
    1
    """
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(item, LinkFilter) for item in logger.filters):
            logger.addFilter(LinkFilter())


def mask_address(address: str) -> str:
    """Return an e-mail address of which only its owner recognises the rest.

    >>> mask_address("marie.dupont@example.com"), mask_address("a@example.com")
    ('m•••t@example.com', 'a•••@example.com')
    """
    name, _at, domain = address.rpartition("@")
    last = name[-1] if len(name) > 1 else ""
    return f"{name[:1]}•••{last}@{domain}"
