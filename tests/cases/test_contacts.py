"""Each contact ends in exactly one outcome, with what every tier it touched has cost."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from tests.conftest import MakeHouse, TestClock
from tests.kit.waiting import someone_waits

from prunella import cases, people
from prunella.cases import Contact
from prunella.cases.contact import ASSUME, SILENCE
from prunella.kit import timers
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.kit.money import Money
from prunella.kit.timers import Timer

HOUR = timedelta(hours=1)
COSTS: dict[cases.Tier, Money] = {
    "prevent": Money(10, "usd"),
    "selfheal": Money(10, "usd"),
    "agent": Money(20, "usd"),
    "human": Money(800, "usd"),
}


def later(tx: Tx, by: timedelta) -> Tx:
    return replace(tx, now=tx.now + by)


async def a_contact(tx: Tx, customer: str | None = None) -> Contact:
    customer = customer or (await people.add_customer(tx, name="Bramley Tack")).id
    return await cases.open_contact(
        tx, customer, channel="mail", direction="outbound", tier="prevent", subject="in_1"
    )


async def due(tx: Tx, contact: Contact) -> datetime | None:
    row = await tx.one(
        "select due_at from timers where name = %s and subject = %s", (ASSUME, contact.id)
    )
    return row["due_at"] if row else None


async def ended(tx: Tx, contact: Contact) -> bool:
    same = await cases.get_contact(tx, contact.id)
    assert same is not None
    return same.ended_at is not None


async def test_a_contact_costs_what_every_tier_it_touched_costs(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        await contact.touch(tx, "human")
        await contact.touch(tx, "human")
        outcome = await contact.end(tx, tier="selfheal", confirmed=True)
        assert outcome.tiers == ("prevent", "selfheal", "human")
        assert outcome.cost == Money(820, "usd")
        assert (outcome.tier, outcome.confirmed) == ("selfheal", True)


async def test_a_second_end_changes_nothing(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        first = await contact.end(tx, tier="prevent", confirmed=True)
        second = await contact.end(later(tx, HOUR), tier="human", confirmed=False)
        assert first == second
        count = await tx.one(
            "select count(*) as n from events where name = 'contact.ended' and subject = %s",
            (contact.id,),
        )
        assert count == {"n": 1}


async def test_two_ends_at_the_same_moment_leave_one_outcome(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)

    async def end(tier: cases.Tier) -> cases.Outcome:
        async with house.transaction(SYSTEM) as tx:
            return await contact.end(tx, tier=tier, confirmed=True)

    first, second = await asyncio.gather(end("prevent"), end("selfheal"))
    assert first == second


async def test_the_same_matter_is_one_open_contact(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        again = await a_contact(tx, contact.customer)
        assert again.id == contact.id
        await contact.end(tx, tier="prevent", confirmed=True)
        assert (await a_contact(tx, contact.customer)).id != contact.id


async def test_from_our_mail_to_their_click_is_one_contact(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        mail = await a_contact(tx)
        click = await cases.contact_about(
            tx, mail.customer, subject="in_1", channel="web", direction="inbound", tier="selfheal"
        )
        assert click.id == mail.id
        assert click.tiers == ("prevent", "selfheal")


async def test_a_paid_invoice_settles_what_was_open_about_it(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await (await a_contact(tx)).touch(tx, "selfheal")
        other = await cases.open_contact(
            tx, contact.customer, channel="web", direction="inbound", tier="selfheal"
        )
        await cases.on_paid(tx, Event("stripe.invoice.paid", "in_1"))
        outcome = await contact.end(tx, tier="human", confirmed=False)
        assert (outcome.tier, outcome.confirmed) == ("selfheal", True)
        assert not await ended(tx, other)


async def test_an_invoice_that_is_given_up_ends_its_contact_unconfirmed(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        await cases.on_written_off(tx, Event("stripe.invoice.marked_uncollectible", "in_1"))
        outcome = await contact.end(tx, tier="human", confirmed=True)
        assert (outcome.tier, outcome.confirmed) == ("prevent", False)


async def test_a_paid_invoice_does_not_answer_a_question(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await people.add_customer(tx, name="Bramley Tack")
        contact = await a_contact(tx, customer.id)
        await cases.open_case(
            tx, customer, subject="Why", text="Why?", because="asked", contact=contact
        )
        await cases.on_paid(tx, Event("stripe.invoice.paid", "in_1"))
        assert not await ended(tx, contact)


async def test_three_days_of_silence_after_an_answer_count_as_settled(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await (await a_contact(tx)).touch(tx, "agent")
        await contact.answer(tx)
        assert await due(tx, contact) == tx.now + SILENCE
        await cases.assume_settled(later(tx, SILENCE), Timer(ASSUME, contact.id, tx.now))
        outcome = await contact.end(tx, tier="human", confirmed=True)
        assert (outcome.tier, outcome.confirmed) == ("agent", False)


async def test_word_on_another_channel_moves_the_day(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        await contact.answer(tx)
        day_later = later(tx, timedelta(days=1))
        await cases.open_contact(
            day_later, contact.customer, channel="web", direction="inbound", tier="selfheal"
        )
        await cases.assume_settled(later(tx, SILENCE), Timer(ASSUME, contact.id, tx.now))
        assert not await ended(tx, contact)
        assert await due(tx, contact) == day_later.now + SILENCE


async def test_an_unanswered_contact_is_never_assumed_settled(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        await cases.assume_settled(later(tx, 10 * SILENCE), Timer(ASSUME, contact.id, tx.now))
        assert not await ended(tx, contact)


async def test_a_customer_who_writes_as_the_silence_ends_is_heard(
    make_house: MakeHouse, clock: TestClock
) -> None:
    house = await make_house(handlers={ASSUME: cases.assume_settled})
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        await contact.answer(tx)
    clock.advance(hours=72)
    async with house.transaction(SYSTEM) as tx:
        await tx.one("select 1 from contacts where id = %s for update", (contact.id,))
        firing = asyncio.create_task(timers.fire_one(house))
        await someone_waits(house)
        await contact.hear(tx)
    assert await firing == 1
    async with house.transaction(SYSTEM) as tx:
        found = await cases.get_contact(tx, contact.id)
        assert found is not None
        assert found.ended_at is None
        assert await due(tx, contact) is None


async def test_while_a_person_owes_an_answer_nothing_is_assumed(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await people.add_customer(tx, name="Bramley Tack")
        asking = Actor(kind="customer", id=customer.id, role="owner")
        contact = await a_contact(tx, customer.id)
        case = await cases.open_case(
            replace(tx, actor=asking),
            customer,
            subject="Help",
            text="Help",
            because="asked",
            contact=contact,
        )
        await contact.answer(tx)
        await cases.assume_settled(later(tx, SILENCE), Timer(ASSUME, contact.id, tx.now))
        assert not await ended(tx, contact)
        await case.set(tx, status="solved")
        assert await due(tx, contact) == tx.now + SILENCE


async def test_the_customers_word_stops_the_clock(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        await contact.answer(tx)
        await contact.hear(tx)
        assert await due(tx, contact) is None


async def test_new_costs_leave_old_outcomes_as_they_were(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        old = await a_contact(tx)
        before = await old.end(tx, tier="prevent", confirmed=True)
        await cases.set_tier_costs(tx, COSTS | {"prevent": Money(0, "usd")})
        after = await (await a_contact(tx)).end(tx, tier="prevent", confirmed=True)
        again = await old.end(tx, tier="prevent", confirmed=True)
        await cases.set_tier_costs(tx, COSTS)
        assert before.cost == again.cost == Money(10, "usd")
        assert after.cost == Money(0, "usd")
