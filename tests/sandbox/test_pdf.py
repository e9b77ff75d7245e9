"""The one-page PDF is a whole one."""

from __future__ import annotations

import re

from prunella_sandbox.pages.pdf import MAX_LINES, pdf


def test_every_object_stands_where_the_table_says() -> None:
    document = pdf(["Invoice (1)", "€ 3,665.04 \\ total"])
    (start,) = re.findall(rb"startxref\n(\d+)\n%%EOF", document)
    table = document[int(start) :]
    assert table.startswith(b"xref\n0 6\n")
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n ", table), start=1):
        assert document[int(offset) :].startswith(b"%d 0 obj" % number)


def test_the_stream_is_as_long_as_it_says_and_signs_are_escaped() -> None:
    document = pdf(["Invoice (1)", "€ 3,665.04 \\ total", "漢字"])
    (length,) = re.findall(rb"/Length (\d+)", document)
    (stream,) = re.findall(rb"stream\n(.*)\nendstream", document, re.DOTALL)
    assert len(stream) == int(length)
    assert rb"(Invoice \(1\)) Tj" in stream
    assert b"(\x80 3,665.04 \\\\ total) Tj" in stream
    assert b"(??) Tj" in stream


def test_a_long_text_keeps_to_its_page() -> None:
    assert pdf(["line"] * 500).count(b" Tj") == MAX_LINES
