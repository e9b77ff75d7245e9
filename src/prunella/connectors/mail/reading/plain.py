"""The words of an HTML mail, for people who read text. Pure."""

from collections.abc import Iterator

from prunella.connectors.mail.markup import Tag, pieces

_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "div", "dl", "dt", "dd", "footer", "form", "header"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section"),
        *("table", "tr", "ul"),
    )
)
_HIDDEN = frozenset(("script", "style", "head", "title", "template", "noscript", "svg"))
MAX_HTML = 2_000_000


def plain_of(html: str) -> str:
    """Return the text of HTML: blocks on lines of their own, at most one empty line between."""
    lines = [" ".join(line.split()) for line in "".join(_words(html[:MAX_HTML])).split("\n")]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept).strip()


def _words(html: str) -> Iterator[str]:
    hidden = 0
    for piece in pieces(html):
        if isinstance(piece, str):
            yield "" if hidden else piece.replace("\n", " ")
        elif piece.name in _HIDDEN:
            hidden = max(0, hidden - 1) if piece.closes else hidden + 1
        else:
            yield _between(piece)


def _between(tag: Tag) -> str:
    if tag.name in _BLOCKS or (tag.name == "br" and not tag.closes):
        return "\n"
    return " " if tag.name in {"td", "th"} and not tag.closes else ""
