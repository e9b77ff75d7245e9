"""Events on their way to somebody who listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

SECRET = "whsec_sandbox"
PATIENCE_S = 120


class Listener:
    """Takes webhooks, checks every signature with the SDK, and may refuse the first ones."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refuse = 0
        self.refused = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(listener.take(body, self.headers["Stripe-Signature"]))
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def take(self, body: bytes, signature: str) -> int:
        if self.refused < self.refuse:
            self.refused += 1
            return 500
        self.taken.append(stripe.Webhook.construct_event(body, signature, SECRET))
        return 200

    def wait_for(self, count: int) -> list[Any]:
        deadline = time.monotonic() + PATIENCE_S
        while len(self.taken) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.taken) >= count
        return self.taken


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


@pytest.fixture
def endpoint(sandbox: Any, listener: Listener) -> Any:
    return sandbox.v1.webhook_endpoints.create(
        {
            "url": listener.url,
            "enabled_events": ["customer.created", "customer.updated"],
            "metadata": {"sandbox_secret": SECRET},
        }
    )


def _ids(events: list[Any]) -> list[str]:
    return [event.data.object.id for event in events]


@pytest.mark.usefixtures("endpoint")
def test_an_event_arrives_signed(sandbox: Any, listener: Listener) -> None:
    customer = sandbox.v1.customers.create({"name": "Northbeck"})
    event = listener.wait_for(1)[0]
    assert (event.type, event.data.object.id) == ("customer.created", customer.id)
    assert event.api_version == stripe.api_version


def test_the_secret_is_shown_once(sandbox: Any, endpoint: Any) -> None:
    assert endpoint.secret == SECRET
    again = sandbox.v1.webhook_endpoints.retrieve(endpoint.id)
    assert "secret" not in again.to_dict()
    assert SECRET not in str(sandbox.v1.webhook_endpoints.list())


@pytest.mark.usefixtures("endpoint")
def test_only_what_was_asked_for_is_sent(sandbox: Any, listener: Listener) -> None:
    sandbox.v1.products.create({"name": "Starter"})
    sandbox.v1.customers.create({"name": "Northbeck"})
    listener.wait_for(1)
    assert {event.type for event in listener.taken} == {"customer.created"}


@pytest.mark.usefixtures("endpoint")
def test_an_event_that_is_refused_comes_again(sandbox: Any, listener: Listener) -> None:
    listener.refuse = 2
    customer = sandbox.v1.customers.create({"name": "Northbeck"})
    assert _ids(listener.wait_for(1)) == [customer.id]
    assert listener.refused == 2
    event = sandbox.v1.events.list({"type": "customer.created"}).data[0]
    for _ in range(1000):
        if sandbox.v1.events.retrieve(event.id).pending_webhooks == 0:
            break
    else:
        pytest.fail("the delivery is not counted")


@pytest.mark.usefixtures("endpoint")
def test_events_may_come_twice(sandbox: Any, listener: Listener) -> None:
    sandbox.send("/webhooks", {"mode": "duplicate"})
    sandbox.v1.customers.create({"name": "Northbeck"})
    events = listener.wait_for(2)
    assert len({event.id for event in events}) == 1


@pytest.mark.usefixtures("endpoint")
def test_events_may_be_held_back_and_released(sandbox: Any, listener: Listener) -> None:
    sandbox.send("/webhooks", {"mode": "hold"})
    made = [sandbox.v1.customers.create({"name": str(n)}).id for n in range(5)]
    assert sandbox.read("/webhooks") == {"mode": "hold", "waiting": 5}
    assert listener.taken == []
    sandbox.send("/webhooks", {"mode": "release"})
    assert sorted(_ids(listener.wait_for(5))) == sorted(made)


@pytest.mark.usefixtures("endpoint")
def test_events_may_come_in_disorder(sandbox: Any, listener: Listener) -> None:
    sandbox.send("/webhooks", {"mode": "hold"})
    made = [sandbox.v1.customers.create({"name": str(n)}).id for n in range(40)]
    sandbox.send("/webhooks", {"mode": "reorder"})
    arrived = _ids(listener.wait_for(40))
    assert sorted(arrived) == sorted(made)
    assert arrived != made


@pytest.mark.usefixtures("endpoint")
def test_a_request_that_is_undone_tells_nobody(sandbox: Any, listener: Listener) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.v1.customers.create({"name": "Northbeck", "shoe_size": 44})
    kept = sandbox.v1.customers.create({"name": "Southbeck"})
    assert _ids(listener.wait_for(1)) == [kept.id]
    assert len(sandbox.events("customer.created")) == 1


def test_an_update_tells_what_changed(sandbox: Any) -> None:
    customer = sandbox.customer(card=None, name="Northbeck", metadata={"a": "1", "b": "2"})
    sandbox.v1.customers.update(customer.id, {"name": "Southbeck", "metadata": {"a": "3"}})
    change = sandbox.events("customer.updated")[-1]["data"]
    assert change["previous_attributes"] == {"name": "Northbeck", "metadata": {"a": "1"}}
    assert change["object"]["name"] == "Southbeck"


def test_an_update_that_changes_nothing_is_no_event(sandbox: Any) -> None:
    customer = sandbox.customer(card=None, name="Northbeck")
    sandbox.v1.customers.update(customer.id, {"name": "Northbeck"})
    assert sandbox.events("customer.updated") == []


def test_events_can_be_read_again_by_kind(sandbox: Any) -> None:
    sandbox.customer()
    found = sandbox.v1.events.list({"types": ["customer.created", "payment_method.attached"]})
    assert [event.type for event in found.data] == ["payment_method.attached", "customer.created"]
    pattern = sandbox.v1.events.list({"type": "customer.*"})
    assert {event.type for event in pattern.data} == {"customer.created", "customer.updated"}


def test_a_snapshot_does_not_change_afterwards(sandbox: Any) -> None:
    customer = sandbox.customer(card=None, name="Northbeck")
    sandbox.v1.customers.update(customer.id, {"name": "Southbeck"})
    created = sandbox.events("customer.created")[0]
    assert created["data"]["object"]["name"] == "Northbeck"
    assert created["request"]["id"].startswith("req_")
