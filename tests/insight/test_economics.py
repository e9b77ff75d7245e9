"""The assumptions about costs: read, held against the playbook, and refused in words."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella.cases import TIERS
from prunella.insight import economics
from prunella.insight.economics.arithmetic import TierCounts, tally
from prunella.kit.money import Money
from prunella.settings import Content, ContentError, load_content, shipped

FILE = "economics.toml"
SHIPPED = load_content(shipped("content"))
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
Check = Callable[[str, str], list[str]]


def changed(old: str, new: str) -> Content:
    assert old in SHIPPED.files[FILE]
    files = {**SHIPPED.files, FILE: SHIPPED.files[FILE].replace(old, new, 1)}
    return Content(folder=Path("content"), files=files, digest="changed")


def test_the_shipped_costs() -> None:
    assumptions = economics.read(SHIPPED)
    assert {tier: cost.amount for tier, cost in assumptions.costs.items()} == {
        "prevent": 10,
        "selfheal": 10,
        "agent": 20,
        "human": 800,
    }


def test_the_playbooks_table_comes_out_as_it_is_printed() -> None:
    [playbook] = economics.read(SHIPPED).scenarios
    lines = economics.project(playbook)
    assert [(int(contacts), cost.amount) for _, contacts, cost in lines] == [
        (2700, 0),
        (1800, 18_000),
        (3150, 63_000),
        (1350, 1_080_000),
    ]
    assert economics.together((cost for *_, cost in lines), "usd") == Money(1_161_000, "usd")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('currency = "usd"', 'currency = "dollars"', "economics.toml:3: currency must be three"),
        ('prevent = "0.10"', "prevent = 0.10", "economics.toml:6: costs.prevent must be an amount"),
        ('prevent = "0.10"', 'prevent = "-1"', "economics.toml:6: costs.prevent must be an amount"),
        ('prevent = "0.10"', 'prevent = "0.105"', "costs.prevent must be an amount"),
        ('agent = "0.20"\n', "", "[costs] must have exactly these lines"),
        ('human = "0.15"', 'human = "0.16"', ":17: scenarios.playbook.share must add up to 1"),
        ('prevent = "0.00"', "prevent = 0", ":24: scenarios.playbook.costs.prevent must be"),
        (
            "[scenarios.playbook]",
            "[scenarios]\nx = 1\n[scenarios.playbook]",
            "scenarios.x must be a",
        ),
        ('human = "0.15"', 'human = "much"', "scenarios.playbook.share must hold shares"),
        ("contacts = 9000", "contacts = 0", "scenarios.playbook needs contacts"),
        ('title = "The playbook\'s table"', "title = 1", "scenarios.playbook needs a title"),
        ("[costs]", "[costs", "economics.toml: "),
    ],
)
def test_a_wrong_line_is_named_with_its_remedy(old: str, new: str, said: str) -> None:
    content = changed(old, new)
    found = economics.check(content)
    assert any(said in line for line in found), found
    with pytest.raises(ContentError):
        economics.read(content)


def test_a_missing_file_is_named() -> None:
    [line] = economics.check(Content(folder=Path("content"), files={}, digest=""))
    assert "economics.toml is missing" in line


def test_the_shipped_file_has_nothing_wrong() -> None:
    assert economics.check(SHIPPED) == []


counts = st.builds(
    TierCounts,
    arrived=st.integers(0, 10**6),
    confirmed=st.integers(0, 10**6),
    assumed=st.integers(0, 10**6),
    cost=st.integers(0, 10**9),
)


@given(at=st.fixed_dictionaries(dict.fromkeys(TIERS, counts)))
def test_the_parts_are_always_the_whole(at: dict[str, TierCounts]) -> None:
    score = tally(
        {tier: at[tier] for tier in TIERS},
        since=SINCE,
        until=UNTIL,
        open_contacts=0,
        recovered=0,
        assumptions=economics.read(SHIPPED),
    )
    assert score.confirmed + score.assumed == score.contacts
    assert economics.together((line.cost for line in score.tiers), "usd") == score.cost
    assert score.saved + score.cost == score.all_human
    if score.contacts:
        shares = sum((line.share for line in score.tiers), start=Decimal(0))
        assert abs(shares - 1) < Decimal("1e-20")
        assert score.cost_per_contact is not None
        off = score.cost_per_contact.amount * score.contacts - score.cost.amount
        assert abs(off) * 2 <= score.contacts
