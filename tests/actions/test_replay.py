"""Other rules over past decisions: which would change, how many, how much money."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_refund import ask, pay
from tests.actions.world import Ours

from prunella.actions import Policy
from prunella.actions.replay import Replayed, replay
from prunella.cli import policy as command
from prunella.kit.actor import SYSTEM
from prunella.kit.money import Money
from prunella.settings import Content, load_content, shipped

SHIPPED = load_content(shipped("content"))
Judge = Callable[[Content], Awaitable[Replayed]]


def with_limit(table: str, amount: str) -> Content:
    name = "policy/limits.toml"
    before, after = SHIPPED.text(name).split(f"[{table}]\n", 1)
    text = f'{before}[{table}]\nusd = "{amount}"\n{after.split(chr(10), 1)[1]}'
    files = {**SHIPPED.files, name: text}
    return Content(folder=Path("stricter"), files=files, digest="stricter")


@pytest.fixture
async def ours(new_customer: NewCustomer) -> Ours:
    """Two refunds of 49 and 20 dollars went back, one of 400 waits."""
    ours = await new_customer()
    charges = [await pay(ours, amount=40_000, order=str(n)) for n in range(3)]
    await ours.see()
    for charge, amount in zip(charges, (4_900, 2_000, 40_000), strict=True):
        await ask(ours, charge, amount=amount)
    return ours


async def judged(ours: Ours, content: Content) -> Replayed:
    async with ours.house.transaction(SYSTEM) as tx:
        return await replay(tx, Policy.read(content), since=tx.now - timedelta(days=1))


async def test_the_same_rules_decide_alike(ours: Ours) -> None:
    found = await judged(ours, SHIPPED)
    assert (found.judged, found.changed, found.without_facts) == (3, 0, 0)


async def test_a_smaller_limit_would_have_sent_one_to_a_person(ours: Ours) -> None:
    found = await judged(ours, with_limit("charge", "30.00"))
    assert found.count == {("allow", "needs_approval"): 1}
    assert found.of(("allow", "needs_approval")) == [Money(4_900, "usd")]
    assert found.changes[0].rules_after == ("refund.cap",)


async def test_larger_limits_would_have_let_one_go(ours: Ours) -> None:
    files = with_limit("charge", "400.00").files
    larger = Content(folder=Path("larger"), files=files, digest="larger")
    assert (await judged(ours, larger)).changed == 0  # two other rules still hold it
    found = await judged(ours, with_limit("duplicate", "1.00"))
    assert found.changed == 0


async def test_what_was_decided_before_facts_were_kept_is_told(ours: Ours) -> None:
    async with ours.house.transaction(SYSTEM) as tx:
        await tx.execute("update actions set decision = decision - 'facts' where amount = 4900")
    found = await judged(ours, SHIPPED)
    assert (found.judged, found.without_facts) == (2, 1)
    assert "1 are older" in command.summary(found)[1]


async def test_a_fact_that_was_not_kept_at_the_time_refuses_nothing(ours: Ours) -> None:
    async with ours.house.transaction(SYSTEM) as tx:
        await tx.execute(
            "update actions set decision = decision #- '{facts,charge}' where amount = 4900"
        )
    found = await judged(ours, SHIPPED)
    assert (found.judged, found.changed, found.without_facts) == (2, 0, 1)


async def test_the_report_is_one_page_that_stands_alone(ours: Ours) -> None:
    content = with_limit("charge", "30.00")
    found = await judged(ours, content)
    async with ours.house.transaction(SYSTEM) as tx:
        page = command.page(found, other=content, since=tx.now)
    assert "3 decisions judged again, 1 would change." in page
    assert "$49.00" in page
    assert "refund.cap" in page
    assert "src=" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert command.ways(found) == [("done at once", "a person decides", 1, "$49.00")]
