"""Actions and fixes as programs ask for them: with what the contract names, and nothing more."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    card,
    customer,
    invoice,
    paid_invoice,
    subscription,
    taken,
)
from tests.web.company import Company
from tests.web.contract import DOCUMENT

from prunella import actions
from prunella.actions import params

MONEY = {"amount": 500, "currency": "usd"}


async def asks(web: Company, kind: str, target: str, **more: Any) -> httpx.Response:
    body = {"kind": kind, "customer": "cus_northbeck", "target": target, "reason": "Asked by phone"}
    async with web.api() as staff:
        return await staff.post(
            "/v1/actions", json=body | more, headers={"idempotency-key": f"{kind}:{target}"}
        )


@pytest.mark.parametrize(
    ("kind", "target", "about", "more"),
    [
        ("cancel_subscription", "sub_plan", subscription(), {}),
        ("resume_subscription", "sub_plan", subscription(cancel_at_period_end=True), {}),
        ("resume_subscription", "sub_plan", subscription("paused"), {}),
        ("credit_note", "in_march", invoice(), MONEY),
        ("credit_note", "in_february", paid_invoice(), MONEY),
    ],
)
async def test_a_kind_with_one_plain_way_needs_no_more_words(
    web: Company, kind: str, target: str, about: Json, more: Mapping[str, Any]
) -> None:
    await web.knows(customer(), card(), about | {"id": target})
    answer = await asks(web, kind, target, **more)
    assert answer.status_code == 201, answer.text
    assert answer.json()["decision"]["verdict"] == "allow", answer.text
    again = await asks(web, kind, target, **more)
    assert again.json()["id"] == answer.json()["id"]


async def test_a_key_that_comes_again_after_the_plan_goes_on_is_the_same_action(
    web: Company,
) -> None:
    await web.knows(
        customer(), card(), subscription(cancel_at_period_end=True) | {"id": "sub_plan"}
    )
    first = await asks(web, "resume_subscription", "sub_plan")
    later = NOW + timedelta(minutes=1)
    await web.knows(subscription() | {"id": "sub_plan"}, at=later)
    again = await asks(web, "resume_subscription", "sub_plan")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])


@pytest.mark.parametrize(
    ("kind", "more", "named"),
    [
        ("set_payment_method", {}, "payment_method"),
        ("change_plan", {}, "price"),
        ("cancel_subscription", {"params": {"how": "someday"}}, "period_end, now"),
        ("cancel_subscription", {"params": {"colour": "red"}}, "cancel_subscription takes how."),
        ("set_payment_method", {"params": {"payment_method": ""}}, "payment_method is empty."),
        ("resume_subscription", {"params": {"how": "now"}}, "resume, keep, stay, collect"),
        ("void_invoice", {"params": {"how": "now"}}, "void_invoice takes nothing more."),
        ("change_plan", {"params": {"price": "p" * 201}}, "at most 200"),
        ("change_plan", {"params": {"run": "fix_1"}}, "run is not understood here."),
        ("retry_payment", {"params": {"off_session": "true"}}, "off_session"),
        ("cancel_subscription", {"amount": 0}, "amount is more than nothing"),
    ],
)
async def test_what_is_missing_or_not_understood_is_named(
    web: Company, kind: str, more: Mapping[str, Any], named: str
) -> None:
    await web.knows(customer(), card(), subscription() | {"id": "sub_plan"})
    answer = await asks(web, kind, "sub_plan", **more)
    assert answer.status_code == 422
    assert named in answer.json()["detail"]


async def test_a_fix_that_a_person_decides_on_names_their_case(web: Company) -> None:
    paid = [
        taken(name, amount=40_000, amount_captured=40_000, at=NOW - timedelta(days=9, minutes=ago))
        for name, ago in (("ch_one", 0), ("ch_two", -1))
    ]
    await web.knows(customer(), card(), subscription(), paid_invoice(), *paid)
    path = "/v1/customers/cus_northbeck/fixes/refund_duplicate"
    async with web.api(web.token("cus_northbeck")) as own:
        told = (await own.post(path, json={}, headers={"idempotency-key": "one"})).json()
        case = (await own.get(f"/v1/actions/{told['action']}")).json()["case"]
        again = (await own.post(path, json={}, headers={"idempotency-key": "one"})).json()
    assert told["status"] == "escalated"
    assert told["case"] == case is not None
    assert again == told


async def test_whoever_may_only_look_and_ask_reaches_a_person(web: Company) -> None:
    await web.knows(customer(), card())
    path = "/v1/customers/cus_northbeck/fixes/talk_to_human"
    async with web.api(web.token("cus_northbeck", role="member")) as member:
        told = (await member.post(path, json={}, headers={"idempotency-key": "one"})).json()
        assert told["status"] == "escalated"
        assert (await member.get(f"/v1/cases/{told['case']}")).status_code == 200
    async with web.api(await web.staff_token("viewer")) as viewer:
        answer = await viewer.post(path, json={}, headers={"idempotency-key": "two"})
        assert answer.status_code == 403


async def test_what_exactly_was_asked_for_is_told_to_whoever_decides(web: Company) -> None:
    await web.knows(customer(), card(), subscription() | {"id": "sub_plan"})
    asked = await asks(web, "cancel_subscription", "sub_plan", params={"how": "now"})
    assert asked.json()["params"] == {"how": "now"}
    async with web.api(web.token("cus_northbeck")) as api:
        shown = await api.get(f"/v1/actions/{asked.json()['id']}")
    assert shown.json()["params"] == {"how": "now"}


async def test_another_detail_under_the_same_key_is_another_request(web: Company) -> None:
    await web.knows(customer(), card(), subscription() | {"id": "sub_plan"})
    first = await asks(web, "cancel_subscription", "sub_plan", params={"how": "period_end"})
    again = await asks(web, "cancel_subscription", "sub_plan", params={"how": "now"})
    assert (first.status_code, again.status_code) == (201, 409)
    assert again.json()["title"] == "Idempotency-Key was used before"


def test_the_contract_tells_what_each_kind_takes() -> None:
    body = DOCUMENT["components"]["schemas"]["ActionBody"]["properties"]
    assert set(body["kind"]["description"][7:-1].split(", ")) == actions.KINDS
    for kind, takes in params.OF_KIND.items():
        assert kind in actions.KINDS
        line = next(one for one in body["params"]["description"].split("\n") if f"`{kind}`" in one)
        assert all(f"`{one.name}`" in line for one in takes)


@pytest.mark.parametrize(
    ("subscribed", "price"),
    [("sub_plan", "price_none"), ("sub_other", "price_x"), ("in_march", "")],
)
async def test_what_is_not_theirs_or_not_offered_has_no_preview(
    web: Company, subscribed: str, price: str
) -> None:
    await web.knows(customer(), card(), subscription() | {"id": "sub_plan"}, invoice())
    path = "/v1/customers/cus_northbeck/plan-previews"
    body = {"subscription": subscribed, "price": price}
    async with web.api() as staff:
        assert (await staff.post(path, json=body)).status_code in {404, 422}
    async with web.api(await web.staff_token("viewer")) as viewer:
        allowed = {"subscription": "sub_plan", "price": "price_none"}
        assert (await viewer.post(path, json=allowed)).status_code == 403
