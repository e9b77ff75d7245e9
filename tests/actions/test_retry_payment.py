"""Paying an open invoice: once, whatever happens on the way."""

import asyncio

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.world import DUE, Ours

from prunella import audit
from prunella.actions import NotTheirsError
from prunella.kit.actor import SYSTEM, Actor


async def invoice_of(ours: Ours) -> str:
    name = await ours.stripe.bill(ours.customer.stripe_customer or "")
    await ours.see()
    return name


async def charges_of(ours: Ours) -> list[str]:
    found = await ours.stripe.charges(ours.customer.stripe_customer or "")
    return [charge["status"] for charge in found]


async def test_a_click_pays_the_invoice(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await invoice_of(ours)
    asked = await ours.ask("retry_payment", invoice)
    assert (asked.state, asked.amount, asked.currency) == ("approved", DUE, "usd")
    assert await ours.jobs("actions.carry_out") == [{"action": asked.id}]

    done = await ours.work(asked)

    assert done.state == "succeeded"
    assert done.result["status"] == "paid"
    assert done.error is None
    assert await charges_of(ours) == ["succeeded"]
    assert await ours.life(done) == ["requested", "approved", "submitting", "succeeded"]
    names = ["action.approved", "action.submitting", "action.succeeded"]
    assert await ours.events(done) == names
    assert {"kind": "invoice", "id": invoice} in await ours.jobs("mirror.refresh")


async def test_stripe_knows_the_attempt_by_the_actions_id(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.work(asked)
    sent = await ours.stripe.sent("/pay")
    assert [one["idempotency_key"] for one in sent] == [asked.id]


async def test_every_step_is_in_the_audit_log(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    done = await ours.work(await ours.ask("retry_payment", await invoice_of(ours)))
    async with ours.house.transaction(SYSTEM) as tx:
        entries = await audit.of_subject(tx, done.id)
    verbs = ["requested", "approved", "submitting", "succeeded"]
    assert [entry.verb for entry in entries] == [f"action.{verb}" for verb in verbs]
    assert entries[0].actor_kind == "customer"
    assert entries[-1].actor_kind == "system"


async def test_a_second_click_does_not_pay_twice(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await invoice_of(ours)
    first = await ours.ask("retry_payment", invoice)
    assert (await ours.ask("retry_payment", invoice)).id == first.id
    await ours.work(first)
    await ours.work(first)
    await ours.see()
    late = await ours.ask("retry_payment", invoice)
    assert late.state == "denied"
    assert late.decision["rules"] == ["payment.invoice_open"]
    assert await charges_of(ours) == ["succeeded"]


async def test_another_key_for_the_same_invoice_gives_the_open_payment(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    invoice = await invoice_of(ours)
    first = await ours.ask("retry_payment", invoice, business_key=f"retry:{invoice}:0")
    other = await ours.ask("retry_payment", invoice, business_key=f"retry:{invoice}:1")
    assert other.id == first.id


async def test_32_tabs_at_once_get_one_action(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await invoice_of(ours)
    tabs = [ours.ask("retry_payment", invoice) for _ in range(32)]
    assert len({action.id for action in await asyncio.gather(*tabs)}) == 1
    assert len(await ours.jobs("actions.carry_out")) == 1


async def test_a_bank_that_says_no_ends_it_with_the_code(new_customer: NewCustomer) -> None:
    ours = await new_customer(card="pm_card_chargeCustomerFail")
    failed = await ours.work(await ours.ask("retry_payment", await invoice_of(ours)))
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error["class"] == "declined"
    assert failed.error["decline_code"] == "generic_decline"
    assert failed.error["charge"].startswith("ch_")
    assert "action.needs_person" not in await ours.events(failed)


async def test_a_bank_that_asks_the_customer_says_so(new_customer: NewCustomer) -> None:
    ours = await new_customer(card="pm_card_authenticationRequired")
    failed = await ours.work(await ours.ask("retry_payment", await invoice_of(ours)))
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error["class"] == "needs_customer"


async def test_an_invoice_that_was_paid_meanwhile_is_a_success(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await invoice_of(ours)
    asked = await ours.ask("retry_payment", invoice)
    await ours.stripe.post(f"invoices/{invoice}/pay")
    done = await ours.work(asked)
    assert done.state == "succeeded"
    assert await charges_of(ours) == ["succeeded"]


async def test_an_invoice_that_was_voided_meanwhile_calls_a_person(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    invoice = await invoice_of(ours)
    asked = await ours.ask("retry_payment", invoice)
    await ours.stripe.post(f"invoices/{invoice}/void")
    failed = await ours.work(asked)
    assert failed.state == "failed"
    assert "action.needs_person" in await ours.events(failed)


async def test_the_card_that_was_chosen_is_the_one_that_pays(new_customer: NewCustomer) -> None:
    ours = await new_customer(card="pm_card_chargeCustomerFail")
    customer = ours.customer.stripe_customer or ""
    chosen = await ours.stripe.post("payment_methods/pm_card_mastercard/attach", customer=customer)
    invoice = await invoice_of(ours)
    asked = await ours.ask("retry_payment", invoice, params={"payment_method": chosen["id"]})
    done = await ours.work(asked)
    assert done.state == "succeeded"
    assert (await ours.stripe.charges(customer))[0]["payment_method"] == chosen["id"]


async def test_only_who_is_on_the_page_is_asked_to_confirm(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    staff = Actor(kind="staff", id="tok_1", role="agent", verified=True)
    for actor, off_session in ((ours.person, "false"), (staff, "true")):
        await ours.work(await ours.ask("retry_payment", await invoice_of(ours), actor=actor))
        assert ours.stripe.asked("/pay")["off_session"] == off_session


async def test_a_payment_that_waits_for_the_customer_is_not_sent_again(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer(card="pm_card_authenticationRequired")
    invoice = await invoice_of(ours)
    await ours.work(await ours.ask("retry_payment", invoice))
    await ours.see()
    again = await ours.ask("retry_payment", invoice)
    assert again.decision["rules"] == ["payment.needs_customer"]


async def test_another_customers_invoice_does_not_exist(new_customer: NewCustomer) -> None:
    ours, other = await new_customer(), await new_customer()
    theirs = await invoice_of(other)
    await ours.see()
    with pytest.raises(NotTheirsError):
        await ours.ask("retry_payment", theirs)
    with pytest.raises(NotTheirsError):
        await ours.ask("retry_payment", "in_nowhere")


async def test_another_customers_running_payment_is_not_handed_out(
    new_customer: NewCustomer,
) -> None:
    ours, other = await new_customer(), await new_customer()
    theirs = await invoice_of(other)
    await other.ask("retry_payment", theirs)
    with pytest.raises(NotTheirsError):
        await ours.ask("retry_payment", theirs)
