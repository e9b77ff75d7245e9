"""What the customer is told when money goes back: how much, to where, until when, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, LiteralString

import pytest
from tests.actions.test_account import plan
from tests.actions.test_billing import AMOUNT, LEAD, open_invoice, paid_invoice
from tests.actions.test_refund import ask, paid_twice
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in
from tests.conftest import MakeHouse
from tests.prevent.world import build

from prunella import actions, cases
from prunella.actions import LOOK_TIMER, Action, on_look_due
from prunella.kit import events
from prunella.kit.actor import SYSTEM
from prunella.tiers.prevent import RECEIPT_TIMER, Receipts

LETTERS: LiteralString = """
select m.id, m.subject, m.text, o.message_id from messages m join outbox o on o.message = m.id
where m.customer = %s order by m.created_at
"""


@pytest.fixture
async def at_stripe() -> AsyncIterator[Outside]:
    async with outside() as found:
        yield found


@pytest.fixture
async def ours(make_house: MakeHouse, at_stripe: Outside) -> Ours:
    prevent = build()
    receipts = Receipts(prevent.notices.scribe)
    house = await make_house(
        use_clock=WorldClock(at_stripe.world),
        handlers={LOOK_TIMER: on_look_due, RECEIPT_TIMER: receipts.on_due},
        listeners={"action.succeeded": [("prevent.receipt", receipts.on_action_succeeded)]},
    )
    async with house.transaction(SYSTEM) as tx:
        await cases.set_letter_rules(tx, prevent.recovery.dunning.rules)
    return await settle_in(house, at_stripe, await at_stripe.customer())


async def done(ours: Ours, asked: Action) -> Action:
    assert asked.state == "approved", asked.decision
    finished = await ours.work(asked)
    assert finished.state == "succeeded", finished.error
    await hear(ours)
    return finished


async def hear(ours: Ours) -> None:
    while await events.deliver(ours.house):
        pass


async def letters(ours: Ours) -> list[dict[str, Any]]:
    async with ours.house.transaction(SYSTEM) as tx:
        return [dict(row) for row in await tx.all(LETTERS, (ours.customer.id,))]


async def test_a_refund_is_told_with_amount_card_and_day(ours: Ours) -> None:
    refunded = await done(ours, await ask(ours, await paid_twice(ours)))
    written = await letters(ours)
    assert [one["subject"] for one in written] == ["On its way back to you: $49.00"]
    assert "the Visa card ending 4242" in written[0]["text"]
    assert "so you have it by" in written[0]["text"]
    async with ours.house.transaction(SYSTEM) as tx:
        assert await actions.letter_of(tx, refunded.id) == written[0]["id"]
        assert await actions.untold(tx, refunded.id) is None


async def test_a_second_hearing_writes_nothing_more(ours: Ours) -> None:
    refunded = await done(ours, await ask(ours, await paid_twice(ours)))
    async with ours.house.transaction(SYSTEM) as tx:
        data = {"kind": "refund", "target": refunded.target}
        await tx.emit(events.Event("action.succeeded", refunded.id, refunded.customer, data))
    await hear(ours)
    assert len(await letters(ours)) == 1


async def test_a_credit_says_what_it_is_for(ours: Ours) -> None:
    money: Any = {"amount": AMOUNT, "currency": "usd", "actor": LEAD}
    how = {"params": {"how": "balance"}}
    await done(ours, await ours.ask("credit_note", await paid_invoice(ours), **money, **how))
    await done(ours, await ours.ask("credit_balance", ours.customer.address, **money))
    assert [one["subject"] for one in await letters(ours)] == ["Your credit: $49.00"] * 2


async def test_what_is_taken_off_a_bill_names_the_bill(ours: Ours) -> None:
    invoice = await open_invoice(ours)
    number = (await ours.stripe.invoice(invoice))["number"]
    less: Any = {"amount": 900, "currency": "usd", "actor": LEAD, "params": {"how": "reduce"}}
    await done(ours, await ours.ask("credit_note", invoice, **less))
    await ours.see()
    rest: Any = {"amount": AMOUNT - 900, "currency": "usd", "actor": LEAD}
    await done(ours, await ours.ask("void_invoice", invoice, **rest))
    assert [one["subject"] for one in await letters(ours)] == [
        f"Less to pay: $9.00 off invoice {number}",
        f"Nothing to pay: invoice {number} is withdrawn",
    ]


async def test_what_was_missing_is_told_with_the_bill_that_missed_it(ours: Ours) -> None:
    invoice = await paid_invoice(ours)
    number = (await ours.stripe.invoice(invoice))["number"]
    money: Any = {"amount": 900, "currency": "usd", "actor": LEAD}
    await done(ours, await ours.ask("correct_invoice", invoice, **money))
    [letter] = await letters(ours)
    assert letter["subject"] == f"$9.00 that were missing on invoice {number}"


async def test_a_plan_that_ends_is_told_with_its_last_day(ours: Ours) -> None:
    how: Any = {"params": {"how": "period_end"}, "actor": LEAD}
    await done(ours, await ours.ask("cancel_subscription", await plan(ours), **how))
    [letter] = await letters(ours)
    assert letter["subject"].startswith("Your plan ends on ")
    assert "Until then everything works as before." in letter["text"]


async def test_a_plan_that_ended_at_once_says_where_the_rest_went(ours: Ours) -> None:
    how: Any = {"params": {"how": "now"}, "actor": LEAD}
    await done(ours, await ours.ask("cancel_subscription", await plan(ours), **how))
    [letter] = await letters(ours)
    assert letter["subject"] == "Your plan has ended"
    assert "credit on your account" in letter["text"]


async def test_beyond_the_cap_it_waits_and_is_not_forgotten(ours: Ours) -> None:
    money: Any = {"amount": 100, "currency": "usd", "actor": LEAD}
    for _ in range(8):
        await done(ours, await ours.ask("credit_balance", ours.customer.address, **money))
    before = len(await letters(ours))
    assert before < 8
    for _ in range(8):
        await ours.stripe.pass_time(hours=24 * 8)
        await ours.fire_timers()
    assert len(await letters(ours)) == 8
