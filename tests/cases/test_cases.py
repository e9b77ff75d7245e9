"""A case carries everything, so that nobody has to explain twice."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from prunella import audit, cases, people
from prunella.cases import CLOSE, Case
from prunella.cases.contact import ASSUME, SILENCE
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House, Tx
from prunella.kit.timers import Timer

AGENT = Actor(kind="staff", id="tok_agent", role="agent", verified=True)


def acting(tx: Tx, actor: Actor, *, later: timedelta = timedelta(0)) -> Tx:
    return replace(tx, actor=actor, now=tx.now + later)


def themselves(customer: people.Customer) -> Actor:
    return Actor(kind="customer", id=customer.id, role="owner", verified=True)


async def a_customer(tx: Tx) -> people.Customer:
    return await people.add_customer(tx, name="Northbeck Outfitters", time_zone="Europe/Berlin")


async def a_case(
    tx: Tx,
    customer: people.Customer,
    *,
    subject: str = "My payment",
    text: str = "Why did it fail?",
    about: str = "in_1",
) -> Case:
    return await cases.open_case(
        tx,
        customer,
        subject=subject,
        text=text,
        about=about,
        because="asked",
        diagnosis={"status": "red"},
        tried=[{"fix": "retry_payment", "result": "bank_declined"}],
    )


async def due(tx: Tx, name: str, subject: str) -> datetime | None:
    row = await tx.one(
        "select due_at from timers where name = %s and subject = %s", (name, subject)
    )
    return row["due_at"] if row else None


async def test_a_case_has_a_number_a_promise_and_what_was_known(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        case = await a_case(acting(tx, themselves(customer)), customer)
        assert case.number > 1000
        assert (case.status, case.because) == ("new", "asked")
        assert case.promised_at == await cases.promised_at(tx, customer)
        assert case.context["diagnosis"] == {"status": "red"}
        assert case.context["tried"][0]["fix"] == "retry_payment"
        [said] = await cases.messages_of(tx, case)
        assert (said.direction, said.text) == ("in", "Why did it fail?")
        [entry] = await audit.of_subject(tx, case.id)
        assert (entry.verb, entry.because, entry.customer) == ("case.opened", "asked", customer.id)


async def test_asking_twice_about_the_same_invoice_makes_one_case(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        mine = acting(tx, themselves(customer))
        first = await a_case(mine, customer)
        again = await a_case(mine, customer)
        more = await a_case(mine, customer, text="It failed again.")
        other = await a_case(mine, customer, about="in_2")
        assert first.id == again.id == more.id != other.id
        assert [m.text for m in await cases.messages_of(tx, first)] == [
            "Why did it fail?",
            "It failed again.",
        ]
        assert len(more.context["tried"]) == 3


async def test_two_tabs_at_the_same_moment_open_one_case(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)

    async def click() -> str:
        async with house.transaction(themselves(customer)) as tx:
            return (await a_case(tx, customer)).id

    assert len(set(await asyncio.gather(*(click() for _ in range(10))))) == 1


async def test_a_customer_and_a_person_who_write_at_once_are_both_heard(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        case = await a_case(tx, customer)

    async def asks() -> None:
        async with house.transaction(themselves(customer)) as tx:
            await a_case(tx, customer, text="Still there?")

    async def answers() -> None:
        async with house.transaction(AGENT) as tx:
            await case.reply(tx, "Yes.")

    await asyncio.gather(*(one() for _ in range(8) for one in (asks, answers)))
    async with house.transaction(SYSTEM) as tx:
        texts = [m.text for m in await cases.messages_of(tx, case)]
    assert texts.count("Yes.") == 8
    assert "Still there?" in texts


async def test_one_click_without_a_word_is_enough(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        mine = acting(tx, themselves(customer))
        case = await a_case(mine, customer, text="")
        await case.reply(acting(tx, AGENT), "How can I help?")
        again = await a_case(mine, customer, text="")
        assert (again.id, again.status) == (case.id, "open")
        assert [m.text for m in await cases.messages_of(tx, case)] == ["How can I help?"]


async def test_a_contact_that_has_ended_is_not_charged_for_a_later_case(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        ended = await cases.open_contact(
            tx, customer.id, channel="mail", direction="outbound", tier="prevent"
        )
        outcome = await ended.end(tx, tier="prevent", confirmed=True)
        case = await cases.open_case(tx, customer, subject="Help", because="asked", contact=ended)
        assert case.contact != ended.id
        assert await ended.end(tx, tier="human", confirmed=True) == outcome


async def test_another_customers_case_is_never_taken_up(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        one = await a_case(tx, await a_customer(tx))
        other = await a_case(tx, await a_customer(tx))
        assert one.id != other.id


async def test_an_answer_waits_for_the_customer_and_their_word_opens_it_again(
    house: House,
) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        case = await a_case(acting(tx, themselves(customer)), customer)
        said = await case.reply(acting(tx, AGENT), "Your bank said no. Try another card.")
        answered = await cases.get_case(tx, case.id)
        assert answered is not None
        assert (said.direction, answered.status) == ("out", "pending")
        assert answered.answered_at == tx.now
        assert await due(tx, ASSUME, case.contact) == tx.now + SILENCE

        await case.add_message(acting(tx, themselves(customer)), "That did not work.")
        opened = await cases.get_case(tx, case.id)
        assert opened is not None
        assert opened.status == "open"
        assert await due(tx, ASSUME, case.contact) is None


async def test_a_note_among_us_opens_nothing(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        case = await a_case(tx, await a_customer(tx))
        note = await case.add_message(acting(tx, AGENT), "Looks like the old card.")
        same = await cases.get_case(tx, case.id)
        assert same is not None
        assert (note.direction, same.status) == ("note", "new")


async def test_what_is_confirmed_ends_confirmed(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        case = await a_case(acting(tx, themselves(customer)), customer)
        solved = await case.confirm(acting(tx, themselves(customer)))
        assert solved.status == "solved"
        row = await tx.one("select * from outcomes where contact = %s", (case.contact,))
        assert row is not None
        assert (row["tier"], row["confirmed"]) == ("human", True)


async def test_solved_closes_after_a_week_and_a_later_word_opens_a_case_that_follows(
    house: House,
) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        case = await a_case(tx, customer)
        await case.set(acting(tx, AGENT), status="solved")
        due_at = await due(tx, CLOSE, case.id)
        assert due_at == tx.now + timedelta(days=7)
        later = acting(tx, SYSTEM, later=timedelta(days=7))
        await cases.close_solved(later, Timer(CLOSE, case.id, due_at))
        closed = await cases.get_case(tx, case.id)
        assert closed is not None
        assert closed.status == "closed"
        with pytest.raises(cases.CaseClosedError):
            await case.reply(acting(later, AGENT), "Is it well?")
        said = await case.add_message(acting(later, themselves(customer)), "One more thing.")
        again = await case.add_message(acting(later, themselves(customer)), "And another.")
        assert said.case_id == again.case_id != case.id
        after = await cases.get_case(tx, said.case_id or "")
        assert after is not None
        assert (after.status, after.subject) == ("new", case.subject)
        [link] = await after.links(tx)
        assert (link.id, link.kind, link.outward) == (case.id, "follows", True)
        assert [one.text for one in await cases.messages_of(tx, after)] == [
            "One more thing.",
            "And another.",
        ]


async def test_a_late_word_reopens_what_was_solved(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        case = await a_case(tx, customer)
        solved = await case.confirm(acting(tx, themselves(customer)))
        later = acting(tx, themselves(customer), later=timedelta(days=6))
        await solved.add_message(later, "It is back.")
        await cases.close_solved(later, Timer(CLOSE, case.id, tx.now))
        reopened = await cases.get_case(tx, case.id)
        assert reopened is not None
        assert (reopened.status, reopened.solved_at) == ("open", None)
        assert reopened.contact != case.contact
        assert await due(tx, CLOSE, case.id) is None


async def test_the_list_is_paged_and_shows_what_is_open(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        made = [await a_case(tx, customer, about=f"in_{n}") for n in range(5)]
        await made[0].set(tx, status="solved")
        seen: list[str] = []
        after = None
        for _ in range(9):
            page = await cases.list_cases(tx, customer=customer.id, after=after, limit=3)
            seen += [case.id for case in page.data]
            after = page.next_cursor
            if after is None:
                break
        assert sorted(seen) == sorted(case.id for case in made[1:])
        assert seen == sorted(seen, reverse=True)
        assert (await cases.list_cases(tx, after="'; drop")).data == []


async def test_a_case_needs_words_and_not_too_many(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        with pytest.raises(cases.EmptyTextError):
            await a_case(tx, customer, text=" \0 ")
        with pytest.raises(cases.TextTooLongError):
            await a_case(tx, customer, text="x" * 20_001)
        case = await a_case(tx, customer, subject="Two\r\nBcc: x@y.example", about="")
        assert "\n" not in case.subject
