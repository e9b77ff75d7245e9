"""What programs call, and what they may see."""

import hashlib
import hmac
import time
from typing import Any

import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.company import WEBHOOKS, Company

ASK = {"kind": "retry_payment", "customer": "cus_northbeck", "target": "in_march", "reason": "x"}


@pytest.fixture(autouse=True)
async def _known(web: Company) -> None:
    await web.knows(customer(), card(), *failed(decline_code="insufficient_funds"))


async def test_a_diagnosis_has_the_contracts_fields(web: Company) -> None:
    async with web.api() as client:
        answer = await client.get("/v1/customers/cus_northbeck/diagnosis")
    body = answer.json()
    assert body["customer"] == "cus_northbeck"
    assert (body["status"], body["root_cause"]) == ("red", "insufficient_funds")
    assert body["recommended_action"] == "update_card"
    assert body["self_serve_eligible"] is True
    assert {"explanation", "findings", "as_of", "sources"} <= set(body)


async def test_a_fresh_diagnosis_without_stripe_answers_from_what_we_know(web: Company) -> None:
    async with web.api() as client:
        answer = await client.get("/v1/customers/cus_northbeck/diagnosis?fresh=true")
    assert answer.status_code == 200
    assert answer.json()["root_cause"] == "insufficient_funds"
    assert answer.json()["sources"][0]["state"] == "unreachable"


async def test_a_person_is_among_the_fixes(web: Company) -> None:
    async with web.api() as client:
        fixes = (await client.get("/v1/customers/cus_northbeck/fixes")).json()["fixes"]
    assert fixes[-1]["name"] == "talk_to_human"
    assert all({"name", "label"} <= set(fix) for fix in fixes)


async def test_a_customers_program_sees_its_own_and_nothing_else(web: Company) -> None:
    stranger = await web.free_customer()
    async with web.api(web.token("cus_northbeck")) as own:
        assert (await own.get("/v1/customers/cus_northbeck/diagnosis")).status_code == 200
        for path in (f"{stranger.id}/diagnosis", f"{stranger.id}/fixes", "cus_other/diagnosis"):
            assert (await own.get(f"/v1/customers/{path}")).status_code == 404
        foreign = await own.post(
            "/v1/cases", json={"customer": stranger.id, "subject": "x", "text": "x"}
        )
        assert foreign.status_code == 404
    assert await web.count("cases") == 0


async def test_what_acts_needs_a_key(web: Company) -> None:
    async with web.api() as client:
        for path, body in (("customers/cus_northbeck/fixes/talk_to_human", {}), ("actions", ASK)):
            answer = await client.post(f"/v1/{path}", json=body)
            assert answer.status_code == 400
            assert "Idempotency-Key" in answer.json()["detail"]
    assert await web.count("actions") == 0


async def test_the_same_key_is_the_same_action(web: Company) -> None:
    async with web.api() as client:
        key = {"idempotency-key": "one"}
        first = await client.post("/v1/actions", json=ASK, headers=key)
        again = await client.post("/v1/actions", json=ASK, headers=key)
        other = await client.post("/v1/actions", json=ASK | {"reason": "y"}, headers=key)
        shown = await client.get(f"/v1/actions/{first.json()['id']}")
    assert first.status_code == 201
    assert first.json()["id"] == again.json()["id"] == shown.json()["id"]
    assert first.json()["customer"] == "cus_northbeck"
    assert first.json()["decision"]["verdict"] in {"allow", "deny", "needs_approval"}
    assert other.status_code == 409
    assert await web.count("actions") == 1


async def test_an_action_of_somebody_else_does_not_exist(web: Company) -> None:
    stranger = await web.free_customer()
    async with web.api() as client:
        made = await client.post("/v1/actions", json=ASK, headers={"idempotency-key": "one"})
    async with web.api(web.token(stranger.id)) as other:
        assert (await other.get(f"/v1/actions/{made.json()['id']}")).status_code == 404
    async with web.api(web.token("cus_northbeck")) as own:
        assert (await own.get(f"/v1/actions/{made.json()['id']}")).status_code == 200


async def test_who_may_only_look_may_not_act(web: Company) -> None:
    key = {"idempotency-key": "one"}
    member = web.token("cus_northbeck", role="member")
    for token in (await web.staff_token("viewer"), member):
        async with web.api(token) as client:
            fix = "/v1/customers/cus_northbeck/fixes/retry_payment"
            assert (await client.post(fix, json={}, headers=key)).status_code == 403
            assert (await client.post("/v1/actions", json=ASK, headers=key)).status_code == 403
    assert await web.count("actions") == 0


@pytest.mark.parametrize("role", ["owner", "billing", "member"])
async def test_a_person_through_the_api_for_whoever_may_look(web: Company, role: str) -> None:
    path = "/v1/customers/cus_northbeck/fixes/talk_to_human"
    async with web.api(web.token("cus_northbeck", role=role)) as client:
        first = await client.post(path, json={}, headers={"idempotency-key": "one"})
        again = await client.post(path, json={}, headers={"idempotency-key": "one"})
    assert first.json()["status"] == "escalated"
    assert first.json()["case"] == again.json()["case"]
    assert await web.count("messages") == 1


async def test_a_case_from_question_to_answer(web: Company) -> None:
    body = {"customer": "cus_northbeck", "subject": "VAT", "text": "Where is my VAT number?"}
    async with web.api(web.token("cus_northbeck")) as own, web.api() as staff:
        case = (await own.post("/v1/cases", json=body)).json()
        assert case["status"] == "new"
        assert case["sla"]["response_due_at"]
        path = f"/v1/cases/{case['id']}"
        await staff.post(f"{path}/messages", json={"text": "Among us.", "note": True})
        await staff.post(f"{path}/messages", json={"text": "On page two."})
        seen: dict[str, Any] = (await own.get(path)).json()
        assert [one["text"] for one in seen["messages"]] == [body["text"], "On page two."]
        assert "context" not in seen
        assert seen["status"] == "pending"
        assert (await own.patch(path, json={"status": "solved"})).status_code == 404
        solved = await staff.patch(path, json={"status": "solved"})
        assert solved.json()["status"] == "solved"
        assert (await staff.get("/v1/cases?status=solved")).json()["data"][0]["id"] == case["id"]


async def test_cases_come_page_by_page(web: Company) -> None:
    async with web.api() as client:
        for number in range(3):
            body = {"customer": "cus_northbeck", "subject": f"Question {number}", "text": "?"}
            await client.post("/v1/cases", json=body)
        first = (await client.get("/v1/cases?limit=2")).json()
        rest = (await client.get(f"/v1/cases?limit=2&cursor={first['next_cursor']}")).json()
        odd = await client.get("/v1/cases?cursor=zz")
        other = await client.get(f"/v1/cases?order=due&cursor={first['next_cursor']}")
        sought = await client.get(f"/v1/cases?q=question&cursor={first['next_cursor']}")
    assert [answer.status_code for answer in (odd, other, sought)] == [422, 422, 422]
    assert "no cursor of this list" in odd.json()["detail"]
    subjects = [case["subject"] for case in first["data"] + rest["data"]]
    assert subjects == ["Question 2", "Question 1", "Question 0"]
    assert rest["next_cursor"] is None


def signature(body: bytes, secret: str = WEBHOOKS) -> str:
    at = int(time.time())
    signed = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


async def test_a_webhook_is_stored_once_and_a_forged_one_is_not(web: Company) -> None:
    body = (
        b'{"id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1772550000,'
        b' "data": {"object": {"id": "in_march", "object": "invoice"}}}'
    )
    async with web.client() as client:
        for _ in range(2):
            good = {"stripe-signature": signature(body)}
            answer = await client.post("/webhooks/stripe", content=body, headers=good)
            assert answer.status_code == 200
        for header in ({}, {"stripe-signature": signature(body, "whsec_other")}):
            forged = await client.post("/webhooks/stripe", content=body, headers=header)
            assert forged.status_code == 400
            assert forged.headers["content-type"] == "application/problem+json"
    assert await web.count("stripe_inbox") == 1


async def test_machines_can_ask_how_it_is(web: Company) -> None:
    async with web.client() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        ready = await client.get("/readyz")
        for path in ("/healthz", "/readyz"):
            asked = await client.head(path)
            assert asked.status_code == 200
            assert asked.headers["content-type"] == "application/json"
        assert ready.json()["status"] == "ready", ready.text
        metrics = (await client.get("/metrics")).text
        assert "prunella_inbox_waiting 0.0" in metrics
        assert "prunella_unknown_decline_codes 0.0" in metrics
        assert "prunella_database_reachable 1.0" in metrics
        assert "prunella_workers 0.0" in metrics
        assert 'prunella_requests_total{method="GET",route="/healthz",status="200"} 1.0' in metrics
        contract = (await client.get("/openapi.json")).json()
    assert "/v1/customers/{customer}/diagnosis" in contract["paths"]
