"""Words, as a search knows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.asking import has

from prunella.cases.asked import Asked
from prunella.cases.words import MAX_WORD, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller's", ["muller", "s", "mullers", "mueller", "muellers"]),
        ("in_1QxAbCdE, in_1QxAbCdE!", ["in_1qxabcde"]),
        ("late_payment", ["late_payment", "late", "payment"]),
        ("anna.b@shop.example", ["anna", "b", "shop", "example"]),
        ("4,900.00 €", ["4", "900", "00", "490000", "4900"]),
        ("1\u202f249,00", ["1", "249", "00", "124900", "1249"]),
        ("NB-0042", ["nb", "0042", "nb0042"]),
        ("2026-11-05", ["2026", "11", "05", "20261105"]),
        ("49.00-59.00", ["49", "00", "59", "4900", "5900", "49005900"]),
        ("a-b-c-d-e-f", ["a", "b", "c", "d", "e", "f"]),
        ("Smørrebrød Łódź", ["smorrebrod", "smoerrebroed", "lodz"]),
        ("Rech\u00adnung", ["rechnung"]),
        ("STRASSE straße", ["strasse"]),
        ("請求書 счёт", ["請求", "求書", "書", "счет"]),
        ("PDFファイル", ["pdf", "ファ", "ァイ", "イル", "ル"]),
        ("ば は", ["ば", "は"]),
        ("청구서를", ["청구", "구서", "서를", "를"]),
        ("สวัสดี", ["สวั", "วัส", "ัสด", "สดี", "ดี", "ี"]),
        ("दुनिया", ["दुनिया"]),
        ("'); drop --", ["drop"]),
        ("x" * 100, ["x" * MAX_WORD]),
    ],
)
def test_words_have_no_case_no_accents_and_no_punctuation(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=200))
def test_every_word_of_a_text_is_found_as_it_was_written(text: str) -> None:
    words = words_of(text)
    assert all(c not in word for c in " '\\" for word in words)
    assert "()" not in Asked.of(text).tsquery
    for piece in text.split():
        assert has(set(words), Asked.of(piece)), piece
        assert has(set(words), Asked.of(f"{piece} ")), piece


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Müller", "mueller"),
        ("Mueller", "müller"),
        ("Müller", "MULLER "),
        ("e-mail", "email"),
        ("email", "e-mail"),
        ("O'Neil\u2019s", "oneil"),
        ("check\u2011out", "check-out"),
        ("nb0042", "NB-0042"),
        ("1,249.00 EUR", "1249.00"),
        ("1.249,00 EUR", "1,249.00"),
        ("1,249.00 EUR", "1249"),
        ("49,00", "49.00"),
        ("49.00", "49"),
        ("49.00", "49.0"),
        ("cus_NffrFeUfNV2Hib", "cus_Nff"),
        ("anna.b@north-beck.example", "northbeck"),
        ("anna.b@north-beck.example", "anna.b@north-beck.example"),
        ("anna.b@north-beck.example", "@north-beck.ex"),
        ("東京都の請求書", "請求書"),
        ("東京都の請求書", "書"),
        ("東京都の請求書", "都"),
        ("การชำระเงิน", "ชำระ"),
        ("การชำระเงิน", "เงิน"),
        ("ﾌｧｲﾙ", "ファイル"),
        ("\uff21\uff22\uff23", "abc"),
    ],
)
def test_what_was_said_one_way_is_found_another(said: str, asked: str) -> None:
    assert has(set(words_of(said)), Asked.of(asked))


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("149.00", "49.00"),
        ("49 at 10:00", "49.00"),
        ("東京都の請求書", "京東"),
        ("ば", "は"),
        ("charge", "chargeback"),
    ],
)
def test_what_was_not_said_is_not_found(said: str, asked: str) -> None:
    assert not has(set(words_of(said)), Asked.of(asked))


def test_the_last_word_may_still_be_being_written() -> None:
    assert Asked.of("double charg").tsquery == "(('double')) & (('charg':*))"
    assert Asked.of("double charg ").tsquery == "(('double')) & (('charg'))"
    assert not Asked.of(" ?")
    assert Asked.of("o'neil refun").whole == Asked.of("o'neil ")
    assert Asked.of("o'neil refun").open == Asked.of("refun")
    assert Asked.of("o'neil ").tsquery == "(('oneil') | ('o' & 'neil'))"
