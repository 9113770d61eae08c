"""Texts as mail programs, file systems and readers take them."""

import re

# What shows nothing and what turns the direction of all that follows, so that it reads
# as something else; lines and tabs are none of it.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)


def one_line(text: str | None) -> str:
    """Return a text without line breaks: a name or reference that holds one must not
    keep the subject it stands in from being sent. Nor does it turn what follows, so
    that a file seems to be of another kind.

    >>> one_line("Reminder: INV/1\\r\\nand  INV/2 ")
    'Reminder: INV/1 and INV/2'
    >>> one_line("Letter \\u202efdp.exe.pdf"), one_line(None)
    ('Letter fdp.exe.pdf', '')
    """
    return seen(" ".join((text or "").split()))


def seen(text: str | None) -> str:
    """Return a text as it reads: without what shows nothing or turns directions.

    >>> seen("Paid\\x01:\\u202efdp\\n\\x7fyes") == "Paid:fdp\\nyes"
    True
    >>> seen(None)
    ''
    """
    return UNSEEN.sub("", text or "")


def is_told(name: str | None, *texts: str | None) -> bool:
    """Return whether one of the texts says a name already: it begins with it.

    >>> is_told("Not received", "Not received: them@example.com")
    True
    >>> is_told("Not received", None, "They have not received it")
    False
    >>> is_told(None, "Late")
    False
    """
    begin = one_line(name).casefold()
    return bool(begin) and any(
        one_line(text).casefold().startswith(begin) for text in texts
    )


def clean_headers(email: dict) -> dict:
    """Return the parts of an e-mail that become its headers, each on one line: what
    stands on a further line would be a header of its own.

    >>> clean_headers({"email_to": ['"A\\r\\nBcc: b@c.d" <a@c.d>'], "body": "A\\nB"})
    {'email_to': ['"A Bcc: b@c.d" <a@c.d>']}
    >>> clean_headers({"headers": {"X": "1\\n2"}, "attachments": [("a\\nb", b"", "")]})
    {'headers': {'X': '1 2'}, 'attachments': [('a b', b'', '')]}
    """
    cleaned = {}
    for name, value in email.items():
        if name in ("email_from", "email_to", "email_cc", "reply_to", "subject"):
            cleaned[name] = _clean(value)
        elif name == "headers":
            cleaned[name] = {key: _clean(text) for key, text in (value or {}).items()}
        elif name == "attachments":
            cleaned[name] = [(_clean(file), *rest) for file, *rest in value or []]
    return cleaned


def _clean(value):
    if isinstance(value, str):
        return one_line(value)
    return [_clean(part) for part in value] if isinstance(value, list) else value
