"""Mails that are written to keep a reader busy: one pass reads them, and the next one comes in.

Each of them took minutes to hours when what it costs grew with the square of its length.
"""

from email.message import Message

import pytest

from prunella.connectors.mail import fold
from prunella.connectors.mail.markup import Tag, pieces
from prunella.connectors.mail.reading.forwarded import forwarded_of
from prunella.connectors.mail.reading.parts import TooManyPartsError, check_parts
from prunella.connectors.mail.reading.plain import plain_of
from prunella.connectors.mail.safe_html import MAX_DEPTH, safe_html

TANGLES = (
    "<a ",
    '<a a="',
    "<a x='",
    "<!--",
    "</",
    "<div>",
    "<blockquote>",
    "<b a=1>",
    "<table><tr><td>",
    "&#99999999999",
)


@pytest.mark.parametrize("tangle", TANGLES)
def test_a_tangle_is_read_in_one_pass(tangle: str) -> None:
    html = "<p>Hello</p>" + tangle * (300_000 // len(tangle))
    assert plain_of(html).startswith("Hello")
    shown = safe_html(html)
    assert shown.startswith("<p>Hello</p>")
    assert len(shown) <= 3 * len(html)


def test_endless_attributes_are_read_in_one_pass() -> None:
    html = f"<p {'a=x ' * 60_000}>Hello</p>"
    assert (plain_of(html), safe_html(html)) == ("Hello", "<p>Hello</p>")


def test_what_is_too_deep_is_shown_flat() -> None:
    shown = safe_html("<div>" * 1_000 + "Hello" + "</div>" * 1_000 + "<p>World</p>")
    assert shown.count("<div>") == MAX_DEPTH
    assert "Hello" in shown
    assert "<p>World</p>" in shown


def test_a_thousand_beginnings_of_a_quotation_are_looked_at_once() -> None:
    text = "On Monday, TAI wrote:\nyes\n> no\n" * 30_000
    assert fold(text).fresh.startswith("On Monday")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>a<p>b<br>c", "<p>a</p><p>b<br>c</p>"),
        ("<b>x<i>y</b>z", "<b>x<i>y</i></b>z"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("a < b &amp; c > d", "a &lt; b &amp; c &gt; d"),
        ('<div title="a > b">q</div>', "<div>q</div>"),
        ("<head><title>x</title><body>Hello", "Hello"),
        ("<!--[if mso]>x<![endif]-->y", "y"),
        ('<p title="</p><script>">k', "<p>k</p>"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("Hello<script>evil()", "Hello"),
        ("Hello<!-- evil", "Hello"),
        ("<svg><style><!--</style><img src=x onerror=evil()></svg>Hello", "Hello"),
    ],
)
def test_html_as_people_write_it_keeps_its_shape(html: str, shown: str) -> None:
    assert safe_html(html) == shown


def test_of_what_is_given_twice_the_first_counts() -> None:
    [tag] = pieces("<A HREF='x' href=y disabled>")
    assert tag == Tag("a", given={"href": "x", "disabled": ""})


@pytest.mark.parametrize(
    "text",
    [
        "x" + "\n" * 300_000 + "x",
        f"Begin forwarded message:\n{' ' * 300_000}x",
        f"Begin forwarded message:\nFrom:{' ' * 300_000}x",
        f"---{' ' * 300_000}x",
    ],
)
def test_endless_gaps_are_read_in_one_pass(text: str) -> None:
    assert forwarded_of(Message(), text) is None


def test_parts_within_parts_over_many_lines_are_not_even_taken_apart() -> None:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n" % (n, n) for n in range(300)
    )
    with pytest.raises(TooManyPartsError):
        check_parts(parts + b"\r\nx" * 400_000)
    check_parts(parts + b"\r\nx")
    check_parts(parts[:200] + b"\r\nx" * 400_000)
