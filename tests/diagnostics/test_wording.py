"""A catalogue of texts, strict about what is missing."""

from datetime import UTC, datetime

import pytest
from tests.diagnostics.stripe_json import words

from prunella.diagnostics.wording import BadTextError, MissingTextError, MissingValueError, Words
from prunella.kit.money import Money

NEW_YEAR = datetime(2026, 1, 1, 3, 30, tzinfo=UTC)


def catalogue(**texts: str) -> Words:
    return Words.from_catalogue({"page": texts}, locale="en_US")


def test_a_text_is_filled_with_what_it_names() -> None:
    told = catalogue(due="{amount} by {day}").say("page.due", amount=Money(5, "usd"), day="Monday")
    assert told == "$0.05 by Monday"


def test_a_missing_text_names_its_key() -> None:
    with pytest.raises(MissingTextError, match=r"page\.nowhere"):
        catalogue().say("page.nowhere")


def test_a_place_that_nothing_fills_names_key_and_place() -> None:
    with pytest.raises(MissingValueError, match=r'"page\.due".*{day}'):
        catalogue(due="by {day}").say("page.due", amount=1)


@pytest.mark.parametrize("text", ["{0}", "{}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a", "a}"])
def test_a_text_holds_names_and_nothing_cleverer(text: str) -> None:
    with pytest.raises(BadTextError, match=r"page\.bad"):
        catalogue(bad=text)


def test_a_number_is_no_text() -> None:
    with pytest.raises(BadTextError, match=r"page\.count"):
        Words.from_catalogue({"page": {"count": 5}})


def test_a_value_is_never_read_as_a_text() -> None:
    told = catalogue(hello="Hello {name}").say("page.hello", name="{amount} {{x}}")
    assert told == "Hello {amount} {{x}}"


def test_doubled_braces_are_braces() -> None:
    assert catalogue(set="{{{name}}}").say("page.set", name="a") == "{a}"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", "Thursday 1 January"),
        ("America/Chicago", "Wednesday 31 December 2025"),
        ("Asia/Tokyo", "Thursday 1 January"),
    ],
)
def test_a_day_is_the_readers_own(zone: str, day: str) -> None:
    now = datetime(2026, 3, 3, tzinfo=UTC)
    assert words().in_zone(zone).day(NEW_YEAR, now=now) == day


def test_a_time_of_day_follows_the_clocks_of_the_reader() -> None:
    chicago = words().in_zone("America/Chicago")
    before, after = datetime(2026, 3, 7, 15, tzinfo=UTC), datetime(2026, 3, 9, 15, tzinfo=UTC)
    assert chicago.day_and_time(before, now=before) == "Saturday 7 March, 9:00"
    assert chicago.day_and_time(after, now=before) == "Monday 9 March, 10:00"
