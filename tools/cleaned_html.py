"""What Odoo's cleaning makes of simple HTML, without parsing it.

Odoo parses what is written to a field of HTML twice, and looks at each element: of an
e-mail with a table that is a third of all its work. Where a text is made of few kinds
of elements, well nested, cleaning changes nothing but how tags and characters are
written. Each distinct tag is cleaned by Odoo itself, once; so is whatever is not
simple.
"""

import re
from functools import lru_cache

from odoo.tools import html_sanitize

INLINE = {"a", "b", "br", "em", "i", "span", "strong", "u"}
# Elements that parsers move when they stand elsewhere.
PARENTS = {
    "li": {"ol", "ul"},
    "tbody": {"table"},
    "td": {"tr"},
    "th": {"tr"},
    "thead": {"table"},
    "tr": {"table", "tbody", "thead"},
}
# What begins in one of these ends it.
PARAGRAPHS = {"h1", "h2", "h3", "h4", "p"}
NAMES = {*INLINE, *PARAGRAPHS, *PARENTS, "div", "ol", "table", "ul"}
TAG = re.compile(r'([a-z]+\d?)((?: [a-z]+="[^"<>]*")*)\s*')
ENTITIES = ("&amp;", "&lt;", "&nbsp;", "&#34;", "&#39;")
# By these, Odoo finds messages that are quoted, and signatures.
QUOTES = ("--", "&gt;")
NAMED = re.compile(r' (?:id|class)="(?!o_dunning_\w+")')
ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINK = re.compile(r' href="(?:https?://|mailto:)(?:[\w:/?#@=.~%+-]|&amp;)*"', re.A)
# What a tag is put around to be cleaned.
KERNEL = "x"
CACHED_TAGS = 1024


def clean(html: str) -> str | None:
    """Return what ``html_sanitize`` makes of HTML with attributes and styles cleaned,
    as of messages; None where it is not simple, and Odoo has to be asked."""
    first, *parts = html.split("<")
    if first.strip() or not parts or not _has_plain_characters(html):
        return None
    cleaned, opened = [], []
    for part in parts:
        tag, ended, text = part.partition(">")
        name, written = _clean_tag(tag)
        if not ended or ">" in text or not name or cleaned and not opened:
            return None
        if tag[0] == "/":
            if not opened or opened.pop() != name:
                return None
        elif not _may_stand(name, opened):
            return None
        elif name != "br":
            opened.append(name)
        cleaned.append(written)
        cleaned.append(text)
    # One element, and nothing beside it.
    if opened or text.strip():
        return None
    written = "".join(cleaned).replace("\xa0", "&nbsp;")
    return written.replace("&#34;", '"').replace("&#39;", "'")


def _has_plain_characters(html):
    """Return whether all characters stay as they are, or become entities."""
    return (
        html.count("&") == sum(map(html.count, ENTITIES))
        and not any(quote in html for quote in QUOTES)
        and not ODD.search(html)
    )


def _may_stand(name, opened):
    """Return whether parsers leave an element where it is."""
    if name in INLINE:
        return bool(opened) and (name != "a" or "a" not in opened)
    if name in PARENTS:
        return bool(opened) and opened[-1] in PARENTS[name]
    return PARAGRAPHS.isdisjoint(opened)


@lru_cache(CACHED_TAGS)
def _clean_tag(tag):
    """Return the name of a tag and how Odoo writes it, None if it is not simple.

    :param tag: without its brackets
    """
    if tag[:1] == "/":
        return (tag[1:], f"<{tag}>") if tag[1:] in NAMES - {"br"} else (None, "")
    found = TAG.fullmatch(tag.removesuffix("/") if tag[:2] == "br" else tag)
    name, attributes = found.groups() if found else (None, "")
    if name not in NAMES or name == "br" and attributes:
        return None, ""
    if not attributes or name == "a" and LINK.fullmatch(attributes):
        return name, f"<{name}{attributes}>"
    if "&" in attributes or NAMED.search(attributes):
        return None, ""
    # Attributes are cleaned in the same way of any element.
    probe = "a" if name == "a" else "div"
    cleaned = html_sanitize(
        f"<{probe}{attributes}>{KERNEL}</{probe}>",
        sanitize_attributes=True,
        sanitize_style=True,
    )
    found = re.fullmatch(rf"<{probe}([^<>]*)>{KERNEL}</{probe}>", cleaned)
    return (name, f"<{name}{found[1]}>") if found else (None, "")
