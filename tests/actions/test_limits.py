"""limits.toml and plans.toml: what is wrong is told with file, line and remedy."""

from pathlib import Path

import pytest

from prunella.actions import limits
from prunella.kit.house import Tx
from prunella.people import plans
from prunella.settings import Content, ContentError, load_content, shipped

SHIPPED = load_content(shipped("content"))


def content(name: str, text: str) -> Content:
    return Content(folder=Path("content"), files={name: text}, digest="d")


def test_what_is_shipped_is_right() -> None:
    assert limits.check(SHIPPED) == []
    assert plans.check(SHIPPED) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "[duplicate] is missing"),
        ("[duplicate]\nusd = 200", "content/policy/limits.toml:2: a limit is an amount in quotes"),
        ('[duplicate]\nusd = "-1"', "a limit is an amount in quotes"),
        ('[duplicate]\nusd = "1.005"', "a limit is an amount in quotes"),
        ('[duplicate]\ndollars = "1"', "a limit is an amount in quotes"),
        ("[duplicate]\n[goodwill]", "there is no limit called goodwill"),
        ("[duplicate", "Correct the line"),
    ],
)
def test_a_wrong_limit_is_pointed_at(text: str, words: str) -> None:
    told = "\n".join(limits.check(content(limits.FILE, text)))
    assert words in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are no plans"),
        ("[plans.gold]\nrefs = []", "content/plans.toml:1: gold is no plan"),
        ("[plans.free]\nrefs = 3", "refs must be texts"),
        ('[plans.free]\nasks = "no"\nrefs = []', "asks is true or false"),
        ('[plans.free]\nrefs = ["a"]\n[plans.starter]\nrefs = ["a"]', "stands under free"),
    ],
)
def test_a_wrong_plan_is_pointed_at(text: str, words: str) -> None:
    told = "\n".join(plans.check(content(plans.FILE, text)))
    assert words in told


async def test_a_limit_is_in_minor_units_and_a_strange_currency_has_none(tx: Tx) -> None:
    await limits.set_limits(tx, SHIPPED)
    assert await limits.limit_of(tx, limits.DUPLICATE, "USD") == 20_000
    assert await limits.limit_of(tx, limits.DUPLICATE, "kwd") is None
    with pytest.raises(ContentError):
        await limits.set_limits(tx, content(limits.FILE, ""))
    assert await limits.limit_of(tx, limits.DUPLICATE, "usd") == 20_000
