"""Words, as a search knows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella.cases.words import MAX_WORD, Asked, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller's in_1Qx, in_1Qx!", ["muller", "s", "in_1qx"]),
        ("anna.b@shop.example", ["anna", "b", "shop", "example"]),
        ("4,900.00 €", ["4", "900", "00"]),
        ("STRASSE straße", ["strasse"]),
        ("請求書 счёт", ["請求書", "счет"]),
        ("'); drop --", ["drop"]),
        ("x" * 100, ["x" * MAX_WORD]),
    ],
)
def test_words_have_no_case_no_accents_and_no_punctuation(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=200))
def test_every_word_of_a_text_is_found_as_it_was_written(text: str) -> None:
    words = words_of(text)
    assert all(words_of(word) == [word] for word in words)
    assert all(" " not in word and "'" not in word and "\\" not in word for word in words)


def test_the_last_word_may_still_be_being_written() -> None:
    assert Asked.of("double charg") == Asked(("double",), "charg")
    assert Asked.of("double charg ") == Asked(("double", "charg"))
    assert Asked.of("in") == Asked(("in",))
    assert not Asked.of(" ?")
    assert Asked.of("o'neil refun").tsquery == "'o' & 'neil' & 'refun':*"
