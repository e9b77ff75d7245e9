"""HTML of strangers made safe to show: nothing that runs, nothing that loads. Pure."""

from collections.abc import Iterator
from html import escape

import nh3

from prunella.connectors.mail.markup import RAW, Tag, pieces

_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
    "hr", "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_LOST_WHOLE = {"script", "style", "head", "title", "template", "noscript", "svg", "math", "iframe"}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto"}
_GONE = (_LOST_WHOLE | RAW) - {"head"}
"""A head that nobody closes would take the rest with it; what stands in one is gone by itself."""
_EMPTY = frozenset(("br", "hr"))
_ENDS_ITSELF = frozenset(("dd", "dt", "li", "p", "td", "th", "tr"))
"""Another one of these right in one of them begins beside it."""
MAX_HTML = 1_000_000
MAX_TAGS = 20_000
MAX_DEPTH = 60
"""Tags within tags; what a parser does over deep ones grows with the square of this."""


def safe_html(html: str) -> str:
    """Return what can be shown. Images are left out: loading one tells its sender who read when."""
    return nh3.clean(
        "".join(_even(html[:MAX_HTML])),
        tags=_TAGS,
        clean_content_tags=_LOST_WHOLE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _even(html: str) -> Iterator[str]:
    """Yield the same with every tag closed and none too deep; what nobody is shown is left out.

    Tags beyond what is bounded are left out as well, their words are kept.
    """
    opened: list[str] = []
    lost, left = "", MAX_TAGS
    for piece in pieces(html):
        if lost:
            lost = "" if isinstance(piece, Tag) and piece.closes and piece.name == lost else lost
        elif isinstance(piece, str):
            yield escape(piece)
        elif piece.name in _GONE:
            lost = "" if piece.closes else piece.name
        elif left and piece.name in _TAGS:
            left -= 1
            yield from _closed(piece, opened) if piece.closes else _begun(piece, opened)
    yield from (f"</{name}>" for name in reversed(opened))


def _begun(tag: Tag, opened: list[str]) -> Iterator[str]:
    if opened and tag.name == opened[-1] and tag.name in _ENDS_ITSELF:
        yield f"</{opened.pop()}>"
    if len(opened) >= MAX_DEPTH:
        return
    if tag.name not in _EMPTY:
        opened.append(tag.name)
    kept = sorted(_ATTRIBUTES.get(tag.name, set()) & tag.given.keys())
    yield f"<{tag.name}"
    yield from (f' {name}="{escape(tag.given[name])}"' for name in kept)
    yield ">"


def _closed(tag: Tag, opened: list[str]) -> Iterator[str]:
    while tag.name in opened:
        name = opened.pop()
        yield f"</{name}>"
        if name == tag.name:
            return
