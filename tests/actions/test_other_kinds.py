"""Setting a card where it is charged, and opening Stripe's own pages."""

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.world import PUBLIC_URL, Ours

from prunella import actions
from prunella.actions import ActionRequest, BadRequestError, NotTheirsError, UnknownKindError
from prunella.kit.actor import SYSTEM, Actor


async def take_url(ours: Ours, action: str) -> str | None:
    async with ours.house.transaction(ours.person) as tx:
        return await actions.take_url(tx, action)


async def new_card(ours: Ours) -> str:
    method = await ours.stripe.post("payment_methods", type="card", **{"card[token]": "tok_visa"})
    return str(method["id"])


async def subscription_of(ours: Ours, customer: str) -> str:
    product = await ours.stripe.post("products", name="Starter")
    price = await ours.stripe.post(
        "prices",
        product=product["id"],
        currency="usd",
        unit_amount="250000",
        **{"recurring[interval]": "month"},
    )
    made = await ours.stripe.post(
        "subscriptions", customer=customer, **{"items[0][price]": price["id"]}
    )
    await ours.see()
    return str(made["id"])


async def test_a_new_card_is_attached_and_set_on_the_customer(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    customer, card = ours.customer.address, await new_card(ours)
    asked = await ours.ask("set_payment_method", customer, params={"payment_method": card})
    done = await ours.work(asked)
    assert done.state == "succeeded"
    found = await ours.stripe.get(f"customers/{customer}")
    assert found["invoice_settings"]["default_payment_method"] == card
    assert {"kind": "customer", "id": customer} in await ours.jobs("mirror.refresh")


async def test_a_card_is_set_on_the_subscription_that_is_charged_by_it(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    subscription = await subscription_of(ours, ours.customer.address)
    card = await ours.stripe.set_card(ours.customer.address, "pm_card_mastercard")
    asked = await ours.ask("set_payment_method", subscription, params={"payment_method": card})
    assert (await ours.work(asked)).state == "succeeded"
    found = await ours.stripe.get(f"subscriptions/{subscription}")
    assert found["default_payment_method"] == card


@pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout_after"])
async def test_a_card_is_set_whatever_happens_to_the_answer(
    new_customer: NewCustomer, fault: str
) -> None:
    ours = await new_customer()
    customer, card = ours.customer.address, await new_card(ours)
    asked = await ours.ask("set_payment_method", customer, params={"payment_method": card})
    await ours.stripe.fault(fault, f"/customers/{customer}", method="POST")
    assert (await ours.work(asked)).state == "succeeded"


async def test_another_customers_card_is_refused(new_customer: NewCustomer) -> None:
    ours, other = await new_customer(), await new_customer()
    theirs = await ours.stripe.set_card(other.customer.address, "pm_card_mastercard")
    asked = await ours.ask(
        "set_payment_method", ours.customer.address, params={"payment_method": theirs}
    )
    failed = await ours.work(asked)
    assert failed.error_code == "payment_method_of_another_customer"

    await other.see()
    with pytest.raises(NotTheirsError):
        await ours.ask(
            "set_payment_method", ours.customer.address, params={"payment_method": theirs}
        )


async def test_a_card_that_its_bank_refuses_is_the_customers_to_change(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    bad = await ours.stripe.post(
        "payment_methods", type="card", **{"card[token]": "tok_chargeDeclinedStolenCard"}
    )
    asked = await ours.ask(
        "set_payment_method", ours.customer.address, params={"payment_method": bad["id"]}
    )
    failed = await ours.work(asked)
    assert failed.error is not None
    assert (failed.error["class"], failed.error["decline_code"]) == ("declined", "stolen_card")
    assert failed.error_code == "card_declined", "what is concealed is not shown"
    assert "action.needs_person" not in await ours.events(failed)


async def test_the_portal_opens_for_the_card_alone(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    params = {"flow": "payment_method_update", "return_path": "/billing/return?run=fix_1"}
    done = await ours.work(await ours.ask("open_portal", ours.customer.address, params=params))
    assert done.state == "succeeded"
    url = await take_url(ours, done.id)
    assert url is not None
    assert url.startswith("http")
    asked = ours.stripe.asked("/billing_portal/sessions")
    assert asked["return_url"] == f"{PUBLIC_URL}/billing/return?run=fix_1"
    assert asked["flow_data"]["type"] == "payment_method_update"


async def test_an_address_is_taken_once_and_stands_nowhere_else(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("open_checkout", ours.customer.address, params={"mode": "setup"})
    done = await ours.work(asked)
    url = await take_url(ours, done.id)
    assert url is not None
    assert await take_url(ours, done.id) is None
    assert done.result["checkout_session"].startswith("cs_")
    for table in ("actions", "action_steps", "audit_entries", "events", "session_urls"):
        sql = f"select count(*) as n from {table} t where to_jsonb(t)::text like %s"  # noqa: S608 the tables above
        async with ours.house.transaction(SYSTEM) as tx:
            row = await (await tx.conn.execute(sql.encode(), (f"%{url}%",))).fetchone()
        assert row is not None
        assert row["n"] == 0, table


@pytest.mark.parametrize("fault", ["error_before", "timeout_after"])
async def test_a_page_opens_on_the_second_try(new_customer: NewCustomer, fault: str) -> None:
    ours = await new_customer()
    asked = await ours.ask("open_checkout", ours.customer.address, params={"mode": "setup"})
    await ours.stripe.fault(fault, "/checkout/sessions")
    done = await ours.work(asked)
    assert done.state == "succeeded"
    assert await take_url(ours, done.id) is not None


async def test_an_expired_page_is_made_anew_with_what_stood_on_it(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    line = {
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "4900",
        "line_items[0][price_data][product_data][name]": "Custom rule",
        "line_items[0][quantity]": "2",
    }
    old = await ours.stripe.post(
        "checkout/sessions",
        mode="payment",
        customer=ours.customer.address,
        success_url="https://tai.example/thanks",
        client_reference_id="order_17",
        **line,
        **{"metadata[order]": "17"},
    )
    await ours.see()
    params = {"copy_of": old["id"]}
    early = await ours.ask("open_checkout", ours.customer.address, params=params)
    assert early.decision["rules"] == ["checkout.expired"]

    await ours.stripe.post(f"checkout/sessions/{old['id']}/expire")
    await ours.see()
    done = await ours.work(await ours.ask("open_checkout", ours.customer.address, params=params))
    assert done.state == "succeeded"
    made = await ours.stripe.get(f"checkout/sessions/{done.result['checkout_session']}")
    assert made["amount_total"] == 9800
    assert made["client_reference_id"] == "order_17"
    assert made["metadata"] == {"order": "17", "prunella_action": done.id}


async def test_a_mail_link_opens_no_whole_portal(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    by_mail = Actor(kind="customer", id=ours.customer.id, role="billing", verified=False)
    denied = await ours.ask("open_portal", ours.customer.address, actor=by_mail)
    assert denied.state == "denied"
    assert denied.decision["rules"] == ["who.mail_link"]
    assert await ours.jobs("actions.carry_out") == []


async def test_a_member_gets_nothing_of_what_runs(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    running = await ours.ask("open_portal", ours.customer.address)
    member = Actor(kind="customer", id=ours.customer.id, role="member", verified=True)
    denied = await ours.ask("open_portal", ours.customer.address, actor=member)
    assert denied.id != running.id
    assert denied.decision["rules"] == ["who.may_pay"]


async def test_what_follows_stripe_by_itself_is_not_written(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    denied = await ours.ask("sync_entitlement", ours.customer.address)
    assert denied.state == "denied"
    assert denied.decision["rules"] == ["sync.source", "sync.differs"]


@pytest.mark.parametrize(
    "params",
    [
        {"return_path": "//elsewhere.example"},
        {"return_path": "https://elsewhere.example"},
        {"return_url": "/billing"},
        {"flow": "x" * 201},
    ],
)
async def test_a_page_never_leads_elsewhere(
    new_customer: NewCustomer, params: dict[str, str]
) -> None:
    ours = await new_customer()
    with pytest.raises(BadRequestError):
        await ours.ask("open_portal", ours.customer.address, params=params)


async def test_nonsense_is_told_as_such(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    with pytest.raises(UnknownKindError):
        await ours.ask("make_coffee", ours.customer.address)
    with pytest.raises(BadRequestError, match="payment_method"):
        await ours.ask("set_payment_method", ours.customer.address)
    async with ours.house.transaction(SYSTEM) as tx:
        asked = ActionRequest(kind="refund", customer="cust_no", target="ch_1", business_key="k")
        with pytest.raises(NotTheirsError):
            await ours.door.request(tx, asked)
