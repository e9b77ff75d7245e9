"""Fixes with something to choose: begun once, settled by what happens, called off when asked."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.actions.test_refund import AMOUNT, paid_twice, refunds
from tests.actions.world import Ours
from tests.selfheal.conftest import NewCustomer

from prunella.actions import details
from prunella.diagnostics import FixOffer
from prunella.kit import events
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import Event
from prunella.tiers.selfheal import (
    BadChoiceError,
    ChoiceNeededError,
    FixRun,
    Foresight,
    NotOfferedError,
    SelfHeal,
    SignInFirstError,
    TooOftenError,
    later,
)


@dataclass
class Mending:
    """What a page does with the fixes of one customer."""

    ours: Ours
    selfheal: SelfHeal

    async def begin(self, fix: str, target: str, **choice: str) -> FixRun:
        return await self.begin_as(self.ours.person, fix, target, **choice)

    async def begin_as(self, actor: Actor, fix: str, target: str, **choice: str) -> FixRun:
        async with self.ours.house.transaction(actor) as tx:
            return await self.selfheal.begin(
                tx, self.ours.customer, fix=fix, target=target, choice=choice
            )

    async def now(self, run: FixRun) -> FixRun:
        async with self.ours.house.transaction(SYSTEM) as tx:
            found = await self.selfheal.run(tx, self.ours.customer, run.id)
        assert found
        return found

    async def work(self, run: FixRun) -> FixRun:
        """Carry out the run's action and tell who listens."""
        known = await self.now(run)
        if known.action:
            await self.ours.carry_out(action=known.action)
        while await events.deliver(self.ours.house):
            pass
        return await self.now(run)

    async def day(self, invoice: str) -> str:
        async with self.ours.house.transaction(SYSTEM) as tx:
            found = await self.selfheal.diagnostics.of(tx, self.ours.customer)
        offer = later.offer_for(found, invoice)
        assert offer
        return offer.days[0].isoformat()


async def unpaid(ours: Ours) -> str:
    """A bill that the bank said no to, for want of money."""
    method = (await ours.stripe.get("payment_methods", customer=ours.customer.address))["data"][0]
    await decline(ours, method["id"], "insufficient_funds")
    invoice = await ours.stripe.bill(ours.customer.address)
    await ours.stripe.post(f"invoices/{invoice}/pay")
    await ours.see()
    return invoice


async def decline(ours: Ours, method: str, code: str) -> None:
    await ours.stripe.post(f"payment_methods/{method}", **{"metadata[sandbox_decline]": code})


async def give_money(ours: Ours) -> None:
    method = (await ours.stripe.get("payment_methods", customer=ours.customer.address))["data"][0]
    await decline(ours, method["id"], "")


async def paid(ours: Ours) -> list[str]:
    charges = await ours.stripe.charges(ours.customer.address)
    return [one["status"] for one in charges]


async def test_a_day_is_needed_and_has_to_be_offered(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    with pytest.raises(ChoiceNeededError):
        await mending.begin("retry_later", invoice)
    for day in ("2020-01-01", "tomorrow", ""):
        with pytest.raises(BadChoiceError):
            await mending.begin("retry_later", invoice, day=day)


async def test_the_try_waits_for_its_day_and_is_made_once(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    run = await mending.begin("retry_later", invoice, day=await mending.day(invoice))
    again = await mending.begin("retry_later", invoice, day="2020-01-01")
    assert (again.id, again.state) == (run.id, "planned")
    await ours.fire_timers()
    assert (await mending.now(run)).state == "planned"
    await give_money(ours)
    await ours.stripe.pass_time(hours=24 * 8)
    await ours.fire_timers()
    await ours.fire_timers()
    assert (await mending.work(run)).state == "done"
    assert sorted(await paid(ours)) == ["failed", "succeeded"]
    assert ours.stripe.asked("/pay")["off_session"] == "true"


async def test_what_is_called_off_is_not_tried(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    run = await mending.begin("retry_later", invoice, day=await mending.day(invoice))
    for first in (True, False):
        async with ours.house.transaction(ours.person) as tx:
            stopped = await later.call_off(tx, ours.customer, run.id)
        assert bool(stopped) is first
    await ours.stripe.pass_time(hours=24 * 8)
    await ours.fire_timers()
    assert (await mending.work(run)).state == "called_off"
    assert await paid(ours) == ["failed"]


async def test_what_was_paid_meanwhile_is_not_tried(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    run = await mending.begin("retry_later", invoice, day=await mending.day(invoice))
    await give_money(ours)
    await ours.stripe.post(f"invoices/{invoice}/pay")
    await ours.see()
    await ours.stripe.pass_time(hours=24 * 8)
    await ours.fire_timers()
    found = await mending.now(run)
    assert (found.state, found.action) == ("done", None)
    assert sorted(await paid(ours)) == ["failed", "succeeded"]


async def test_stripes_word_that_it_is_paid_ends_the_plan(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    run = await mending.begin("retry_later", invoice, day=await mending.day(invoice))
    async with ours.house.transaction(SYSTEM) as tx:
        await tx.emit(Event("stripe.invoice.paid", invoice, ours.customer.id, {}))
    assert (await mending.work(run)).state == "done"


async def test_a_final_no_of_the_bank_can_not_be_put_off(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer(card="pm_card_chargeCustomerFail")
    method = (await ours.stripe.get("payment_methods", customer=ours.customer.address))["data"][0]
    await decline(ours, method["id"], "stolen_card")
    invoice = await ours.stripe.bill(ours.customer.address)
    await ours.stripe.post(f"invoices/{invoice}/pay")
    await ours.see()
    with pytest.raises(NotOfferedError):
        await Mending(ours, selfheal).begin("retry_later", invoice, day="2027-01-01")


def test_nine_in_the_morning_is_theirs_also_when_clocks_change() -> None:
    days = (date(2026, 3, 27), date(2026, 3, 30))
    offer = FixOffer(name="retry_later", label="", days=days)
    found = later.mornings(offer, "Europe/Berlin")
    assert [one.astimezone(UTC).hour for one in found] == [8, 7]
    assert {one.astimezone(ZoneInfo("Europe/Berlin")).hour for one in found} == {9}
    assert all(isinstance(one, datetime) for one in found)


async def test_one_letter_to_a_colleague_an_invoice_and_day(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    with pytest.raises(ChoiceNeededError):
        await mending.begin("resend_invoice", invoice)
    for wrong in ("nobody", "a@b@c", "x@y.example\nBcc: z@y.example"):
        with pytest.raises(BadChoiceError):
            await mending.begin("resend_invoice", invoice, to=wrong)
    run = await mending.begin("resend_invoice", invoice, to="ledger@northbeck.example")
    assert run.state == "done"
    with pytest.raises(TooOftenError):
        await mending.begin("resend_invoice", invoice, to="other@northbeck.example")
    await ours.stripe.pass_time(hours=25)
    await mending.begin("resend_invoice", invoice, to="other@northbeck.example")
    sql = "select recipient, m.text from outbox o join messages m on m.id = o.message"
    async with ours.house.transaction(SYSTEM) as tx:
        rows = await tx.all(sql)
    assert {row["recipient"] for row in rows} == {
        "ledger@northbeck.example",
        "other@northbeck.example",
    }
    assert all(ours.customer.name not in row["text"] for row in rows)


async def test_a_mails_button_sends_nothing_and_changes_nothing(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    by_mail = Actor(kind="customer", id=ours.customer.id, role="billing", verified=False)
    with pytest.raises(SignInFirstError):
        await mending.begin_as(by_mail, "resend_invoice", invoice, to="ledger@northbeck.example")
    with pytest.raises(SignInFirstError):
        await mending.begin_as(by_mail, "update_billing_details", "", name="Else")


async def test_details_are_tidied_and_saved(new_customer: NewCustomer, selfheal: SelfHeal) -> None:
    ours = await new_customer()
    mending = Mending(ours, selfheal)
    typed = {"name": "  Northbeck   GmbH ", "email": "a@northbeck.example", "country": "de"}
    with pytest.raises(BadChoiceError) as problem:
        await mending.begin("update_billing_details", "", **{**typed, "country": "d"})
    assert problem.value.fields == ("country",)
    run = await mending.begin("update_billing_details", "", **typed, tax_type="", tax_id="")
    assert (await mending.work(run)).state == "done"
    found = await ours.stripe.get(f"customers/{ours.customer.address}")
    assert (found["name"], found["address"]["country"]) == ("Northbeck GmbH", "DE")


@pytest.mark.parametrize("kind", details.TAX_IDS)
def test_a_tax_id_without_digits_fits_nothing(kind: str) -> None:
    assert details.wrong_with({"tax_type": kind, "tax_id": "NONE"}) in (["tax_id"], [])
    assert details.wrong_with({"tax_type": kind, "tax_id": "?"}) == ["tax_id"]


async def test_a_duplicate_is_refunded_by_one_click_and_once(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, charge = Mending(ours, selfheal), await paid_twice(ours)
    run = await mending.begin("refund_duplicate", charge)
    assert (await mending.begin("refund_duplicate", charge)).id == run.id
    assert (await mending.work(run)).state == "done"
    await ours.see()
    with pytest.raises(NotOfferedError):
        await mending.begin("refund_duplicate", "ch_nowhere")
    assert await refunds(ours, charge) == [AMOUNT]


async def test_above_the_limit_it_stops_and_stays_with_a_person(
    new_customer: NewCustomer, selfheal: SelfHeal
) -> None:
    ours = await new_customer()
    mending, charge = Mending(ours, selfheal), await paid_twice(ours, amount=20_001)
    run = await mending.begin("refund_duplicate", charge)
    stopped = await mending.work(run)
    assert (stopped.state, stopped.problem) == ("failed", "denied")
    assert (await mending.begin("refund_duplicate", charge)).id == run.id
    assert await refunds(ours, charge) == []


@pytest.mark.parametrize(("amount", "says"), [(AMOUNT, "Get "), (20_001, "Ask for ")])
async def test_the_words_beforehand_are_what_policy_would_decide(
    new_customer: NewCustomer, selfheal: SelfHeal, amount: int, says: str
) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours, amount=amount)
    knowing = replace(selfheal.diagnostics, asks_person=Foresight(selfheal.door))
    async with ours.house.transaction(SYSTEM) as tx:
        found = await knowing.of(tx, ours.customer)
    offer = next(one for one in found.offers if one.name == "refund_duplicate")
    assert offer.charge == charge
    assert offer.label.startswith(says)
