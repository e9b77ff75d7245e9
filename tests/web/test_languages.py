"""Pages in the reader's language, where content has all of it."""

from types import SimpleNamespace

import pytest

from prunella.diagnostics import Words
from prunella.diagnostics.wording import places
from prunella.kit.money import Money
from prunella.settings import load_content, shipped
from prunella.tiers.prevent import languages_of
from prunella.web.asked import languages_asked
from prunella.web.rendering import Pages, strong, whole_languages

CONTENT = load_content(shipped("content"))
ENGLISH = Words.from_catalogue(CONTENT.toml("messages/en.toml"), locale="en_US")
GERMAN = languages_of(CONTENT, ENGLISH)["de"]
FOR_STAFF = (
    *("rule.", "why.", "plan.letter.", "plan.why.", "plan.class."),
    *("page.sign_in.", "page.desk.", "page.because.", "page.status.", "page.action."),
    *("page.kind.", "page.score.", "page.known.", "page.recovered.", "page.audit."),
    *("page.approval.", "page.limits.", "page.keys.", "page.replay."),
    *("page.app.", "page.as.", "page.clock.", "page.found.", "page.here."),
    *(
        "page.do.",
        "page.give.",
        "page.hooks.",
        "page.inbox.",
        "page.join.",
        "page.kind_of.",
        "page.macro.",
    ),
    *("page.new.", "page.notices.", "page.once.", "page.overview.", "page.palette."),
    *("page.people.", "page.post.", "page.recovery_codes.", "page.several.", "page.severity."),
    *(
        "page.side.",
        "page.snooze.",
        "page.problem.desk",
        "page.problem.staff_",
        "page.step.",
        "page.step_because.",
        "page.team.",
        "page.thread.",
    ),
    *("page.matter.", "page.stuck.", "page.verb.", "page.views.", "page.work.", "page.you."),
)
"""Texts that only people at the desk read; a step that was skipped is told nobody else either."""


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


def for_customers(key: str) -> bool:
    return not key.startswith(FOR_STAFF) and not (
        key.startswith("plan.") and key.endswith("_skipped")
    )


def test_german_has_every_text_that_a_customer_reads() -> None:
    german = Words.from_catalogue(CONTENT.toml("messages/de.toml")).texts
    assert [key for key in ENGLISH.texts if for_customers(key) and key not in german] == []
    for key, text in german.items():
        assert set(places(key, text)) == set(places(key, ENGLISH.texts[key])), key


def test_the_words_of_the_five_lights_stay_short() -> None:
    lights = {key: text for key, text in GERMAN.texts.items() if key.startswith("meter.")}
    assert [key for key, text in lights.items() if len(text) > 9] == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr, de;q=0.7, en;q=0.3", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("de;q=0, en", "en"),
        ("de; q=0.5, en", "en"),
        ("de ;q=0.9, en; q=0.5", "de"),
        ("fr", "en"),
        ("", "en"),
        ("de;q=x,,;q=", "en"),
    ],
)
def test_without_a_locale_the_browser_is_asked(pages: Pages, header: str, language: str) -> None:
    assert pages.in_language_asked(header).language == language


def test_the_most_wanted_comes_first() -> None:
    assert languages_asked("en;q=0.4, de_DE, fr;q=0.9") == ["de", "fr", "en"]
