"""What happens while a customer is on their way, and what may not be asked for at all."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.actions.world import Ours
from tests.sandbox.engine import visits
from tests.selfheal.conftest import NewCustomer
from tests.selfheal.test_more_fixes import Mending, give_money, paid, unpaid

from prunella import mirror, people
from prunella.kit import events
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.mirror.objects import store as objects
from prunella.mirror.objects.seen import unfold
from prunella.tiers.selfheal import (
    BadChoiceError,
    ChoiceNeededError,
    FixRun,
    NotOfferedError,
    SelfHeal,
)
from prunella.tiers.selfheal.listen import CARD_SAVED, CardSaved
from prunella.tiers.selfheal.money_back import payment
from prunella_sandbox.billing.stored_cards import CardEntry

ANOTHER_CARD = CardEntry(number="5555 5555 5555 4444")


async def on_the_secure_page(mending: Mending, invoice: str) -> FixRun:
    async with mending.ours.house.transaction(SYSTEM) as tx:
        found = await mending.selfheal.diagnostics.of(tx, mending.ours.customer)
    offer = next(o for o in found.offers if o.name == "update_card" and o.invoice == invoice)
    run = await mending.work(await mending.begin("update_card", offer.target or ""))
    assert run.state == "away"
    return run


async def pay_meanwhile(ours: Ours, invoice: str) -> None:
    await give_money(ours)
    await ours.stripe.post(f"invoices/{invoice}/pay")
    await tell(ours, "stripe.invoice.paid", invoice)


async def tell(ours: Ours, name: str, subject: str) -> None:
    await ours.see()
    async with ours.house.transaction(SYSTEM) as tx:
        await tx.emit(Event(name, subject, data={"customer": ours.customer.stripe_customer}))
    while await events.deliver(ours.house):
        pass


async def choose_another_card(ours: Ours, run: FixRun) -> None:
    visits.complete_checkout(ours.stripe.world, run.session or "", card=ANOTHER_CARD)
    await tell_of_page(ours, run)


async def tell_of_page(ours: Ours, run: FixRun) -> None:
    """Tell who listens that the secure page was filled in, and do what they ask for."""
    await tell(ours, "stripe.checkout.session.completed", run.session or "")
    for args in await ours.jobs(CARD_SAVED):
        await CardSaved(ours.house, ours.carry_out.reads, ours.door)(**args)


@dataclass(frozen=True)
class Away:
    """A customer who has left for the secure page to choose another card for this invoice."""

    mending: Mending
    invoice: str
    run: FixRun

    @property
    def ours(self) -> Ours:
        return self.mending.ours


@pytest.fixture
async def away(new_customer: NewCustomer, selfheal: SelfHeal) -> Away:
    ours = await new_customer()
    mending, invoice = Mending(ours, selfheal), await unpaid(ours)
    return Away(mending, invoice, await on_the_secure_page(mending, invoice))


async def card_in_use(ours: Ours) -> str:
    customer = await ours.stripe.get(f"customers/{ours.customer.stripe_customer}")
    method = customer["invoice_settings"]["default_payment_method"]
    return str((await ours.stripe.get(f"payment_methods/{method}"))["card"]["brand"])


async def test_a_card_chosen_while_the_bill_was_paid_otherwise_is_still_put_in_place(
    away: Away,
) -> None:
    ours, mending, run = away.ours, away.mending, away.run
    await pay_meanwhile(ours, away.invoice)
    assert (await mending.now(run)).state == "done"

    await choose_another_card(ours, run)
    after = await mending.work(run)
    assert (after.state, await card_in_use(ours)) == ("done", "mastercard")


async def test_a_card_saved_after_a_colleague_has_paid_asks_for_no_second_payment(
    away: Away,
) -> None:
    """Stripe has not told of the payment yet: we know of it because it was ours."""
    ours, mending, run = away.ours, away.mending, away.run
    await give_money(ours)
    colleague = await mending.work(await mending.begin("retry_payment", away.invoice))
    assert (colleague.state, (await mending.now(run)).state) == ("done", "away")

    await choose_another_card(ours, run)
    after = await mending.work(run)
    assert (after.state, await card_in_use(ours)) == ("done", "mastercard")
    assert (await paid(ours)).count("succeeded") == 1


async def test_a_card_is_put_in_place_once_however_often_its_page_is_told_of(
    away: Away,
) -> None:
    ours, mending, run = away.ours, away.mending, away.run
    await pay_meanwhile(ours, away.invoice)
    await choose_another_card(ours, run)
    after = await mending.work(run)
    await ours.stripe.set_card(str(ours.customer.stripe_customer), "pm_card_visa")

    await tell_of_page(ours, run)
    assert (await mending.now(run)).action == after.action
    assert await card_in_use(ours) == "visa"


async def test_a_payment_without_a_customer_belongs_to_nobody(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = {
        "id": "ch_nobodys",
        "object": "charge",
        "customer": None,
        "status": "succeeded",
        "amount_captured": 4_000,
        "amount_refunded": 0,
        "currency": "usd",
    }
    async with ours.house.transaction(SYSTEM) as tx:
        free = await people.add_customer(tx, name="Without Stripe")
        await objects.put_over(tx, unfold(charge, since=tx.now, until=tx.now), {})
        assert await mirror.get(tx, "ch_nobodys")
        with pytest.raises(NotOfferedError):
            await payment(tx, free, "ch_nobodys")


@pytest.mark.parametrize("figure", ["²", "٣", "1e3", "-5", ""])
async def test_a_change_of_plan_takes_only_plain_figures(
    new_customer: NewCustomer, selfheal: SelfHeal, figure: str
) -> None:
    ours = await new_customer()
    mending = Mending(ours, selfheal)
    seconds = str(int((ours.house.clock.now() - timedelta(minutes=1)).timestamp()))
    chosen = {"item": "si_1", "price": "price_1", "currency": "usd"}
    with pytest.raises((BadChoiceError, ChoiceNeededError)):
        await mending.begin("change_plan", "sub_1", **chosen, amount=figure, proration_date=seconds)
    with pytest.raises((BadChoiceError, ChoiceNeededError)):
        await mending.begin("change_plan", "sub_1", **chosen, amount="100", proration_date=figure)
