"""A case without a subject is called by what its customer said first."""

import pytest

from prunella.cases import titled

LONG = "We were charged for the export of March although nobody here has ever used it before April"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("How do I add a seat?", "How do I add a seat?"),
        ("\n  How do I   add a seat?\nWe have three.", "How do I add a seat?"),
        ("Hello,\n\nour card changed.", "our card changed."),
        ("Dear team,", "Dear team,"),
        (LONG, "We were charged for the export of March although nobody here has ever used it…"),
        (100 * "x", 79 * "x" + "…"),
        (" \n", ""),
    ],
)
def test_a_text_is_called_by_its_first_words(text: str, title: str) -> None:
    assert titled(text) == title
    assert len(title) <= 80
