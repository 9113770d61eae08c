"""The text of a letter as it is printed: it holds all that it shows. A picture that is
fetched while printing would tell somebody that, and from where, and might be another
one tomorrow; a page of this network is nobody's business."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from lxml import etree, html
from markupsafe import Markup

# What shows nothing on paper, fetches what it shows, or is read by browsers in another
# way than here: as text, up to where it ends for them.
_FETCHING = (
    "applet|audio|base|embed|frame|frameset|iframe|image|input|link|meta|noembed|"
    "noframes|noscript|object|picture|plaintext|script|source|style|template|textarea|"
    "title|track|use|video|xmp"
).split("|")
_SOURCES = ("src", "srcset", "background", "poster", "data", "lowsrc", "dynsrc")
_OURS = re.compile(
    r"(?:https?://[^/?#]+)?/web/(?:image|content)/([0-9]{1,9})(?:[-/?#].*)?", re.DOTALL
)
# Addresses that lead somewhere; what else runs something.
_LEADING = re.compile(r"\s*(?:https?:|mailto:|tel:|[/#?])", re.IGNORECASE)
# What makes a sheet, by the names that it has in letter.css and letter.js.
_FRAME = frozenset(
    "continued draft every first flow foot later letter letterhead long mark next page "
    "references sheet tight tighter window".split()
)
# What leaves its place could cover what others have written, on any sheet.
_LEAVING = re.compile(r"(?:position|z-index|(?:-webkit-)?transform.*)", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?<![\w#)])-\s*\.?\d")
_FETCHING_STYLE = re.compile(r"url|image-set|@import|expression", re.IGNORECASE)


# Gives a data URI for the id of an attachment and the token its address has, or None.
GetPicture = Callable[[int, str], str | None]


def embed(text: str, get_picture: GetPicture) -> Markup:
    """Return the text with its pictures in it, and without what would be fetched or
    run: a text may have been stored without being cleaned, and many letters are printed
    in one document, of which whatever runs could change the others.

    >>> print(embed('<p>Hello <img src="https://example.com/a.png"/>you</p>', {}.get))
    <p>Hello you</p>
    >>> pictures = {(7, "b"): "data:image/png,x"}
    >>> get_picture = lambda id_, token: pictures.get((id_, token))
    >>> print(embed('<img src="/web/image/7-a/a.png?access_token=b">', get_picture))
    <img src="data:image/png,x">
    >>> print(embed('<img src="/web/image/7-a/a.png">', get_picture))
    <BLANKLINE>
    >>> print(embed('<p style="color: red; background: url(//a.b)">Hello</p>', {}.get))
    <p style="color: red">Hello</p>
    >>> print(embed('<p href="//a.b" fill="url(//a.b)">Hello</p>', {}.get))
    <p>Hello</p>
    >>> print(embed('<p onClick="x()"><a HREF="javascript:x()">Hello</a></p>', {}.get))
    <p><a>Hello</a></p>
    >>> print(embed('<a href="https://example.com">Hello</a>', {}.get))
    <a href="https://example.com">Hello</a>
    >>> print(embed('<p style="POSITION: fixed; margin: 0 -9px; color: red">Hello</p>',
    ...             {}.get))
    <p style="color: red">Hello</p>
    >>> print(embed('<noscript><p title="</noscript><img src=x onerror=x()>">', {}.get))
    <BLANKLINE>
    """
    root = html.fragment_fromstring(str(text or ""), create_parent="div")
    for element in list(root.iter(etree.Element)):
        if element.tag in _FETCHING:
            element.drop_tree()
            continue
        _keep_picture(element, get_picture)
        for name in _SOURCES:
            if name in element.attrib and not _is_data(element.attrib[name]):
                del element.attrib[name]
        for name, value in element.attrib.items():
            link = name in ("href", "xlink:href") and not _is_link(element, value)
            runs = name.lower().startswith("on")
            if link or runs or (name != "style" and "url(" in value.lower()):
                del element.attrib[name]
        if names := element.attrib.get("class"):
            kept = [name for name in names.split() if name.lower() not in _FRAME]
            element.attrib["class"] = " ".join(kept)
        if style := element.attrib.get("style"):
            element.attrib["style"] = _clean_style(style)
        if element.tag == "img" and not element.get("src"):
            element.drop_tree()
    for node in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        node.drop_tree()
    whole = etree.tostring(root, encoding="unicode", method="html")
    return Markup(whole[len("<div>") : -len("</div>")])


def _keep_picture(element, get_picture):
    if element.tag != "img":
        return
    source = element.get("src", "").strip()
    found = _OURS.fullmatch(source)
    if found and (picture := get_picture(int(found[1]), _get_token(source))):
        element.attrib["src"] = str(picture)


def _get_token(source):
    try:
        query = urlsplit(source).query
    except ValueError:
        return ""
    return parse_qs(query).get("access_token", [""])[0]


def _is_link(element, value):
    return element.tag == "a" and bool(_LEADING.match(value))


def _is_data(value):
    return value.strip().lower().startswith("data:image/")


def _clean_style(style):
    # Entities of a style are read before: what is left are its own escapes.
    parts = [part.strip() for part in style.split(";")]
    return "; ".join(part for part in parts if part and not _is_odd(part))


def _is_odd(declaration):
    if "\\" in declaration or "/*" in declaration:
        return True
    name, __, value = declaration.partition(":")
    leaves = _LEAVING.fullmatch(name.strip()) or _NEGATIVE.search(value)
    return bool(leaves or _FETCHING_STYLE.search(declaration))
