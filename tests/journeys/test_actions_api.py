"""What a program asks for over the API is done at Stripe: each kind that says more than a sum."""

from http import HTTPStatus
from typing import Any

from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, subscriber


def call(running: Company, method: str, path: str, key: str = "", **body: Any) -> Any:
    headers = {"authorization": f"Bearer {running.admin_token}", "idempotency-key": key or path}
    answer = running.http.request(method, running.url + path, json=body or None, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


def done(running: Company, customer: Subscriber, **asked: Any) -> dict[str, Any]:
    """Ask twice under one key, and wait for how it ends."""
    body = {"customer": customer.id, "reason": "Asked by phone"} | asked
    key = f"{customer.id}:{asked['kind']}"
    first, again = (call(running, "POST", "/v1/actions", key, **body) for _ in range(2))
    assert first["id"] == again["id"]
    assert first["decision"]["verdict"] == "allow", first

    def settled() -> Any:
        found = call(running, "GET", f"/v1/actions/{first['id']}")
        return found if found["settled_at"] else None

    ended: dict[str, Any] = running.until(settled, what=f"{asked['kind']} is done")
    assert ended["state"] == "succeeded", ended
    return ended


def known(running: Company) -> Subscriber:
    customer = subscriber(running)
    customer.becomes_known()
    return customer


def plan_of(customer: Subscriber) -> Any:
    return customer.stripe.subscriptions.list({"customer": customer.id}).data[0]


def test_a_card_becomes_the_one_in_place(running: Company) -> None:
    customer = known(running)
    other = customer.stripe.payment_methods.attach("pm_card_mastercard", {"customer": customer.id})
    for target in (customer.id, plan_of(customer).id):
        more = {"target": target, "params": {"payment_method": other.id}}
        body = {"customer": customer.id, "reason": "Asked by phone", "kind": "set_payment_method"}
        asked = call(running, "POST", "/v1/actions", f"{target}:card", **body, **more)

        def settled(name: str = asked["id"]) -> bool:
            return bool(call(running, "GET", f"/v1/actions/{name}")["state"] == "succeeded")

        running.until(settled, what="the card is in place")
    found = customer.stripe.customers.retrieve(customer.id)
    assert found.invoice_settings.default_payment_method == other.id
    assert plan_of(customer).default_payment_method == other.id


def test_billing_details_are_those_that_were_sent(running: Company) -> None:
    customer = known(running)
    details = {
        "name": "Northbeck Holding",
        "email": "books@northbeck.example",
        "line1": "2 Quay",
        "line2": "",
        "city": "Bremen",
        "postal_code": "28195",
        "country": "DE",
        "tax_type": "eu_vat",
        "tax_id": "DE123456789",
    }
    done(running, customer, kind="update_billing_details", target=customer.id, params=details)
    found = customer.stripe.customers.retrieve(customer.id)
    assert (found.name, found.email) == ("Northbeck Holding", "books@northbeck.example")
    assert (found.address.city, found.address.country) == ("Bremen", "DE")
    ids = customer.stripe.customers.tax_ids.list(customer.id).data
    assert [one.value for one in ids] == ["DE123456789"]


def test_a_plan_goes_on_as_it_was_asked(running: Company) -> None:
    customer = known(running)
    plan = plan_of(customer).id
    customer.stripe.subscriptions.update(plan, {"cancel_at_period_end": True})
    running.until(
        lambda: "resume_subscription" in str(running.diagnosis(customer.id)), what="it is to end"
    )
    done(running, customer, kind="resume_subscription", target=plan, params={"how": "keep"})
    assert plan_of(customer).cancel_at_period_end is False


def test_a_plan_is_changed_for_what_was_previewed(running: Company) -> None:
    customer = known(running)
    product = customer.stripe.products.create({"name": "Professional"})
    price = customer.stripe.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 1_500_000,
            "lookup_key": "professional_usd",
            "recurring": {"interval": "month"},
        }
    )
    address, plan = f"/v1/customers/{customer.id}/plan-previews", plan_of(customer)
    wanted = {"subscription": plan.id, "price": price.id}

    def previewed() -> Any:
        headers = {"authorization": f"Bearer {running.admin_token}"}
        answer = running.http.post(running.url + address, json=wanted, headers=headers)
        return answer.json() if answer.is_success else None

    preview = running.until(previewed, what="the price is known")
    assert preview["amount"] > 0
    asked = preview["action"]
    assert asked.pop("customer") == customer.id
    done(running, customer, **asked)
    now = plan_of(customer)
    assert now["items"].data[0].price.id == price.id
    paid = customer.stripe.charges.list({"customer": customer.id}).data
    assert paid[0].amount == preview["amount"]


def test_an_account_that_is_younger_than_its_webhook_is_asked_for_at_stripe(
    running: Company,
) -> None:
    client = running.stripe.v1
    [endpoint] = client.webhook_endpoints.list().data
    client.webhook_endpoints.update(endpoint.id, {"disabled": True})
    made = client.customers.create({"name": "Early Bird", "email": "early@bird.example"})
    client.webhook_endpoints.update(endpoint.id, {"disabled": False})

    def told(name: str) -> int:
        return running.http.get(
            f"{running.url}/v1/customers/{name}/diagnosis",
            headers={"authorization": f"Bearer {running.token(name)}"},
        ).status_code

    # A Stripe that took too long is asked again a minute later.
    running.until(lambda: told(made.id) == HTTPStatus.OK, what="they are known")
    for name in ("cus_nobody", "acme-42"):
        assert told(name) == HTTPStatus.UNAUTHORIZED
