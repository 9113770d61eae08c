"""Plain text of an e-mail, for those who read no HTML: paragraphs, lists, and tables
whose columns stand under each other."""

import re
import textwrap

from lxml import html

WIDTH = 76
GAP = "  "
MAX_SPAN_DIGITS = 3
BLOCKS = {"div", "p", "h1", "h2", "h3", "h4", "blockquote", "section", "center"}
PARAGRAPHS = BLOCKS - {"div", "section", "center"}
SKIPPED = {"style", "script", "head", "title"}

# All that is white, but for what keeps words together.
_WHITE = re.compile(r"[ \t\r\n\f]+")


def from_html(body):
    """Return the text of an HTML body.

    >>> print(from_html("<p>Hello,</p><p>Pay <b>10 €</b><br/>now.</p>"))
    Hello,
    <BLANKLINE>
    Pay 10 €
    now.
    >>> print(from_html('See <a href="https://a.fr/x">this</a> <ul><li>one</ul>'))
    See this (https://a.fr/x)
    <BLANKLINE>
    - one
    >>> print(from_html(
    ...     "<table><thead><tr><th>Invoice<th>Balance</thead>"
    ...     "<tr><td>INV/1<div>dated today</div><td style='text-align: right'>5 €"
    ...     "<tr><td>INV/20<td style='text-align: right'>11,234 €</table>"
    ... ))
    Invoice   Balance
    INV/1         5 €
      dated today
    INV/20   11,234 €
    >>> print(from_html("<div>Anne</div><div>Credit</div><div><p>Bye</p></div>"))
    Anne
    Credit
    <BLANKLINE>
    Bye
    >>> print(from_html('<div>Anne</div><div style="margin: 8px">Credit</div>'))
    Anne
    <BLANKLINE>
    Credit
    >>> from_html("<style>p {}</style>Pay <!-- or not --> now")
    'Pay now'
    >>> from_html("")
    ''
    """
    if not (body or "").strip():
        return ""
    blocks = []
    _read_blocks(html.fragment_fromstring(str(body), create_parent="div"), blocks)
    text = "\n".join(_join(blocks))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n ")


def _join(blocks):
    """Return the lines of blocks, those of paragraphs with a line between them."""
    lines = []
    for kind, block in blocks:
        if lines and kind != "line" and lines[-1]:
            lines.append("")
        lines += block
        if kind != "line":
            lines.append("")
    return lines


def _read_blocks(element, blocks):
    """Collect the blocks within an element: pairs of kind and lines."""
    words = [element.text or ""]

    def flush(kind="line"):
        text = _tidy("".join(words))
        words.clear()
        if text:
            lines = [wrapped for line in text.split("\n") for wrapped in _wrap(line)]
            blocks.append((kind, lines))

    own_kind = "paragraph" if element.tag in PARAGRAPHS else "line"
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SKIPPED:
            pass
        elif child.tag == "table":
            flush(own_kind)
            _read_table(child, blocks)
        elif child.tag in ("ul", "ol"):
            flush(own_kind)
            blocks.append(("paragraph", list(_read_list(child))))
        elif child.tag in BLOCKS:
            flush(own_kind)
            inner = []
            _read_blocks(child, inner)
            if child.tag in PARAGRAPHS or _has_margin(child):
                inner = [("paragraph", _join(inner))] if inner else []
            blocks.extend(inner)
        else:
            words.append(_read_inline(child))
        words.append(child.tail or "")
    flush(own_kind)


def _has_margin(element):
    return "margin" in (element.get("style") or "")


def _read_inline(element):
    if element.tag == "br":
        return "\0"
    if element.tag == "img":
        return element.get("alt") or ""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED:
            parts.append(_read_inline(child))
        parts.append(child.tail or "")
    text = "".join(parts)
    url = element.get("href") if element.tag == "a" else None
    if not url or url.startswith(("mailto:", "tel:")) or _tidy(text) == url:
        return text
    return f"{text} ({url})"


def _read_list(element):
    for item in element.iterchildren("li"):
        inner = []
        _read_blocks(item, inner)
        lines = [line for line in _join(inner) if line]
        for number, line in enumerate(lines):
            yield f"{'  ' if number else '- '}{line}"


def _tidy(text):
    """Return text with single spaces; what stands for a line break breaks the line."""
    lines = _WHITE.sub(" ", text).split("\0")
    return "\n".join(line.strip(" ") for line in lines).strip("\n")


def _wrap(line):
    return textwrap.wrap(
        line, WIDTH, break_long_words=False, break_on_hyphens=False
    ) or [""]


# -- tables ------------------------------------------------------------------


def _read_table(table, blocks):
    """Collect a table: with a head, its columns stand under each other, and what a cell
    says below its first line follows the row; without, its cells follow each other."""
    rows = [
        [_read_cell(cell) for cell in row.iterchildren("td", "th")]
        for row in table.iter("tr")
        if next(row.iterancestors("table")) is table
    ]
    rows = [row for row in rows if any(lines for lines, *__ in row)]
    if table.find(".//thead") is None and not _has_numbers(rows):
        for row in rows:
            for lines, *__ in row:
                if lines:
                    blocks.append(("paragraph", lines))
        return
    if rows:
        blocks.append(("paragraph", list(_set_rows(rows))))


def _has_numbers(rows):
    """Return whether the table is one of figures and not of layout."""
    return any(right for row in rows for __, right, __ in row)


def _read_cell(cell):
    """Return the lines of a cell, whether they stand on the right, and how many columns
    it takes."""
    blocks = []
    _read_blocks(cell, blocks)
    lines = [line for line in _join(blocks) if line]
    right = "text-align: right" in (cell.get("style") or "")
    return lines, right, _read_span(cell.get("colspan") or "")


def _read_span(text):
    """Return how many columns a cell takes: browsers pass over what is no number.

    >>> _read_span("2"), _read_span("100%"), _read_span("9" * 5000), _read_span("0")
    (2, 1, 1, 1)
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_SPAN_DIGITS
    return max(int(text), 1) if is_number else 1


def _set_rows(rows):
    right = _get_sides(rows)
    widths = [0] * len(right)
    for row in rows:
        for column, (lines, _right, span) in enumerate(row):
            if span == 1 and lines and len(row) == len(widths):
                widths[column] = max(widths[column], len(lines[0]))
    for row in rows:
        yield _set_row(row, widths, right)
        for lines, *__ in row:
            yield from (f"  {line}" for line in lines[1:])


def _get_sides(rows):
    """Return for each column whether it stands on the right."""
    longest = max(rows, key=len)
    sides = [False] * len(longest)
    for row in rows:
        if len(row) == len(longest):
            sides = [
                side or right for side, (__, right, __) in zip(sides, row, strict=True)
            ]
    return sides


def _set_row(row, widths, sides):
    parts, column = [], 0
    for lines, right, span in row:
        taken = widths[column : column + span]
        width = sum(taken) + len(GAP) * (len(taken) - 1)
        text = lines[0] if lines else ""
        on_right = right or any(sides[column : column + span])
        parts.append(text.rjust(width) if on_right else text.ljust(width))
        column += span
    return GAP.join(parts).rstrip(" ")
