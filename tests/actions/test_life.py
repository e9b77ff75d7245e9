"""An action's life by lot, with faults: our ledger, Stripe and the audit log agree in the end.

A short walk by default; PRUNELLA_FAULTS=full walks long.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, suppress
from typing import Any, ClassVar, Self, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.actions.test_billing import AMOUNT, LEAD
from tests.actions.test_refund import pay
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in

from prunella import audit
from prunella.actions import LOOK_TIMER, Action, on_look_due
from prunella.connectors.stripe.writes import Later
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.kit.jobs import Jobs
from prunella.kit.pool import open_pool

FULL = os.environ.get("PRUNELLA_FAULTS") == "full"
WALKS, STEPS = (300, 30) if FULL else (6, 12)
DAYS_TO_SETTLE = 10
MARK = "prunella_action"
IDS = {
    "refund": "refund",
    "credit_balance": "balance_transaction",
    "credit_note": "credit_note",
    "correct_invoice": "invoice",
}
ASKED = [*IDS, "void_invoice"]
T = TypeVar("T")


class Place:
    """One loop, one sandbox and one house for all the walks; each has a customer of its own."""

    def __init__(self, runner: asyncio.Runner, database_url: str) -> None:
        self.runner = runner
        self._url = database_url
        self._open = AsyncExitStack()

    def __enter__(self) -> Self:
        self.stripe, self.house = self.do(self._build())
        return self

    def __exit__(self, *_: object) -> None:
        self.do(self._open.aclose())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def _build(self) -> tuple[Outside, House]:
        stripe = await self._open.enter_async_context(outside())
        pool = await open_pool(self._url, max_size=5)
        self._open.push_async_callback(pool.close)
        jobs = Jobs()
        await jobs.open(pool)
        clock, handlers = WorldClock(stripe.world), {LOOK_TIMER: on_look_due}
        house = House(pool=pool, clock=clock, jobs=jobs, listeners={}, handlers=handlers)
        return stripe, house


class Life(RuleBasedStateMachine):
    """Staff ask, workers send, die and come back late, Stripe loses answers, time passes."""

    place: ClassVar[Place]

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Action] = []
        self.late: list[Action] = []

    @initialize()
    def settle(self) -> None:
        self.place.do(self._settle())

    async def _settle(self) -> None:
        stripe = self.place.stripe
        self.ours: Ours = await settle_in(self.place.house, stripe, await stripe.customer())
        address = self.ours.customer.address
        self.charge = await pay(self.ours, amount=AMOUNT)
        self.paid = await stripe.bill(address, amount=AMOUNT)
        await stripe.post(f"invoices/{self.paid}/pay")
        self.due = await stripe.bill(address, amount=AMOUNT)
        await self.ours.see()

    @rule(kind=st.sampled_from(ASKED), amount=st.sampled_from([1, 900, 2_450, AMOUNT]))
    def ask(self, kind: str, amount: int) -> None:
        target, params = self._about(kind, amount)
        asked = self.ours.ask(
            kind,
            target,
            actor=LEAD,
            amount=AMOUNT if kind == "void_invoice" else amount,
            currency="usd",
            params=params,
            business_key=f"{kind}:{self.ours.customer.id}:{len(self.asked)}",
        )
        self.asked.append(self.place.do(asked))

    def _about(self, kind: str, amount: int) -> tuple[str, dict[str, str]]:
        match kind:
            case "refund":
                return self.charge, {}
            case "credit_balance":
                return self.ours.customer.address, {}
            case "credit_note" if amount > AMOUNT / 2:
                return self.paid, {"how": "balance"}
            case "credit_note":
                return self.due, {"how": "reduce"}
            case "void_invoice":
                return self.due, {}
        return self.paid, {}

    @rule(
        kind=st.sampled_from(["error_before", "error_after", "timeout_after", "rate_limit"]),
        method=st.sampled_from(["POST", "POST", "GET"]),
        count=st.integers(1, 3),
    )
    def lose(self, kind: str, method: str, count: int) -> None:
        self.place.do(self.place.stripe.fault(kind, "/v1/", method=method, count=count))

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 99))
    def work(self, which: int) -> None:
        self.place.do(self.ours.work(self._one(which)))

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 99))
    def die(self, which: int) -> None:
        """A worker took it, and is gone, or at least for long."""
        taken = self.place.do(self.ours.carry_out._take(self._one(which).id))
        if taken is not None and taken.state == "submitting":
            self.late.append(taken)

    @precondition(lambda self: self.late)
    @rule()
    def come_back(self) -> None:
        self.place.do(self._come_back(self.late.pop()))

    async def _come_back(self, taken: Action) -> None:
        with suppress(Later):
            await self.ours.carry_out._send(taken)

    @rule(hours=st.sampled_from([0.1, 1, 25]))
    def wait(self, hours: float) -> None:
        if hours > 24:
            self.late.clear()  # nobody is stopped for a day and then goes on
        self.place.do(self._wait(hours))

    async def _wait(self, hours: float) -> None:
        await self.place.stripe.pass_time(hours=hours)
        await self.ours.fire_timers()

    @rule(amount=st.sampled_from([100, 900]))
    def refund_in_the_dashboard(self, amount: int) -> None:
        fields = {"charge": self.charge, "amount": str(amount)}
        with suppress(httpx.TransportError):  # whoever clicks there sees that it failed
            self.place.do(self.place.stripe.http.post("/v1/refunds", data=fields))

    @rule()
    def see(self) -> None:
        self.place.do(self._see())

    async def _see(self) -> None:
        await self.place.stripe.http.delete("/_sandbox/faults")
        await self.ours.see()

    def _one(self, which: int) -> Action:
        return self.asked[which % len(self.asked)]

    def teardown(self) -> None:
        if hasattr(self, "ours"):
            self.place.do(self._check())

    async def _check(self) -> None:
        await self.place.stripe.http.delete("/_sandbox/faults")
        for _ in range(DAYS_TO_SETTLE):
            for action in self.asked:
                await self.ours.work(action)
            await self._wait(24)
        made, open_bill = await self._made(), await self.ours.stripe.invoice(self.due)
        for asked in self.asked:
            await self._agree(await self.ours.now(asked), made)
        assert set(made) <= {action.id for action in self.asked}
        voided = [await self.ours.now(one) for one in self.asked if one.kind == "void_invoice"]
        assert (open_bill["status"] == "void") == any(one.state == "succeeded" for one in voided)
        charge = await self.ours.stripe.get(f"charges/{self.charge}")
        assert 0 <= charge["amount_refunded"] <= AMOUNT

    async def _made(self) -> dict[str, list[dict[str, Any]]]:
        """Everything at Stripe that carries an action's id, by that id; drafts are nothing yet."""
        address, get = self.ours.customer.address, self.ours.stripe.get
        found = [
            *(await get("refunds", charge=self.charge, limit="100"))["data"],
            *(await get(f"customers/{address}/balance_transactions", limit="100"))["data"],
            *(await get("credit_notes", customer=address, limit="100"))["data"],
            *(await get("invoices", customer=address, limit="100"))["data"],
        ]
        made: dict[str, list[dict[str, Any]]] = {}
        for one in found:
            mark = (one.get("metadata") or {}).get(MARK)
            if mark and one.get("status") != "draft":
                made.setdefault(mark, []).append(one)
        return made

    async def _agree(self, action: Action, made: dict[str, list[dict[str, Any]]]) -> None:
        ours = made.get(action.id, [])
        told = f"{action.kind} {action.state}: {await self.ours.life(action)}"
        assert action.state in {"succeeded", "failed", "denied"}, told
        done = action.state == "succeeded" and action.kind in IDS
        assert len(ours) == (1 if done else 0), told
        async with self.place.house.transaction(SYSTEM) as tx:
            entries = await audit.of_subject(tx, action.id)
        last = entries[-1]
        assert (last.verb, (last.after or {})["state"]) == (f"action.{action.state}", action.state)
        if done:
            assert action.result[IDS[action.kind]] == ours[0]["id"], told
            assert (last.after or {})[IDS[action.kind]] == ours[0]["id"], told
            shown = ours[0]["total" if action.kind == "correct_invoice" else "amount"]
            assert abs(shown) == action.amount, told


@pytest.fixture
def place(database_url: str) -> Iterator[Place]:
    with asyncio.Runner() as runner, Place(runner, database_url) as found:
        yield found


def test_ledger_stripe_and_audit_log_agree_in_the_end(place: Place) -> None:
    walk = settings(
        max_examples=WALKS,
        stateful_step_count=STEPS,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a shorter story takes too long
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type("Life", (Life,), {"place": place}), settings=walk)
