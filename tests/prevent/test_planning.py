"""Schedules as tables: which days, who tries, and what the clocks and the calendar do to them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella.cases import Quiet, after_quiet
from prunella.diagnostics import Words
from prunella.diagnostics.declines import DECLINES
from prunella.settings import Content, load_content, shipped
from prunella.tiers import prevent
from prunella.tiers.prevent.dunning import SCHEDULES, Dunning, schedule_of
from prunella.tiers.prevent.holdout import is_held_out
from prunella.tiers.prevent.planning import Planning

CONTENT = load_content(shipped("content"))
DUNNING = prevent.read(CONTENT)
# Without quiet hours the days stand bare.
OPEN_ALL_DAY = replace(DUNNING.rules, quiet=Quiet(time(0), time(0), weekends=False))
BARE = replace(DUNNING, rules=OPEN_ALL_DAY)
QUIET = Quiet(time(20), time(8), weekends=True)
TUESDAY = datetime(2026, 3, 3, 17, 40, tzinfo=UTC)
ZONES = ["America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]


def days(planning: Planning, name: str, kind: str) -> list[int]:
    steps = planning.steps(planning.dunning.schedules[name], TUESDAY)  # type: ignore[index]
    return [(step.planned_at - TUESDAY).days for step in steps if step.kind == kind]


@pytest.mark.parametrize(
    ("name", "letters", "tries", "cut_off"),
    [
        ("soft", [0, 2, 6, 9, 11], 4, 14),
        ("transient", [1, 5, 9, 11], 4, 14),
        ("hard", [0, 2, 6, 9, 11], 0, 14),
        ("needs_customer", [0, 1, 5, 8, 11], 0, 14),
        ("card_data", [0, 2, 6, 9, 11], 0, 14),
        ("consent_withdrawn", [0, 7, 11], 0, 14),
        ("special", [0, 11], 0, 14),
    ],
)
def test_each_kind_of_failure_has_its_own_days(
    name: str, letters: list[int], tries: int, cut_off: int
) -> None:
    planning = Planning(BARE, "UTC")
    schedule = BARE.schedules[name]  # type: ignore[index]
    assert days(planning, name, "letter") == letters
    assert days(planning, name, "cutoff") == [cut_off]
    assert len(planning.tries(schedule, TUESDAY, TUESDAY)) == tries


def test_every_class_of_decline_has_a_schedule() -> None:
    classes = {decline.decline_class for decline in DECLINES.values()}
    assert {schedule_of(one) for one in classes} == set(SCHEDULES)


def test_what_is_never_to_be_retried_has_no_try() -> None:
    for decline in DECLINES.values():
        if not decline.retry_allowed:
            assert DUNNING.schedules[schedule_of(decline.decline_class)].tries == ()


def test_our_tries_end_within_thirty_days_of_the_failure() -> None:
    planning, soft = Planning(DUNNING, "UTC"), DUNNING.schedules["soft"]
    late = TUESDAY + timedelta(days=26)
    tries = planning.tries(soft, late, TUESDAY)
    assert [(step.due_at - TUESDAY).days for step in tries] == [26, 29]


@pytest.mark.parametrize(
    ("at", "zone", "free"),
    [
        # A Tuesday at noon is fine; its night is not.
        ((2026, 3, 3, 12, 0), "Europe/Berlin", (2026, 3, 3, 12, 0)),
        ((2026, 3, 3, 20, 0), "Europe/Berlin", (2026, 3, 4, 8, 0)),
        ((2026, 3, 4, 7, 59), "Europe/Berlin", (2026, 3, 4, 8, 0)),
        # Friday night is Monday morning, also over the night in which clocks go forward,
        ((2026, 3, 27, 23, 0), "Europe/Berlin", (2026, 3, 30, 8, 0)),
        ((2026, 3, 6, 20, 30), "America/New_York", (2026, 3, 9, 8, 0)),
        # and over the one in which they go back, also by half an hour.
        ((2026, 10, 23, 22, 0), "Europe/Berlin", (2026, 10, 26, 8, 0)),
        ((2026, 4, 3, 21, 0), "Australia/Lord_Howe", (2026, 4, 6, 8, 0)),
        # A leap day is a day like others.
        ((2028, 2, 28, 21, 0), "America/Chicago", (2028, 2, 29, 8, 0)),
    ],
)
def test_quiet_hours_end_on_the_wall_clock(
    at: tuple[int, ...], zone: str, free: tuple[int, ...]
) -> None:
    local = ZoneInfo(zone)
    moment = datetime(*at, tzinfo=local)  # type: ignore[misc, arg-type]
    expected = datetime(*free, tzinfo=local)  # type: ignore[misc, arg-type]
    assert after_quiet(moment, zone, QUIET) == expected.astimezone(UTC)


@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 hypothesis adds the zone
    zone=st.sampled_from(ZONES),
    begins=st.times(),
    ends=st.times(),
    weekends=st.booleans(),
)
def test_what_is_free_is_never_quiet_and_never_far(
    at: datetime, zone: str, begins: time, ends: time, *, weekends: bool
) -> None:
    quiet = Quiet(begins.replace(tzinfo=None), ends.replace(tzinfo=None), weekends)
    free = after_quiet(at, zone, quiet)
    assert at <= free <= at + timedelta(days=5)
    assert not quiet.holds(free.astimezone(ZoneInfo(zone)))


@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 hypothesis adds the zone
    zone=st.sampled_from(ZONES),
    name=st.sampled_from(SCHEDULES),
)
def test_a_plan_is_in_order_whatever_the_calendar(at: datetime, zone: str, name: str) -> None:
    planning = Planning(DUNNING, zone)
    schedule = DUNNING.schedules[name]  # type: ignore[index]
    steps = [one for one in planning.steps(schedule, at) if one.kind != "person"]
    dues = [step.due_at for step in steps]
    assert dues == sorted(dues)
    notice, cut_off = steps[-2], steps[-1]
    assert cut_off.due_at - notice.due_at >= timedelta(days=schedule.notice_days, hours=-1)


def test_the_same_wall_clock_over_a_change_of_clocks() -> None:
    planning = Planning(BARE, "Europe/Berlin")
    opened = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    steps = planning.steps(BARE.schedules["soft"], opened.astimezone(UTC))
    local = [one.due_at.astimezone(ZoneInfo("Europe/Berlin")) for one in steps]
    assert {(one.hour, one.minute) for one in local} == {(12, 0)}


def test_a_share_is_held_out_and_always_the_same_ones() -> None:
    names = [f"cust_{number}" for number in range(20_000)]
    held = [name for name in names if is_held_out(name, Decimal("0.05"))]
    assert 800 < len(held) < 1200
    assert held == [name for name in names if is_held_out(name, Decimal("0.05"))]
    assert not any(is_held_out(name, Decimal(0)) for name in names)


def test_the_shipped_file_has_nothing_wrong() -> None:
    assert prevent.check(CONTENT) == []
    assert isinstance(DUNNING, Dunning)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('from = "20:00"', 'from = "8 pm"', ':6: from does not fit: write a time like "20:00"'),
        ("letters = 4", "letters = 0", "letters does not fit: write a whole number from 1"),
        ('share = "0.05"', "share = 5", 'share does not fit: write it like "0.05"'),
        ("tries = [1, 4, 8, 12]", "tries = [4, 1]", "tries does not fit: write days in order"),
        ("[classes.hard]", "[classes.harsh]", "[classes.hard] is missing"),
        ("[classes.hard]", "[classes.harsh]", "there is no kind of failure harsh: use one of"),
        ("letters = [0, 7]", "letters = [0, 12]", "cut_off_notice comes after the last of"),
        ("letters = [0]", "letters = []", "letters needs at least one day"),
        ("person = 0", "nobody = 0", "nobody is unknown: use letters, tries"),
        ("days = [30, 15, 7]", "days = []", "write days ahead, like [30, 15, 7]"),
        ('factor = "1.5"', 'factor = "0.5"', 'factor does not fit: write it like "1.5"'),
    ],
)
def test_a_wrong_line_is_named_with_its_remedy(old: str, new: str, said: str) -> None:
    text = CONTENT.files["dunning.toml"]
    assert old in text
    files = {**CONTENT.files, "dunning.toml": text.replace(old, new, 1)}
    found = prevent.check(Content(folder=CONTENT.folder, files=files, digest="changed"))
    assert any(said in line for line in found), found


def test_a_final_no_cannot_be_given_tries() -> None:
    text = CONTENT.files["dunning.toml"].replace("tries = []", "tries = [1]", 1)
    files = {**CONTENT.files, "dunning.toml": text}
    [line] = prevent.check(Content(folder=CONTENT.folder, files=files, digest="changed"))
    assert "hard is never tried again without another card: write tries = []" in line


def test_other_languages_say_what_english_says() -> None:
    assert prevent.check_languages(CONTENT) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('plain = "', 'simple = "', 'nothing asks for "asked.simple": take it out'),
        ("{amount} zahlen", "{betrag} zahlen", "{betrag} is never filled in: take it out"),
    ],
)
def test_a_wrong_translation_is_named(old: str, new: str, said: str) -> None:
    text = CONTENT.files["messages/de.toml"]
    assert old in text
    files = {**CONTENT.files, "messages/de.toml": text.replace(old, new, 1)}
    found = prevent.check_languages(Content(folder=CONTENT.folder, files=files, digest="x"))
    assert any("messages/de.toml" in line and said in line for line in found), found


@pytest.mark.parametrize("section", ["asked", "reason", "plan"])
def test_what_letters_say_exists_in_german(section: str) -> None:
    words = Words.from_catalogue(CONTENT.toml("messages/en.toml"))
    german = prevent.languages_of(CONTENT, words)["de"]
    own = [key for key in words.texts if key.startswith(f"{section}.")]
    shown = [key for key in own if key.count(".") == 1 and not key.endswith("_skipped")]
    assert shown
    assert [key for key in shown if german.texts[key] == words.texts[key]] == []
