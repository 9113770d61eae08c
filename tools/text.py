"""Texts as mail programs and file systems take them."""


def one_line(text: str | None) -> str:
    """Return a text without line breaks: a name or reference that holds one must not
    keep the subject it stands in from being sent.

    >>> one_line("Reminder: INV/1\\r\\nand  INV/2 ")
    'Reminder: INV/1 and INV/2'
    >>> one_line(None)
    ''
    """
    return " ".join((text or "").split())
