"""HTML of strangers made safe to show: nothing that runs, nothing that loads. Pure."""

import nh3

_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
    "hr", "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_LOST_WHOLE = {"script", "style", "head", "title", "template", "noscript", "svg", "math", "iframe"}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto"}
MAX_HTML = 1_000_000


def safe_html(html: str) -> str:
    """Return what can be shown. Images are left out: loading one tells its sender who read when."""
    return nh3.clean(
        html[:MAX_HTML],
        tags=_TAGS,
        clean_content_tags=_LOST_WHOLE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
