"""Beside a case that was found stands where the words are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella import cases, people
from prunella.cases.asked import Asked
from prunella.cases.excerpt import AFTER, BEFORE, excerpt_of
from prunella.kit.house import Tx

LONG = "It went on and on. " * 20


def shown(text: str, query: str) -> str:
    pieces = excerpt_of([text], Asked.of(query))
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "query", "excerpt"),
    [
        ("You charged my card twice.", "card charg", "You [charged] my [card] twice."),
        (
            "An e-mail\n\nto Herrn M\u00fcller",
            "email mueller",
            "An [e-mail] to Herrn [M\u00fcller]",
        ),
        ("It is 1,249.00 EUR", "1249.00", "It is [1,249.00] EUR"),
        (
            "\u6771\u4eac\u90fd\u306e\u8acb\u6c42\u66f8\u3067\u3059",
            "\u8acb\u6c42\u66f8",
            "\u6771\u4eac\u90fd\u306e[\u8acb\u6c42\u66f8]\u3067\u3059",
        ),
        ("Nothing of it", "card", ""),
    ],
)
def test_the_words_are_marked_where_they_stand(text: str, query: str, excerpt: str) -> None:
    assert shown(text, query) == excerpt


def test_of_a_long_text_only_what_is_around_the_words_is_shown() -> None:
    found = shown(f"{LONG}The card. {LONG}", "card")
    assert "The [card]. It went on" in found
    assert found[0] == found[-1] == "\u2026"
    assert len(found) <= BEFORE + AFTER + len("\u2026\u2026[]")


def test_the_text_that_has_most_of_them_is_shown() -> None:
    pieces = excerpt_of(["A card.", "A card was charged.", "No."], Asked.of("charged card"))
    assert "".join(piece.text for piece in pieces) == "A card was charged."


@given(st.text(max_size=300), st.text(max_size=20))
def test_an_excerpt_is_of_the_text_whatever_it_holds(text: str, query: str) -> None:
    pieces = excerpt_of([text], Asked.of(query))
    plain = "".join(piece.text for piece in pieces).strip("\u2026")
    assert plain in " ".join(text.split())


async def test_a_search_tells_where_it_was_said(tx: Tx) -> None:
    customer = await people.add_customer(tx, name="Northbeck")
    case = await cases.open_case(
        tx, customer, subject="Bill", text="My card failed.", because="asked"
    )
    await case.note(tx, "Ask the acquirer.")
    told = await cases.excerpts(tx, "acquirer", [case.id])
    assert [piece.text for piece in told[case.id] if piece.found] == ["acquirer"]
    assert await cases.excerpts(tx, "northbeck", [case.id]) == {}
