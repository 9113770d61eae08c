"""What a mail server says when it sends a message back (RFC 3464)."""

import re
from email import message_from_string
from typing import NamedTuple

# Which of our e-mails it is: only who got it, or had it in hand, knows.
TOKEN_HEADER = "X-Dunning-Token"

# The beginning of the enhanced status code (RFC 3463), and what it is about.
SUBJECTS = (
    ("1.2", "domain"),
    ("1.8", "refused"),
    ("1.", "address"),
    ("2.1", "closed"),
    ("2.2", "full"),
    ("2.3", "size"),
    ("3.4", "size"),
    ("4.", "domain"),
    ("7.", "refused"),
)


class Bounce(NamedTuple):
    """What came back.

    ``subject`` is ``address``, ``closed``, ``domain``, ``full``, ``refused``, ``size``
    or ``other``; ``detail`` is what the server says, for whoever understands it;
    ``final`` is false as long as the server goes on trying; ``addresses`` are those it
    was for, as far as the server says so.
    """

    subject: str
    detail: str
    final: bool
    addresses: tuple = ()


def read_bounce(message):
    """Return what a bounce says.

    :param message: :class:`email.message.EmailMessage`

    >>> from email import message_from_string
    >>> bounce = message_from_string('''\\
    ... Content-Type: multipart/report; boundary=b
    ...
    ... --b
    ... Content-Type: message/delivery-status
    ...
    ... Reporting-MTA: dns; mx.example.com
    ...
    ... Final-Recipient: rfc822; nobody@example.com
    ... Action: failed
    ... Status: 5.1.1
    ... Diagnostic-Code: smtp; 550 5.1.1 User unknown
    ...
    ... --b--
    ... ''')
    >>> read_bounce(bounce)
    Bounce(subject='address', detail='550 5.1.1 User unknown', final=True, \
addresses=('nobody@example.com',))
    >>> read_bounce(message_from_string("Subject: Undelivered"))
    Bounce(subject='other', detail='', final=True, addresses=())
    """
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload()[1:]:
                return _read_block(block)
    return Bounce("other", "", True)


def read_token(message):
    """Return the token of the e-mail that a bounce returns, whole or its headers alone;
    None without any.

    :param message: :class:`email.message.EmailMessage`

    >>> bounce = message_from_string('''\\
    ... Content-Type: multipart/report; boundary=b
    ... X-Dunning-Token: made up
    ...
    ... --b
    ... Content-Type: text/rfc822-headers
    ...
    ... Subject: Reminder
    ... X-Dunning-Token: secret
    ...
    ... --b--
    ... ''')
    >>> read_token(bounce)
    'secret'
    >>> read_token(message_from_string("X-Dunning-Token: made up"))
    """
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            returned = part.get_payload(0)
        elif kind == "text/rfc822-headers":
            content = part.get_payload(decode=True) or b""
            returned = message_from_string(content.decode(errors="replace"))
        else:
            continue
        if token := str(returned.get(TOKEN_HEADER) or "").strip():
            return token
    return None


def _read_block(block):
    detail = str(block.get("Diagnostic-Code", "")).partition(";")[2]
    detail = " ".join(detail.split())
    found = re.search(r"\b[45]\.(\d+\.\d+)\b", f"{block.get('Status', '')} {detail}")
    final = str(block.get("Action", "failed")).strip().lower() == "failed"
    subject = get_subject(found.group(1) if found else "")
    addresses = (
        str(block.get(name, "")).partition(";")[2].strip().lower()
        for name in ("Original-Recipient", "Final-Recipient")
    )
    return Bounce(subject, detail, final, tuple(filter(None, addresses)))


def get_subject(code):
    """Return what an enhanced status code, without its class, is about.

    >>> get_subject("1.1"), get_subject("2.2"), get_subject("7.26"), get_subject("9.9")
    ('address', 'full', 'refused', 'other')
    """
    return next((text for start, text in SUBJECTS if code.startswith(start)), "other")
