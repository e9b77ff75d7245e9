"""Keys, replays and answers that get lost."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
import stripe

PAYMENT: Any = {
    "amount": 1000,
    "currency": "usd",
    "payment_method": "pm_card_visa",
    "confirm": True,
}


def _charges(sandbox: Any) -> int:
    return len(sandbox.v1.charges.list({"limit": 100}).data)


def test_an_answer_lost_after_the_commit_is_replayed(sandbox: Any) -> None:
    sandbox.send("/faults", {"kind": "timeout_after", "path": "/payment_intents"})
    key = {"idempotency_key": "lost"}
    with pytest.raises(stripe.APIConnectionError):
        sandbox.v1.payment_intents.create(PAYMENT, key)
    intent = sandbox.v1.payment_intents.create(PAYMENT, key)
    assert intent.status == "succeeded"
    assert intent.last_response.headers["Idempotent-Replayed"] == "true"
    assert _charges(sandbox) == 1


def test_an_error_after_the_commit_is_remembered_and_the_money_is_found_by_looking(
    sandbox: Any,
) -> None:
    sandbox.send("/faults", {"kind": "error_after", "path": "/payment_intents"})
    key = {"idempotency_key": "broken"}
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            sandbox.v1.payment_intents.create(PAYMENT, key)
    assert [i.status for i in sandbox.v1.payment_intents.list().data] == ["succeeded"]
    assert _charges(sandbox) == 1


def test_an_error_before_the_work_leaves_nothing(sandbox: Any) -> None:
    sandbox.send("/faults", {"kind": "error_before", "path": "/payment_intents", "count": 2})
    key = {"idempotency_key": "early"}
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            sandbox.v1.payment_intents.create(PAYMENT, key)
    assert _charges(sandbox) == 0
    assert sandbox.v1.payment_intents.create(PAYMENT, key).status == "succeeded"


def test_the_sdk_retries_by_itself_and_pays_once(sandbox: Any) -> None:
    sandbox.send("/faults", {"kind": "timeout_after", "path": "/payment_intents", "count": 2})
    patient = stripe.StripeClient(
        "sk_test_sandbox", base_addresses={"api": sandbox.url}, max_network_retries=3
    )
    assert patient.v1.payment_intents.create(PAYMENT).status == "succeeded"
    assert _charges(sandbox) == 1


def test_too_many_requests_are_refused_and_not_repeated(sandbox: Any) -> None:
    sandbox.send("/faults", {"kind": "rate_limit"})
    with pytest.raises(stripe.RateLimitError) as caught:
        sandbox.v1.customers.list()
    assert (caught.value.headers or {})["stripe-should-retry"] == "false"
    assert sandbox.v1.customers.list().data == []


def test_a_fault_hits_only_the_path_it_was_meant_for(sandbox: Any) -> None:
    sandbox.send("/faults", {"kind": "error_before", "path": "/refunds", "count": 1})
    sandbox.v1.customers.list()
    with pytest.raises(stripe.APIError):
        sandbox.v1.refunds.list()
    sandbox.v1.refunds.list()
    assert sandbox.read("/faults") == {"faults": []}


def test_no_fault_at_all_can_be_asked_for(sandbox: Any) -> None:
    sandbox.send("/faults", {"kind": "rate_limit", "count": 0})
    assert sandbox.v1.payment_intents.create(PAYMENT).status == "succeeded"


def test_a_key_that_is_in_use_is_a_conflict(sandbox: Any) -> None:
    sandbox.send("/faults", {"kind": "slow", "path": "/payment_intents", "seconds": 8})
    key = {"idempotency_key": "twice"}
    results: list[Any] = []

    def first() -> None:
        results.append(sandbox.v1.payment_intents.create(PAYMENT, key))

    slow = threading.Thread(target=first)
    slow.start()
    for _ in range(1000):
        if not sandbox.read("/faults")["faults"]:
            break
    with pytest.raises(stripe.StripeError) as caught:
        sandbox.v1.payment_intents.create(PAYMENT, key)
    error: Any = caught.value.error
    assert (caught.value.http_status, error.code) == (409, "idempotency_key_in_use")
    slow.join()
    assert results[0].status == "succeeded"
    assert _charges(sandbox) == 1


def test_a_key_is_forgotten_after_a_day(sandbox: Any) -> None:
    key = {"idempotency_key": "old"}
    sandbox.v1.payment_intents.create(PAYMENT, key)
    sandbox.advance(hours=25)
    fresh = sandbox.v1.payment_intents.create(PAYMENT, key)
    assert "Idempotent-Replayed" not in fresh.last_response.headers
    assert _charges(sandbox) == 2


def test_the_log_tells_what_was_asked_without_secrets(sandbox: Any) -> None:
    key = {"idempotency_key": "seen"}
    for _ in range(2):
        sandbox.v1.payment_intents.create(PAYMENT, key)
    entries = sandbox.read("/requests")["requests"]
    assert [(e["method"], e["path"], e["replayed"]) for e in entries] == [
        ("POST", "/v1/payment_intents", False),
        ("POST", "/v1/payment_intents", True),
    ]
    assert {e["idempotency_key"] for e in entries} == {"seen"}
    assert "sk_test" not in str(entries)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer sk_live_1"}])
def test_without_a_test_key_there_is_no_answer(sandbox: Any, header: dict[str, str]) -> None:
    answer = httpx.get(f"{sandbox.url}/v1/customers", headers=header, trust_env=False, timeout=120)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", {"advance_seconds": -1}),
        ("/clock", {"advance_seconds": "soon"}),
        ("/faults", {"kind": "earthquake"}),
        ("/webhooks", {"mode": "sideways"}),
        ("/disputes", {"charge": "ch_none"}),
        ("/settings", {"colour": "red"}),
    ],
)
def test_a_control_that_makes_no_sense_is_refused(sandbox: Any, path: str, body: Any) -> None:
    answer = sandbox.control.post(f"/_sandbox{path}", json=body)
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["message"]


def test_a_body_that_cannot_be_read_is_refused(sandbox: Any) -> None:
    answer = httpx.post(
        f"{sandbox.url}/v1/customers",
        content="&".join(f"metadata[k{n}]=v" for n in range(3000)),
        headers={"Authorization": "Bearer sk_test_x"},
        trust_env=False,
        timeout=120,
    )
    assert answer.status_code == 400
    deep = httpx.post(
        f"{sandbox.url}/v1/customers",
        content="a" + "[b]" * 40 + "=1",
        headers={"Authorization": "Bearer sk_test_x"},
        trust_env=False,
        timeout=120,
    )
    assert deep.status_code == 400
