"""What is paid for is switched on with one click, in the company's own system."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.async_api import expect
from psycopg.conninfo import conninfo_to_dict
from tests.browsing import NewPage, follow
from tests.conftest import TEMPLATE
from tests.journeys.company import Company, company
from tests.journeys.subscriber import Subscriber, subscriber
from tests.journeys.visit import come_in, keep, press_main, sees, sees_green

from prunella.kit.database import create_database, drop_database
from prunella.kit.ids import new_id

OFF = "Your plan is not switched on"
FIX = "sync_entitlement"


@pytest.fixture(scope="module")
def running(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """An installation that asks the company's own system."""
    url = create_database(server, template=TEMPLATE)
    with company(url, tmp_path_factory.mktemp("company"), own_system=True) as opened:
        yield opened
    drop_database(server, name=str(conninfo_to_dict(url)["dbname"]))


def starter(running: Company) -> str:
    """The one price of the plan, made where it is asked for first."""
    client: Any = running.stripe.v1
    known = client.prices.list({"lookup_keys": ["starter_usd"]}).data
    if known:
        return str(known[0].id)
    price = client.prices.create(
        {
            "product": client.products.create({"name": "Starter"}).id,
            "currency": "usd",
            "unit_amount": 250_000,
            "lookup_key": "starter_usd",
            "recurring": {"interval": "month"},
        }
    )
    return str(price.id)


def paying(running: Company) -> Subscriber:
    customer = subscriber(running, starter(running))
    customer.becomes_known()
    return customer


def lets_use(customer: Subscriber, plan: str | None, *, active: bool = True) -> None:
    """Their own system says so from now on."""
    said = {"customer": customer.id, "plan": plan, "active": active, "quantity": 1}
    customer.running.outside("POST", "/_sandbox/entitlements", json=said)


def allowed(customer: Subscriber) -> dict[str, Any]:
    found: dict[str, Any] = customer.running.outside(
        "GET", f"/entitlements/{customer.id}", headers={"Authorization": "Bearer x"}
    )
    return found


def writes(customer: Subscriber) -> list[dict[str, Any]]:
    log = customer.running.outside("GET", "/_sandbox/requests")["requests"]
    return [one for one in log if one["method"] == "PUT" and one["path"].endswith(customer.id)]


def asked_anew(customer: Subscriber) -> dict[str, Any]:
    """The diagnosis once the company's own system was asked."""
    running = customer.running
    answer = running.http.get(
        f"{running.url}/v1/customers/{customer.id}/diagnosis?fresh=true",
        headers={"Authorization": f"Bearer {running.admin_token}"},
    )
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def fix(customer: Subscriber, *, key: str, **claims: Any) -> httpx.Response:
    running = customer.running
    return running.http.post(
        f"{running.url}/v1/customers/{customer.id}/fixes/{FIX}",
        headers={
            "Authorization": f"Bearer {running.token(customer.id, **claims)}",
            "Idempotency-Key": key,
        },
        json={},
    )


async def test_one_click_switches_on_what_is_paid_for(running: Company, new_page: NewPage) -> None:
    customer = paying(running)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await sees_green(page)
    lets_use(customer, "free")
    await follow(page.get_by_role("button", name="Check again"))
    await expect(page.get_by_role("heading", name=OFF, level=1)).to_be_visible()
    await sees(page, "You have the plan Starter, and nothing of it is switched on.")
    await sees(page, "The mistake is ours.")
    await keep(page, "switched-off-phone")
    await press_main(page)
    await sees(page, "Everything that belongs to your plan is switched on.")
    await sees_green(page)
    assert allowed(customer) == {"plan": "starter", "active": True, "quantity": 1}
    assert len(writes(customer)) == 1
    await follow(page.get_by_role("link", name="What was done for you"))
    await sees(page, "What you can use was brought up to date")
    verified = running.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


async def test_what_was_put_right_meanwhile_is_green_by_itself(
    running: Company, new_page: NewPage
) -> None:
    customer = paying(running)
    running.advance(minutes=2)
    armed = "select 1 from timers where name = 'entitlements.read' and subject = %s"
    running.until(lambda: not running.rows(armed, customer.id), what="nobody asks by themselves")
    lets_use(customer, None, active=False)
    assert asked_anew(customer)["root_cause"] == "entitlement_missing"
    lets_use(customer, "starter")
    running.advance(minutes=2)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await sees_green(page)
    assert not writes(customer)


def test_an_answer_that_is_lost_is_no_second_write(running: Company) -> None:
    customer = paying(running)
    lets_use(customer, None, active=False)
    assert asked_anew(customer)["root_cause"] == "entitlement_missing"
    lost = {"kind": "timeout_after", "path": f"/entitlements/{customer.id}", "method": "PUT"}
    running.outside("POST", "/_sandbox/faults", json=lost)
    key = new_id("click")
    running.until(lambda: fix(customer, key=key).json()["status"] == "done", what="the fix is done")
    assert allowed(customer)["active"] is True
    assert len(writes(customer)) == 1
    assert running.diagnosis(customer.id)["root_cause"] == "healthy"


def test_a_worker_that_is_killed_in_between_leaves_nothing_undone(running: Company) -> None:
    customer = paying(running)
    lets_use(customer, None, active=False)
    asked_anew(customer)
    slow = {"kind": "slow", "path": f"/entitlements/{customer.id}", "method": "PUT", "seconds": 600}
    running.outside("POST", "/_sandbox/faults", json=slow)
    begun = fix(customer, key=new_id("click")).json()
    of_them = "select state from actions where kind = 'sync_entitlement' and target = %s"
    running.until(
        lambda: running.rows(of_them, customer.id) == [("submitting",)], what="it is being sent"
    )
    running.kill("worker")
    running.start("worker")
    running.until(lambda: allowed(customer)["active"], what="it is switched on")
    running.until(
        lambda: running.rows(of_them, customer.id) == [("succeeded",)], what="it has succeeded"
    )
    assert begun["status"] in {"working", "done"}
    keys = {one["idempotency_key"] for one in writes(customer)}
    assert keys == {
        name
        for (name,) in running.rows(
            "select id from actions where kind = 'sync_entitlement' and target = %s", customer.id
        )
    }


def test_not_everybody_may_and_not_without_need(running: Company) -> None:
    customer, other = paying(running), paying(running)
    assert asked_anew(customer)["root_cause"] == "healthy"
    assert fix(customer, key=new_id("click")).status_code == 404, "there is nothing to mend"
    lets_use(customer, None, active=False)
    lets_use(other, None, active=False)
    for one in (customer, other):
        asked_anew(one)
    assert fix(customer, key=new_id("click"), role="member").status_code == 403
    theirs = running.http.post(
        f"{running.url}/v1/customers/{other.id}/fixes/{FIX}",
        headers={
            "Authorization": f"Bearer {running.token(customer.id)}",
            "Idempotency-Key": new_id("click"),
        },
        json={},
    )
    assert theirs.status_code == 404
    assert not writes(customer)
    assert not writes(other)


def test_a_system_that_does_not_answer_alarms_nobody(running: Company) -> None:
    customer = paying(running)
    lets_use(customer, None, active=False)
    broken = {"kind": "error_before", "path": f"/entitlements/{customer.id}", "count": 100}
    running.outside("POST", "/_sandbox/faults", json=broken)
    diagnosis = asked_anew(customer)
    assert (diagnosis["status"], diagnosis["root_cause"]) == ("green", "healthy")
    states = {one["name"]: one["state"] for one in diagnosis["sources"]}
    assert states["subscriptions"] == "unreachable"
    running.outside("DELETE", "/_sandbox/faults")
    assert asked_anew(customer)["root_cause"] == "entitlement_missing"


def test_doctor_says_in_words_how_it_is(running: Company) -> None:
    said = running.command("doctor").stdout
    assert "● The system of PRUNELLA_SUBSCRIPTIONS_URL answers" in said
    assert "can be brought up to date there" in said
    shown = json.dumps(running.http.get(f"{running.url}/openapi.json").json())
    assert "subscriptions_token" not in shown
