"""Invoices that are sent again, billing details, plans that go on: once, whatever happens."""

from typing import Any

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.world import Ours

from prunella import audit
from prunella.actions import Action, BadRequestError, NotTheirsError
from prunella.kit.actor import SYSTEM, Actor

DETAILS = {
    "name": "Northbeck GmbH",
    "email": "accounts@northbeck.example",
    "line1": "Lindenallee 4",
    "city": "Bremen",
    "postal_code": "28195",
    "country": "DE",
    "tax_type": "eu_vat",
    "tax_id": "DE123456789",
}
LOST = ["error_before", "error_after", "timeout_after"]


async def sent_invoice(ours: Ours) -> str:
    customer = ours.customer.address
    await ours.stripe.post("invoiceitems", customer=customer, amount="4900", currency="usd")
    fields = {"collection_method": "send_invoice", "days_until_due": "14", "auto_advance": "false"}
    draft = await ours.stripe.post(
        "invoices", customer=customer, pending_invoice_items_behavior="include", **fields
    )
    await ours.stripe.post(f"invoices/{draft['id']}/finalize")
    await ours.see()
    return str(draft["id"])


async def plan(ours: Ours, **fields: str) -> str:
    product = await ours.stripe.post("products", name="Starter")
    month = {"recurring[interval]": "month", "currency": "usd", "unit_amount": "250000"}
    price = await ours.stripe.post("prices", product=product["id"], **month)
    made = await ours.stripe.post(
        "subscriptions",
        customer=ours.customer.address,
        **{"items[0][price]": price["id"]},
        **fields,
    )
    await ours.see()
    return str(made["id"])


async def go_through(ours: Ours, asked: Action) -> Action:
    """Work, and after a lost answer look again once time has passed."""
    await ours.work(asked)
    for _ in range(3):
        await ours.stripe.pass_time(hours=1)
        await ours.fire_timers()
        await ours.work(asked)
    return await ours.now(asked)


def by_mail(ours: Ours) -> Actor:
    return Actor(kind="customer", id=ours.customer.id, role="billing", verified=False)


async def test_an_invoice_is_sent_again_and_not_twice_a_day(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await sent_invoice(ours)
    done = await ours.work(await ours.ask("send_invoice", invoice))
    assert done.state == "succeeded"
    again = await ours.ask("send_invoice", invoice)
    assert again.decision["rules"] == ["send.once_a_day"]
    assert len(await ours.stripe.sent("/send")) == 1
    await ours.stripe.pass_time(hours=25)
    assert (await ours.ask("send_invoice", invoice)).state == "approved"


async def test_an_invoice_that_is_collected_is_not_sent(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await ours.stripe.bill(ours.customer.address)
    await ours.see()
    denied = await ours.ask("send_invoice", invoice)
    assert denied.decision["rules"] == ["send.sent_by_stripe"]


async def test_billing_details_are_changed_and_the_log_holds_none_of_them(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    customer = ours.customer.address
    done = await ours.work(await ours.ask("update_billing_details", customer, params=DETAILS))
    assert done.state == "succeeded"
    found = await ours.stripe.get(f"customers/{customer}")
    assert (found["name"], found["email"]) == (DETAILS["name"], DETAILS["email"])
    assert found["address"]["city"] == "Bremen"
    tax_ids = (await ours.stripe.get(f"customers/{customer}/tax_ids"))["data"]
    assert [one["value"] for one in tax_ids] == ["DE123456789"]
    async with ours.house.transaction(SYSTEM) as tx:
        entries = await audit.of_subject(tx, done.id)
    assert (entries[0].after or {})["given"] == sorted(DETAILS)
    told = repr(entries)
    assert not [value for name, value in DETAILS.items() if name != "country" and value in told]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("path", ["/tax_ids", "/customers/"])
async def test_billing_details_arrive_whatever_happens_to_the_answer(
    new_customer: NewCustomer, fault: str, path: str
) -> None:
    ours = await new_customer()
    customer = ours.customer.address
    where = f"/customers/{customer}" if path == "/customers/" else path
    await ours.stripe.fault(fault, where, method="POST")
    asked = await ours.ask("update_billing_details", customer, params=DETAILS)
    assert (await go_through(ours, asked)).state == "succeeded"
    tax_ids = (await ours.stripe.get(f"customers/{customer}/tax_ids"))["data"]
    assert len(tax_ids) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "Germany"},
        {"email": "nobody"},
        {"name": ""},
        {"tax_id": "1"},
        {"tax_type": "xx_vat"},
        {"tax_remove": "yes"},
        {"line1": "a\nb"},
        {"city": "https://elsewhere.example"},
        {"city": "x" * 201},
    ],
)
async def test_details_that_cannot_be_right_are_refused(
    new_customer: NewCustomer, wrong: dict[str, str]
) -> None:
    ours = await new_customer()
    with pytest.raises(BadRequestError):
        await ours.ask("update_billing_details", ours.customer.address, params={**DETAILS, **wrong})


async def tax_ids_of(ours: Ours) -> list[tuple[str, str]]:
    known = (await ours.stripe.get(f"customers/{ours.customer.address}/tax_ids"))["data"]
    return sorted((one["type"], one["value"]) for one in known)


async def corrected(ours: Ours, **params: str) -> Action:
    plain = {name: value for name, value in DETAILS.items() if not name.startswith("tax_")}
    asked = await ours.ask("update_billing_details", ours.customer.address, params=plain | params)
    return await go_through(ours, asked)


async def test_a_corrected_tax_id_takes_the_place_of_the_one_of_its_kind(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    await corrected(ours, tax_type="eu_vat", tax_id="DE123456789")
    await corrected(ours, tax_type="us_ein", tax_id="12-3456789")
    done = await corrected(ours, tax_type="eu_vat", tax_id="DE987654321")
    assert done.state == "succeeded"
    assert await tax_ids_of(ours) == [("eu_vat", "DE987654321"), ("us_ein", "12-3456789")]


async def test_a_tax_id_is_taken_away_when_they_say_so_and_not_before(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    await corrected(ours, tax_type="eu_vat", tax_id="DE123456789")
    await corrected(ours)
    assert await tax_ids_of(ours) == [("eu_vat", "DE123456789")]
    done = await corrected(ours, tax_type="eu_vat", tax_remove="yes")
    assert (done.state, await tax_ids_of(ours)) == ("succeeded", [])


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_a_replaced_tax_id_is_there_once_whatever_happens_to_the_answer(
    new_customer: NewCustomer, fault: str, method: str
) -> None:
    ours = await new_customer()
    await corrected(ours, tax_type="eu_vat", tax_id="DE123456789")
    await ours.stripe.fault(fault, "/tax_ids", method=method)
    done = await corrected(ours, tax_type="eu_vat", tax_id="DE987654321")
    assert done.state == "succeeded"
    assert await tax_ids_of(ours) == [("eu_vat", "DE987654321")]


async def test_a_tax_id_that_is_refused_leaves_the_old_one(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    await corrected(ours, tax_type="eu_vat", tax_id="DE123456789")
    failed = await corrected(ours, tax_type="eu_vat", tax_id="DE000000000")
    assert failed.error_code == "tax_id_invalid"
    assert await tax_ids_of(ours) == [("eu_vat", "DE123456789")]


async def test_a_tax_id_that_stripe_refuses_changes_nothing(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    details = {**DETAILS, "tax_id": "DE000000000"}
    asked = await ours.ask("update_billing_details", ours.customer.address, params=details)
    failed = await ours.work(asked)
    assert failed.error_code == "tax_id_invalid"
    found = await ours.stripe.get(f"customers/{ours.customer.address}")
    assert found["name"] == "Northbeck"


@pytest.mark.parametrize("fault", [None, *LOST])
async def test_a_plan_that_was_to_end_is_kept(new_customer: NewCustomer, fault: str | None) -> None:
    ours = await new_customer()
    subscription = await plan(ours, cancel_at_period_end="true")
    if fault:
        await ours.stripe.fault(fault, f"/subscriptions/{subscription}", method="POST")
    asked = await ours.ask("resume_subscription", subscription, params={"how": "keep"})
    assert (await go_through(ours, asked)).state == "succeeded"
    found = await ours.stripe.get(f"subscriptions/{subscription}")
    assert not found["cancel_at_period_end"]


async def paused_plan(ours: Ours) -> str:
    ends: dict[str, str] = {
        "trial_period_days": "1",
        "trial_settings[end_behavior][missing_payment_method]": "pause",
    }
    subscription = await plan(ours, **ends)
    await ours.stripe.pass_time(hours=26)
    await ours.stripe.set_card(ours.customer.address, "pm_card_visa")
    await ours.see()
    return subscription


@pytest.mark.parametrize("fault", [None, *LOST])
async def test_a_paused_plan_starts_again_and_is_paid_once(
    new_customer: NewCustomer, fault: str | None
) -> None:
    ours = await new_customer(card=None)
    subscription = await paused_plan(ours)
    if fault:
        await ours.stripe.fault(fault, "/resume")
    asked = await ours.ask("resume_subscription", subscription, params={"how": "resume"})
    done = await go_through(ours, asked)
    assert done.state == "succeeded", done.error
    found = await ours.stripe.get(f"subscriptions/{subscription}")
    assert found["status"] == "active"
    assert len(await ours.stripe.charges(ours.customer.address)) == 1


async def test_a_plan_that_runs_has_nothing_to_resume(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    subscription = await plan(ours)
    for how in ("keep", "resume"):
        denied = await ours.ask("resume_subscription", subscription, params={"how": how})
        assert denied.decision["rules"] == ["resume.possible"]


NEEDS: dict[str, dict[str, Any]] = {
    "update_billing_details": {"params": {"name": "Else"}},
    "resume_subscription": {"params": {"how": "keep"}},
    "send_invoice": {},
}


@pytest.mark.parametrize("kind", NEEDS)
async def test_a_mails_button_and_a_member_may_not(new_customer: NewCustomer, kind: str) -> None:
    ours = await new_customer()
    target = {
        "update_billing_details": ours.customer.address,
        "resume_subscription": await plan(ours, cancel_at_period_end="true"),
        "send_invoice": await sent_invoice(ours),
    }[kind]
    denied = await ours.ask(kind, target, actor=by_mail(ours), **NEEDS[kind])
    assert denied.decision["rules"] == ["who.mail_link"]
    member = Actor(kind="customer", id=ours.customer.id, role="member", verified=True)
    denied = await ours.ask(kind, target, actor=member, **NEEDS[kind])
    assert denied.decision["rules"] == ["who.may_pay"]


@pytest.mark.parametrize("kind", NEEDS)
async def test_what_is_another_customers_does_not_exist(
    new_customer: NewCustomer, kind: str
) -> None:
    ours, other = await new_customer(), await new_customer()
    target = {
        "update_billing_details": other.customer.address,
        "resume_subscription": await plan(other, cancel_at_period_end="true"),
        "send_invoice": await sent_invoice(other),
    }[kind]
    with pytest.raises(NotTheirsError):
        await ours.ask(kind, target, **NEEDS[kind])
