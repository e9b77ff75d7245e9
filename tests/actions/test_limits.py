"""limits.toml and plans.toml: what is wrong is told with file, line and remedy."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from prunella.actions.policy import Limits, limits
from prunella.people import plans
from prunella.settings import Content, ContentError, load_content, shipped

SHIPPED = load_content(shipped("content"))
TEXT = SHIPPED.text(limits.FILE)


def content(name: str, text: str) -> Content:
    return Content(folder=Path("content"), files={name: text}, digest="d")


def test_what_is_shipped_is_right() -> None:
    assert limits.check(SHIPPED) == []
    assert plans.check(SHIPPED) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (r"\[duplicate\]", "[duplicates]", "[duplicate] is missing"),
        (r"\[duplicate\]", "[duplicates]", "there is no limit called duplicates"),
        (r"(?<=\[charge\]\n)usd.*", "usd = 50", "a limit is an amount in quotes"),
        (r"(?<=\[charge\]\n)usd.*", 'usd = "-1"', "a limit is an amount in quotes"),
        (r"(?<=\[charge\]\n)usd.*", 'usd = "1.005"', "a limit is an amount in quotes"),
        (r"(?<=\[charge\]\n)usd.*", 'dollars = "1"', "a limit is an amount in quotes"),
        (r"lapse_hours = 72", "", "[approval] holds exactly lapse_hours"),
        (r"lapse_hours = 72", "lapse_hours = -1", "lapse_hours is a whole number"),
        (r"refunds_in_30_days = 2", "refunds_in_30_days = true", "is a whole number"),
        (r"\[charge\]", "[charge", "Correct the line"),
    ],
)
def test_a_wrong_limit_is_pointed_at(before: str, after: str, words: str) -> None:
    wrong = content(limits.FILE, re.sub(before, after, TEXT, count=1))
    told = "\n".join(limits.check(wrong))
    assert words in told
    assert "content/policy/limits.toml" in told
    with pytest.raises(ContentError):
        Limits.read(wrong)


def test_the_line_is_named() -> None:
    wrong = TEXT.replace("charge_age_days = 60", "charge_age_days = 'old'")
    line = wrong.splitlines().index("charge_age_days = 'old'") + 1
    assert f"content/policy/limits.toml:{line}:" in limits.check(content(limits.FILE, wrong))[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are no plans"),
        ("[plans.gold]\nrefs = []", "content/plans.toml:1: gold is no plan"),
        ("[plans.free]\nrefs = 3", "refs must be texts"),
        ("[plans.free]\nrefs = []\nprice = 1", "content/plans.toml:3: price means nothing here"),
        ('[plans.free]\nasks = "no"\nrefs = []', "asks is true or false"),
        ('[plans.free]\nrefs = ["a"]\n[plans.starter]\nrefs = ["a"]', "stands under free"),
    ],
)
def test_a_wrong_plan_is_pointed_at(text: str, words: str) -> None:
    told = "\n".join(plans.check(content(plans.FILE, text)))
    assert words in told


def test_a_limit_is_in_minor_units_and_a_strange_currency_has_none() -> None:
    known = Limits.read(SHIPPED)
    assert known.of("duplicate", "USD") == 20_000
    assert known.of("duplicate", "kwd") is None
    assert known.approval_lapses_after == timedelta(hours=72)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("charge", 5_000),
        ("customer", 10_000),
        ("duplicate", 20_000),
        ("automatic_day", 100_000),
        ("agent", 50_000),
        ("lead", 500_000),
    ],
)
def test_the_shipped_limits(name: str, most: int) -> None:
    assert Limits.read(SHIPPED).of(name, "usd") == most
