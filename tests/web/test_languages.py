"""Pages in the reader's language, where content has all of it."""

from types import SimpleNamespace

import pytest

from prunella.diagnostics import Words
from prunella.kit.money import Money
from prunella.settings import load_content, shipped
from prunella.web.rendering import Pages, strong, whole_languages

CONTENT = load_content(shipped("content"))
ENGLISH = Words.from_catalogue(CONTENT.toml("messages/en.toml"), locale="en_US")
GERMAN = Words(texts={**ENGLISH.texts, "page.lang": "de", "page.skip": "Zum Inhalt"}, locale="de")


@pytest.fixture
def pages() -> Pages:
    return Pages(ENGLISH, {"de": GERMAN})


@pytest.mark.parametrize("locale", ["de", "de-AT", "de_CH", "DE"])
def test_a_german_reader_gets_german_pages(pages: Pages, locale: str) -> None:
    context = {"address": "/billing", "frame": None, "framed": True}
    shown = pages.in_language_of(locale).show("apart.html", context).body
    assert b'lang="de"' in shown
    assert b"Zum Inhalt" in shown


@pytest.mark.parametrize("locale", ["en", "fr", "", "x" * 50])
def test_everyone_else_gets_the_first_language(pages: Pages, locale: str) -> None:
    assert pages.in_language_of(locale) is pages


def test_the_page_goes_by_its_visitor(pages: Pages) -> None:
    visit = SimpleNamespace(customer=SimpleNamespace(locale="de-DE"), frame=None)
    context = {"visit": visit, "address": "/billing"}
    assert b'lang="de"' in pages.page("apart.html", context).body


def test_amounts_are_bold_in_any_language() -> None:
    amount = Money(366_504, "eur")
    told = f"Ihre Bank lehnte {amount.format('de')} ab."
    assert '<b class="num">3.665,04' in strong(told, amount, locale="de")


def test_half_a_language_is_for_letters_alone() -> None:
    half = Words(texts={**ENGLISH.texts, "format.time": "HH:mm"}, locale="de")
    assert whole_languages({"en": ENGLISH, "de": half}) == {"en": ENGLISH}
    assert whole_languages({"de": GERMAN}) == {"de": GERMAN}
