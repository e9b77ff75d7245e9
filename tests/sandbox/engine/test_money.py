"""Whatever happens in whatever order, the sums are right."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from prunella_sandbox import Clock, World, timeline
from prunella_sandbox.api.engine import Engine
from prunella_sandbox.api.requests import ApiRequest, Reply
from prunella_sandbox.billing.periods import after, next_end
from prunella_sandbox.billing.pricing import amount_for
from prunella_sandbox.forms import parse
from prunella_sandbox.resources.table import ALL_ROUTES
from prunella_sandbox.routes import RouteTable

DAY = 24 * 3600
START = 1_790_000_000.0
CARDS = ("pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired")
CODES = ("", "insufficient_funds", "stolen_card", "processing_error")
BROKEN = 500


class Bank(RuleBasedStateMachine):
    """One customer whose card is good at times, with everything that moves money."""

    def __init__(self) -> None:
        super().__init__()
        self.time = START
        self.world = World(seed=1, clock=Clock(system=lambda: self.time))
        self.engine = Engine(self.world, RouteTable(ALL_ROUTES))
        self.keys = count()
        self.sent: list[ApiRequest] = []
        self.customer = self.post("/v1/customers", email="pay@northbeck.example")["id"]
        self.give_card(CARDS[0])

    def call(self, request: ApiRequest) -> Reply:
        reply = self.engine.answer(request)
        assert reply.status < BROKEN, reply.body
        return reply

    def post(self, path: str, **params: Any) -> dict[str, Any]:
        request = ApiRequest(
            id="req_x",
            method="POST",
            path=path,
            params=parse(urlencode(params)),
            authorization="Bearer sk_test_x",
            idempotency_key=f"key_{next(self.keys)}",
        )
        self.sent.append(request)
        answer: dict[str, Any] = json.loads(self.call(request).body)
        return answer

    def all(self, kind: str) -> list[dict[str, Any]]:
        return list(self.world.store.table(kind).values())

    def moved(self) -> tuple[int, int]:
        taken = sum(c["amount_captured"] for c in self.all("charge") if c["paid"])
        given_back = sum(c["amount_refunded"] for c in self.all("charge"))
        return taken, given_back

    @rule(card=st.sampled_from(CARDS))
    def give_card(self, card: str) -> None:
        method = self.post(f"/v1/payment_methods/{card}/attach", customer=self.customer)
        chosen = {"invoice_settings[default_payment_method]": method["id"]}
        self.post(f"/v1/customers/{self.customer}", **chosen)

    @rule(code=st.sampled_from(CODES))
    def the_card_changes(self, code: str) -> None:
        owner = self.world.need("customer", self.customer)
        method = owner["invoice_settings"]["default_payment_method"]
        self.post(f"/v1/payment_methods/{method}", **{"metadata[sandbox_decline]": code})

    @rule(amount=st.integers(0, 50_000), currency=st.sampled_from(["usd", "jpy", "kwd"]))
    def bill(self, amount: int, currency: str) -> None:
        invoice = self.post("/v1/invoices", customer=self.customer, currency=currency)
        item = {"customer": self.customer, "currency": currency, "invoice": invoice["id"]}
        self.post("/v1/invoiceitems", amount=amount, **item)
        self.post(f"/v1/invoices/{invoice['id']}/finalize")

    @rule(amount=st.integers(1, 9_000), trial=st.sampled_from([0, 10]))
    def subscribe(self, amount: int, trial: int) -> None:
        price = self.post(
            "/v1/prices",
            currency="usd",
            unit_amount=amount,
            **{"recurring[interval]": "month", "product_data[name]": "Starter"},
        )
        extra = {"trial_period_days": trial} if trial else {}
        line = {"items[0][price]": price["id"]}
        self.post("/v1/subscriptions", customer=self.customer, **line, **extra)

    @precondition(lambda self: self.all("invoice"))
    @rule(data=st.data(), verb=st.sampled_from(["pay", "pay", "pay", "void", "mark_uncollectible"]))
    def act_on_invoice(self, data: Any, verb: str) -> None:
        invoice = data.draw(st.sampled_from([i["id"] for i in self.all("invoice")]))
        self.post(f"/v1/invoices/{invoice}/{verb}")

    @precondition(lambda self: self.all("subscription"))
    @rule(data=st.data())
    def plan_to_leave(self, data: Any) -> None:
        chosen = data.draw(st.sampled_from([s["id"] for s in self.all("subscription")]))
        self.post(f"/v1/subscriptions/{chosen}", cancel_at_period_end="true")

    @precondition(lambda self: self.all("charge"))
    @rule(data=st.data(), amount=st.integers(1, 20_000) | st.none())
    def refund(self, data: Any, amount: int | None) -> None:
        charge = data.draw(st.sampled_from([c["id"] for c in self.all("charge")]))
        wish = data.draw(st.sampled_from(["", "pending"]))
        extra = {} if amount is None else {"amount": amount}
        metadata = {"metadata[sandbox_refund]": wish}
        self.post("/v1/refunds", charge=charge, **extra, **metadata)

    @precondition(lambda self: any(r["status"] == "pending" for r in self.all("refund")))
    @rule(end=st.sampled_from(["succeeded", "failed"]))
    def a_refund_ends(self, end: str) -> None:
        pending = next(r["id"] for r in self.all("refund") if r["status"] == "pending")
        self.post(f"/v1/refunds/{pending}", **{"metadata[sandbox_refund]": end})

    @precondition(lambda self: self.all("payment_intent"))
    @rule(data=st.data())
    def the_bank_is_answered(self, data: Any) -> None:
        chosen = data.draw(st.sampled_from([i["id"] for i in self.all("payment_intent")]))
        self.post(f"/v1/payment_intents/{chosen}/confirm", payment_method="pm_card_visa")

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        timeline.advance(self.world, days * DAY)

    @rule(data=st.data())
    def an_answer_was_lost_and_is_asked_for_again(self, data: Any) -> None:
        request = data.draw(st.sampled_from(self.sent[-5:]))
        before = self.moved()
        entry = self.world.store.get("_idempotency", request.idempotency_key)
        if entry and entry["at"] > self.world.clock.now() - DAY:
            assert self.call(request).is_replayed
            assert self.moved() == before

    @invariant()
    def no_more_is_given_back_than_was_taken(self) -> None:
        for charge in self.all("charge"):
            refunds = [r for r in self.all("refund") if r["charge"] == charge["id"]]
            counted = sum(r["amount"] for r in refunds if r["status"] in {"succeeded", "pending"})
            assert charge["amount_refunded"] == counted
            assert 0 <= counted <= charge["amount_captured"] <= charge["amount"]

    @invariant()
    def every_invoice_adds_up(self) -> None:
        for invoice in self.all("invoice"):
            lines = invoice["lines"]["data"]
            assert invoice["total"] == sum(line["amount"] for line in lines)
            assert invoice["amount_paid"] + invoice["amount_remaining"] == invoice["amount_due"]
            assert (invoice["status"] == "paid") >= (invoice["amount_paid"] > 0)

    @invariant()
    def an_invoice_is_paid_by_one_charge(self) -> None:
        paid = Counter(c["payment_intent"] for c in self.all("charge") if c["paid"])
        for invoice in self.all("invoice"):
            intent = invoice["_payment_intent"]
            wanted = 1 if invoice["status"] == "paid" and invoice["amount_due"] else 0
            assert paid[intent] == wanted or intent is None
        assert all(times == 1 for times in paid.values())

    @invariant()
    def the_events_tell_the_same_story(self) -> None:
        told: dict[str, str] = {}
        sums: Counter[str] = Counter()
        for event in self.all("event"):
            told[event["data"]["object"]["id"]] = event["data"]["object"].get("status")
            if event["type"] == "charge.succeeded":
                sums["taken"] += event["data"]["object"]["amount"]
        assert sums["taken"] == self.moved()[0]
        for kind in ("invoice", "subscription", "charge", "refund"):
            for obj in self.all(kind):
                assert told[obj["id"]] == obj["status"]

    @invariant()
    def what_is_over_is_no_longer_due(self) -> None:
        due = self.world.store.table("_agenda")
        for invoice in self.all("invoice"):
            if invoice["status"] in {"paid", "void"}:
                assert f"retry:{invoice['id']}" not in due
                assert invoice["next_payment_attempt"] is None


TestBank = Bank.TestCase
TestBank.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


RECURRING = st.fixed_dictionaries(
    {
        "interval": st.sampled_from(["day", "week", "month", "year"]),
        "interval_count": st.integers(1, 6),
    }
)


@given(RECURRING, st.integers(1_600_000_000, 2_000_000_000), st.integers(0, 900_000_000))
def test_a_period_ends_at_the_first_step_after_its_start(
    recurring: dict[str, Any], anchor: int, later: int
) -> None:
    start = anchor + later
    end = next_end(recurring, anchor=anchor, start=start)
    steps = (after(recurring, anchor=anchor, count=n) for n in count())
    assert end == next(step for step in steps if step > start)


@given(st.integers(0, 500), st.integers(1, 50), st.integers(1, 50), st.integers(0, 900))
def test_tiers_are_counted_one_by_one(quantity: int, first: int, more: int, flat: int) -> None:
    tiers = [
        {"up_to": first, "unit_amount_decimal": "7.5", "flat_amount_decimal": str(flat)},
        {"up_to": first + more, "unit_amount_decimal": "5", "flat_amount_decimal": None},
        {"up_to": None, "unit_amount_decimal": "2.25", "flat_amount_decimal": None},
    ]
    price = {"billing_scheme": "tiered", "tiers_mode": "graduated", "_tiers": tiers}
    exact = float(flat)
    for unit in range(1, quantity + 1):
        exact += 7.5 if unit <= first else 5 if unit <= first + more else 2.25
    assert amount_for(price, quantity) == int(exact + 0.5)
