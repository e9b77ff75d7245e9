"""A mirror that tests write into, the listeners of prevent, and a clock that jumps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString

from psycopg.types.json import Jsonb
from tests.conftest import MakeHouse, TestClock
from tests.diagnostics import stripe_json
from tests.shipped import shipped_book

from prunella import actions, cases, people
from prunella.actions import Door
from prunella.bootstrap.table import SOMETIMES, STEP_ASIDE
from prunella.cases import Letters
from prunella.diagnostics import Diagnostics
from prunella.kit import events, timers
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import House
from prunella.people import Customer
from prunella.tiers import prevent
from prunella.tiers.prevent import Dunning, Plan, Prevent, Scribe

Json = dict[str, Any]
PUT: LiteralString = """
insert into mirror_objects (id, kind, customer, status, created, as_of, as_of_until, deleted,
  version, data)
values (%(id)s, %(kind)s, %(customer)s, %(status)s, to_timestamp(%(created)s), %(now)s, %(now)s,
  %(deleted)s, 1, %(data)s)
on conflict (id) do update set status = excluded.status, deleted = excluded.deleted,
  data = excluded.data, as_of = excluded.as_of
"""
LETTERS: LiteralString = """
select m.subject, m.text, m.created_at, o.headers from messages m
join outbox o on o.message = m.id join customers c on c.id = m.customer
where c.stripe_customer = %s order by m.created_at, m.id
"""


def build(**changed: Any) -> Prevent:
    book = shipped_book()
    scribe = Scribe(
        letters=Letters(book.content, company="TAI"),
        languages=book.languages,
        diagnostics=Diagnostics(book.words),
        public_url="https://pay.tai.example",
    )
    fields = {name: getattr(book.dunning, name) for name in Dunning.__slots__}
    return Prevent.build(Dunning(**fields | changed), scribe, Door(book.policy))


@dataclass
class Town:
    """Customers of the company, and what the bank does to their bills."""

    house: House
    clock: TestClock
    prevent: Prevent
    failures: dict[str, int] = field(default_factory=dict)

    async def settle(self, name: str = "cus_northbeck", **changed: Any) -> Customer:
        """A customer with a card and a running plan; times are in Chicago unless said."""
        zone = changed.pop("time_zone", "America/Chicago")
        stored = stripe_json.customer(metadata={"time_zone": zone}, **changed)
        stored["email"] = changed.get("email", f"pay@{name.removeprefix('cus_')}.example")
        stored["invoice_settings"] = {"default_payment_method": f"pm_{name}"}
        await self.put(name, stored | {"id": name})
        await self.put(name, stripe_json.card(f"pm_{name}"))
        await self.put(name, stripe_json.subscription(id=f"sub_{name}"))
        async with self.house.transaction(SYSTEM) as tx:
            found = await people.of_stripe(tx, name)
        assert found is not None
        return found

    async def put(self, customer: str, data: Json, *, deleted: bool = False) -> None:
        data = data if data["object"] == "customer" else data | {"customer": customer}
        row = {
            "id": data["id"],
            "kind": data["object"],
            "customer": customer,
            "status": data.get("status"),
            "created": data.get("created") or 0,
            "now": self.clock.now(),
            "deleted": deleted,
            "data": Jsonb(data),
        }
        async with self.house.transaction(SYSTEM) as tx:
            await tx.execute(PUT, row)

    async def fail(
        self,
        customer: str = "cus_northbeck",
        invoice: str = "in_1",
        *,
        code: str = "insufficient_funds",
        next_try: datetime | None = None,
        tell: bool = True,
        **changed: Any,
    ) -> None:
        """The bank says no to the bill, once more, and Stripe tells us."""
        times = self.failures[invoice] = self.failures.get(invoice, 0) + 1
        now = self.clock.now()
        parent = {"parent": changed.pop("parent")} if "parent" in changed else {}
        bill = self._bill(customer, invoice, attempt_count=times, **parent)
        bill["next_payment_attempt"] = stripe_json.seconds(next_try)
        intent = f"pi_{invoice}"
        charge = stripe_json.charge(
            f"ch_{invoice}_{times}", at=now, decline_code=code, method=f"pm_{customer}", **changed
        )
        await self.put(customer, bill)
        await self.put(customer, stripe_json.invoice_payment(invoice, intent=intent))
        await self.put(customer, stripe_json.intent(intent))
        await self.put(customer, charge | {"payment_intent": intent})
        if tell:
            await self.tell("invoice.payment_failed", invoice, customer)

    async def close(self, customer: str, invoice: str, status: str, event: str) -> None:
        """The bill is paid, voided or written off."""
        paid_at = stripe_json.seconds(self.clock.now())
        moments = {"paid_at": paid_at if status == "paid" else None, "finalized_at": 0}
        bill = self._bill(customer, invoice, status=status, status_transitions=moments)
        remaining = 0 if status == "paid" else bill["amount_remaining"]
        await self.put(customer, bill | {"amount_remaining": remaining})
        await self.tell(f"invoice.{event}", invoice, customer)

    async def tell(self, type_: str, subject: str, customer: str, **data: Any) -> None:
        event = Event(f"stripe.{type_}", subject, data={"customer": customer, **data})
        async with self.house.transaction(SYSTEM) as tx:
            await tx.emit(event)
        await self.listen()

    async def listen(self) -> None:
        while await events.deliver(self.house):
            pass

    async def pass_time(self, **amount: float) -> None:
        """Jump, then do what became due, in its order."""
        self.clock.advance(**amount)
        await self.fire()

    async def go_to(self, at: datetime) -> None:
        self.clock.time = at
        await self.fire()

    async def live(self, *, until: datetime, step: timedelta) -> None:
        """Go on in steps, as the world does."""
        while self.clock.now() < until:
            self.clock.time = min(self.clock.now() + step, until)
            await self.fire()

    async def fire(self) -> None:
        while await timers.fire_one(self.house):
            pass
        await self.listen()

    async def plan(self, invoice: str = "in_1") -> Plan:
        async with self.house.transaction(SYSTEM) as tx:
            found = await prevent.plan_of(tx, invoice)
        assert found is not None
        return found

    async def letters(self, customer: str = "cus_northbeck") -> list[Json]:
        async with self.house.transaction(SYSTEM) as tx:
            return await tx.all(LETTERS, (customer,))

    async def tries(self, customer: Customer) -> list[actions.Action]:
        async with self.house.transaction(SYSTEM) as tx:
            asked = await actions.of_customer(tx, customer.id)
        return sorted(asked, key=lambda action: action.created_at)

    async def rows(self, sql: LiteralString, *values: Any) -> list[Json]:
        async with self.house.transaction(SYSTEM) as tx:
            return await tx.all(sql, values)

    def _bill(self, customer: str, invoice: str, **changed: Any) -> Json:
        parent = {"subscription_details": {"subscription": f"sub_{customer}", "metadata": {}}}
        made = {"parent": {"type": "subscription_details", **parent}}
        created = stripe_json.seconds(self.clock.now() - timedelta(hours=1))
        fields = {"number": f"TAI-{invoice}", "created": created, "next_payment_attempt": None}
        return stripe_json.invoice(invoice, **made | fields | changed)


async def build_town(make_house: MakeHouse, clock: TestClock, **changed: Any) -> Town:
    built = build(**{"holdout_share": Decimal(0)} | changed)
    failed, changed_, everyone = (
        built.on_payment_failed,
        built.on_invoice_changed,
        built.on_customer_changed,
    )
    house = await make_house(
        listeners={
            "stripe.invoice.payment_failed": [("failed", failed)],
            "stripe.invoice.payment_action_required": [("confirm", failed)],
            "stripe.invoice.paid": [("paid", changed_), ("contact", cases.on_paid)],
            "stripe.invoice.voided": [("voided", changed_)],
            "stripe.invoice.marked_uncollectible": [("given_up", changed_)],
            "stripe.invoice.updated": [("updated", changed_)],
            "stripe.customer.deleted": [("gone", everyone)],
            "stripe.customer.updated": [("changed", everyone)],
            "stripe.customer.subscription.deleted": [("canceled", everyone)],
            "stripe.charge.dispute.created": [("disputed", everyone)],
            "stripe.customer.subscription.trial_will_end": [("trial", built.on_trial_ending)],
            "stripe.invoice.upcoming": [("upcoming", built.on_bill_coming)],
            "stripe.checkout.session.expired": [("closed", built.on_checkout_expired)],
            "case.opened": [(STEP_ASIDE, built.on_case_opened)],
            "case.set": [("done", built.on_case_set)],
        },
        handlers={
            prevent.PLAN_TIMER: built.recovery.on_due,
            prevent.NOTICE_TIMER: built.notices.on_due,
            prevent.DAILY_TIMER: built.notices.on_daily,
            prevent.LINK_TIMER: built.links.on_due,
            prevent.LATE_DAILY_TIMER: built.late.on_daily,
            prevent.LATE_TIMER: built.late.on_due,
            actions.LOOK_TIMER: actions.on_look_due,
            cases.ASSUME: cases.assume_settled,
            cases.CLOSE: cases.close_solved,
            cases.CLOCK: cases.on_clock,
            cases.BATCH: cases.on_batch,
        },
    )
    house.sometimes = SOMETIMES
    async with house.transaction(SYSTEM) as tx:
        await cases.set_letter_rules(tx, built.recovery.dunning.rules)
    return Town(house, clock, built)
