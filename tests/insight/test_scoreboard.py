"""Every figure is counted from outcomes, and opens exactly the contacts that it counts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from prunella import cases, people
from prunella.cases import Contact, Tier
from prunella.insight import economics
from prunella.kit.house import Tx
from prunella.kit.money import Money
from prunella.mirror.objects import store as objects
from prunella.mirror.objects.seen import unfold
from prunella.settings import load_content, shipped

HOUR = timedelta(hours=1)
ASSUMPTIONS = economics.read(load_content(shipped("content")))


async def a_contact(tx: Tx, *tiers: Tier, subject: str = "") -> Contact:
    customer = await people.add_customer(tx, name="Northbeck")
    contact = await cases.open_contact(
        tx, customer.id, channel="web", direction="inbound", tier=tiers[0], subject=subject
    )
    for tier in tiers[1:]:
        contact = await contact.touch(tx, tier)
    return contact


async def an_invoice(tx: Tx, name: str, status: str, *, paid_at: datetime | None = None) -> None:
    moments = {"paid_at": int(paid_at.timestamp()) if paid_at else None}
    data = {"id": name, "object": "invoice", "status": status, "status_transitions": moments}
    await objects.put_over(tx, unfold(data, since=tx.now, until=tx.now), {})


async def a_month(tx: Tx) -> dict[str, Contact]:
    """Four contacts that ended, one that is open, one that ended before."""
    for name in ("in_1", "in_2"):
        await an_invoice(tx, name, "paid", paid_at=tx.now)
    made = {
        "prevented": await a_contact(tx, "prevent", subject="in_1"),
        "healed": await a_contact(tx, "prevent", "selfheal", subject="in_2"),
        "person": await a_contact(tx, "selfheal", "human"),
        "silent": await a_contact(tx, "selfheal"),
        "open": await a_contact(tx, "selfheal"),
        "before": await a_contact(tx, "human"),
    }
    await made["prevented"].end(tx, tier="prevent", confirmed=True)
    await made["healed"].end(tx, tier="selfheal", confirmed=True)
    await made["person"].end(tx, tier="human", confirmed=True)
    await made["silent"].end(tx, tier="selfheal", confirmed=False)
    await made["before"].end(replace(tx, now=tx.now - HOUR), tier="human", confirmed=True)
    return made


async def board(tx: Tx) -> economics.Scoreboard:
    return await economics.scoreboard(
        tx, since=tx.now, until=tx.now + HOUR, assumptions=ASSUMPTIONS
    )


async def behind(tx: Tx, figure: economics.Figure, tier: Tier | None = None) -> set[str]:
    page = await economics.contacts_behind(
        tx, figure, since=tx.now, until=tx.now + HOUR, currency="usd", tier=tier
    )
    return {one.contact for one in page.data}


async def test_the_scoreboard_adds_up(tx: Tx) -> None:
    await a_month(tx)
    score = await board(tx)
    assert (score.contacts, score.confirmed, score.assumed, score.open) == (4, 3, 1, 1)
    assert [tier.arrived for tier in score.tiers] == [2, 3, 0, 1]
    assert [tier.settled for tier in score.tiers] == [1, 2, 0, 1]
    assert [tier.cost.amount for tier in score.tiers] == [20, 30, 0, 800]
    assert score.cost == Money(850, "usd")
    assert score.cost_per_contact == Money(213, "usd")
    assert score.all_human == Money(3200, "usd")
    assert score.saved == Money(2350, "usd")
    assert score.without_person == 3
    assert score.recovered == 2


async def test_each_figure_opens_the_contacts_that_it_counts(tx: Tx) -> None:
    made = {name: contact.id for name, contact in (await a_month(tx)).items()}
    ended = {made["prevented"], made["healed"], made["person"], made["silent"]}
    assert await behind(tx, "all") == ended
    assert await behind(tx, "confirmed") == ended - {made["silent"]}
    assert await behind(tx, "assumed") == {made["silent"]}
    assert await behind(tx, "settled", "selfheal") == {made["healed"], made["silent"]}
    assert await behind(tx, "confirmed", "selfheal") == {made["healed"]}
    assert await behind(tx, "arrived", "prevent") == {made["prevented"], made["healed"]}
    assert await behind(tx, "recovered") == {made["prevented"], made["healed"]}
    assert made["open"] in await behind(tx, "open")
    assert made["open"] not in await behind(tx, "open", "human")


async def test_every_figure_is_as_large_as_its_list(tx: Tx) -> None:
    await a_month(tx)
    score = await board(tx)
    for line in score.tiers:
        assert line.arrived == len(await behind(tx, "arrived", line.tier))
        assert line.settled == len(await behind(tx, "settled", line.tier))
        assert line.confirmed == len(await behind(tx, "confirmed", line.tier))
        assert line.assumed == len(await behind(tx, "assumed", line.tier))
    assert score.contacts == len(await behind(tx, "all"))
    assert score.recovered == len(await behind(tx, "recovered"))
    assert score.open == len(await behind(tx, "open"))


async def test_the_list_is_paged_and_knows_the_case(tx: Tx) -> None:
    made = await a_month(tx)
    customer = await people.find_customer(tx, made["open"].customer)
    assert customer is not None
    case = await cases.open_case(
        tx, customer, subject="Help", because="asked", contact=made["open"]
    )
    await made["open"].end(tx, tier="human", confirmed=True)
    seen: dict[str, str | None] = {}
    after = None
    for _ in range(9):
        page = await economics.contacts_behind(
            tx,
            "all",
            since=tx.now,
            until=tx.now + HOUR,
            currency="usd",
            after=after,
            limit=3,
        )
        seen |= {one.contact: one.case for one in page.data}
        after = page.next_cursor
        if after is None:
            break
    assert len(seen) == 5
    assert seen[made["open"].id] == case.id
    assert seen[made["person"].id] is None


async def test_before_anything_happened_the_scoreboard_is_at_zero(tx: Tx) -> None:
    score = await board(tx)
    assert (score.contacts, score.cost, score.cost_per_contact) == (0, Money(0, "usd"), None)
    assert score.saved_share == 0
    assert [tier.share for tier in score.tiers] == [0, 0, 0, 0]


async def test_an_invoice_that_failed_twice_is_recovered_once(tx: Tx) -> None:
    customer = await people.add_customer(tx, name="Northbeck")
    await an_invoice(tx, "in_again", "paid", paid_at=tx.now)
    for _ in range(2):
        contact = await cases.open_contact(
            tx,
            customer.id,
            channel="mail",
            direction="outbound",
            tier="prevent",
            subject="in_again",
        )
        await contact.end(tx, tier="prevent", confirmed=True)
    assert (await board(tx)).recovered == 1


async def test_what_was_withdrawn_or_paid_before_anybody_wrote_was_not_recovered(tx: Tx) -> None:
    await an_invoice(tx, "in_voided", "void")
    await an_invoice(tx, "in_settled", "paid", paid_at=tx.now - HOUR)
    for name in ("in_voided", "in_settled"):
        contact = await a_contact(tx, "human", subject=name)
        await contact.end(tx, tier="human", confirmed=True)
    assert (await board(tx)).recovered == 0
    assert await behind(tx, "recovered") == set()


async def test_what_ended_in_another_currency_is_in_no_figure_of_this_one(tx: Tx) -> None:
    await a_month(tx)
    euros = replace(ASSUMPTIONS, currency="eur")
    window = {"since": tx.now, "until": tx.now + HOUR}
    assert (await economics.scoreboard(tx, **window, assumptions=euros)).recovered == 0


@pytest.mark.parametrize(("figure", "tier"), [("everything", None), ("all", "robot")])
async def test_a_figure_that_does_not_exist_opens_nothing(
    tx: Tx, figure: economics.Figure, tier: Tier | None
) -> None:
    with pytest.raises(economics.UnknownFigureError):
        await behind(tx, figure, tier)
