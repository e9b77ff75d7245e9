"""sla.toml is read, or refused with file, line and remedy."""

from pathlib import Path
from typing import get_args

import pytest

from prunella.cases.sla import FILE, check, read
from prunella.cases.sla.check import PLANS
from prunella.people import Plan
from prunella.settings import Content, ContentError, load_content
from prunella.settings.shipped import shipped


@pytest.fixture(scope="module")
def shipped_text() -> str:
    return (shipped("content") / FILE).read_text(encoding="utf-8")


def content_with(folder: Path, text: str) -> Content:
    (folder / FILE).write_text(text, encoding="utf-8")
    return load_content(folder)


def test_what_is_shipped_is_in_order(tmp_path: Path, shipped_text: str) -> None:
    content = content_with(tmp_path, shipped_text)
    assert check(content) == []
    assert read(content, "UTC").terms("enterprise").met == 99


def test_batches_are_at_times_of_the_companys_zone_unless_they_name_another(
    tmp_path: Path, shipped_text: str
) -> None:
    assert (
        read(content_with(tmp_path, shipped_text), "Asia/Tokyo").batches.time_zone == "Asia/Tokyo"
    )
    times = 'times = ["10:00", "15:00"]'
    named = shipped_text.replace(times, f'{times}\ntime_zone = "Europe/Berlin"')
    content = content_with(tmp_path, named)
    assert read(content, "Asia/Tokyo").batches.time_zone == "Europe/Berlin"


MISTAKES = [
    ('critical = "4h"', 'critical = "4 hours"', "critical: 4 hours is no time. Write a number"),
    ('critical = "4h"', 'critical = "30h"', "critical: 30h is no time. A day or more"),
    ('critical = "4h"', 'critical = "none"', "an answer is always promised"),
    ('critical = "4h", ', "", "response must name each of critical, high, medium, low"),
    ("met = 95", "met = 950", "met must be a whole number from 1 to 100"),
    ("[plans.professional]", "[plans.gold]", "the plan professional is missing"),
    ('unknown_plan = "starter"', "", "unknown_plan must be one of"),
    ("warn_at = 75", "warn_at = 0.75", "warn_at must be a whole number from 1 to 99"),
    ("silent_at = 50", "silent_ad = 50", "silent_ad means nothing here"),
    ('monday    = ["09:00-17:00"]', 'monday = ["9-17"]', "write shifts like"),
    (
        'monday    = ["09:00-17:00"]',
        'monday = ["09:00-13:00", "12:00-17:00"]',
        "in their order and apart",
    ),
    ('monday    = ["09:00-17:00"]', 'monday = ["22:00-06:00"]', "write shifts like"),
    ("closed = []", 'closed = ["2026-12-24"]', "closed holds days without quotes"),
    ('business_day = "8h"', 'business_day = "2d"', "business_day is open time of at most 24h"),
    ('"JO"', '"Jordan"', "Jordan is no country: use its ISO 3166 code"),
    ('"JO"', '"ZZ"', "ZZ is no country"),
    ('times = ["10:00", "15:00"]', "times = []", "times holds 1 to 24 times"),
    (
        'times = ["10:00", "15:00"]',
        'times = ["10:00"]\ntime_zone = "Here"',
        "time_zone must be a name like Europe/Berlin",
    ),
    ('severities = ["low"]', 'severities = ["calm"]', "severities holds some of"),
    ("[calendars.default]", "[calendars.other]", "[calendars.default] is missing"),
    ("capacity = 12", "capacity = 0", "capacity must be a whole number from 1 to 1000"),
    ("[assignment]\non = false", "[assignment]\non = 1", "on is true or false"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_a_remedy(
    tmp_path: Path, shipped_text: str, right: str, wrong: str, told: str
) -> None:
    assert right in shipped_text
    problems = check(content_with(tmp_path, shipped_text.replace(right, wrong, 1)))
    place, words = next((one for one in map(_split, problems) if told in one[1]), ("", ""))
    assert words, problems
    assert Path(place).name == FILE


def _split(problem: str) -> tuple[str, str]:
    place, _, words = problem.partition(": ")
    return place.rpartition(":")[0], words


def test_every_plan_has_its_terms() -> None:
    assert get_args(Plan) == PLANS


def test_the_line_is_the_one_of_the_table_that_is_meant(tmp_path: Path, shipped_text: str) -> None:
    wrong = shipped_text.replace("met = 95", "met = 950")
    [problem] = check(content_with(tmp_path, wrong))
    line = int(problem.split(":")[1])
    assert wrong.splitlines()[line - 1] == "met = 950"


def test_no_process_starts_with_rules_that_cannot_be_used(
    tmp_path: Path, shipped_text: str
) -> None:
    content = content_with(tmp_path, shipped_text.replace("warn_at = 75", ""))
    with pytest.raises(ContentError, match="warn_at"):
        read(content, "UTC")


def test_a_shift_over_midnight_is_two_and_a_break_at_noon_does_not_count(
    tmp_path: Path, shipped_text: str
) -> None:
    text = shipped_text.replace(
        'friday    = ["09:00-17:00"]', 'friday = ["09:00-12:00", "13:00-17:00", "22:00-24:00"]', 1
    )
    rules = read(content_with(tmp_path, text), "UTC")
    friday = rules.hours("starter", "UTC", None).week[4]
    assert [shift.closes.total_seconds() / 3600 for shift in friday] == [12, 17, 24]
