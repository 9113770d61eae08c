"""Several HTML documents as one, each beginning on a page of its own: for printers that
take one document at a time."""

import re

from .letter_pdf import MAX_LETTERS, get_mark

_PARTS = re.compile(r"(.*<body\b[^>]*>)(.*)(</body>.*)", re.DOTALL | re.IGNORECASE)
_PAGE = (
    '<div style="{after}position: relative;"><div style="position: absolute; top: 0;'
    ' left: 0; width: 2px; height: 2px; background-color: {mark};"></div>{body}</div>'
)
_AFTER = "page-break-before: always; "


def join(documents: list[str]) -> list[str]:
    """Return the documents as one, marked as :func:`letter_pdf.cut` finds them; as they
    are where they cannot be one, for they differ in more than their body.

    :param documents: list of HTML

    >>> page = "<html><head/><body class='a'>{}</body></html>"
    >>> [joined] = join([page.format("<p>1</p>"), page.format("<p>2</p>")])
    >>> joined.count("<body"), joined.count("page-break-before"), "#fffffe" in joined
    (1, 1, True)
    >>> joined.index("<p>1</p>") < joined.index("page-break") < joined.index("<p>2</p>")
    True
    >>> len(join([page.format(1), page.format(2).replace("'a'", "'b'")]))
    2
    >>> join(["no document"])
    ['no document']
    """
    documents = [str(document) for document in documents]
    found = [_PARTS.fullmatch(document) for document in documents]
    frames = {match and (match[1], match[3]) for match in found}
    if len(frames) != 1 or None in frames or len(documents) >= MAX_LETTERS:
        return documents
    [(begin, end)] = frames
    pages = [
        _PAGE.format(
            after=_AFTER if number > 1 else "", mark=get_mark(number), body=match[2]
        )
        for number, match in enumerate(found, 1)
    ]
    return [f"{begin}{''.join(pages)}{end}"]
