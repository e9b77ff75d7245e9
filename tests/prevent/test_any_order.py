"""Whatever happens in whatever order: one plan an invoice, and never more letters than the cap."""

import random
from datetime import timedelta

import pytest
from tests.diagnostics import stripe_json
from tests.prevent.world import Town

from prunella import cases
from prunella.kit.actor import SYSTEM

DAY = timedelta(days=1)
CUSTOMERS = 3
INVOICES = 4
CODES = ["insufficient_funds", "stolen_card", "expired_card", "processing_error", "do_not_honor"]
CODES += ["authentication_required", "duplicate_transaction", "something_new"]


class Chance:
    """One random month, replayed by its seed."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        self.random = random.Random(seed)  # noqa: S311 a seed replays it
        self.open: set[tuple[str, str]] = set()
        self.failed: set[str] = set()

    async def happen(self) -> None:
        kinds = [self.fail] * 5 + [self.again] * 2 + [self.settle] * 2 + [self.ask, self.card]
        await self.random.choice(kinds)()
        await self.town.pass_time(hours=self.random.choice([0, 0, 1, 7, 30, 100]))

    async def fail(self) -> None:
        customer = f"cus_{self.random.randrange(CUSTOMERS)}"
        invoice = f"in_{customer}_{self.random.randrange(INVOICES)}"
        if invoice in self.failed and (customer, invoice) not in self.open:
            return
        code = self.random.choice(CODES)
        next_try = self.town.clock.now() + self.random.randrange(1, 5) * DAY
        scheduled = self.random.random() < 0.5
        await self.town.fail(customer, invoice, code=code, next_try=next_try if scheduled else None)
        self.open.add((customer, invoice))
        self.failed.add(invoice)

    async def again(self) -> None:
        if self.open:
            customer, invoice = self.random.choice(sorted(self.open))
            kind = self.random.choice(["invoice.payment_failed", "invoice.updated"])
            await self.town.tell(kind, invoice, customer)

    async def settle(self) -> None:
        if self.open:
            customer, invoice = self.random.choice(sorted(self.open))
            how = self.random.choice(
                [("paid", "paid"), ("void", "voided"), ("uncollectible", "marked_uncollectible")]
            )
            await self.town.close(customer, invoice, *how)
            self.open.discard((customer, invoice))

    async def ask(self) -> None:
        if not self.open or self.random.random() < 0.7:
            return
        customer, invoice = self.random.choice(sorted(self.open))
        known = await self.town.settle(customer)
        async with self.town.house.transaction(SYSTEM) as tx:
            await cases.open_case(tx, known, subject="Help", because="asked", about=invoice)
        await self.town.listen()

    async def card(self) -> None:
        customer = f"cus_{self.random.randrange(CUSTOMERS)}"
        year = self.random.choice([2026, 2030])
        card = stripe_json.card(f"pm_{customer}", exp_month=4, exp_year=year)
        await self.town.put(customer, card)
        await self.town.tell("customer.updated", customer, customer)


@pytest.mark.parametrize("seed", range(6))
async def test_one_plan_an_invoice_and_never_more_than_the_cap(town: Town, seed: int) -> None:
    chance = Chance(town, seed)
    for number in range(CUSTOMERS):
        await town.settle(f"cus_{number}")
    async with town.house.transaction(SYSTEM) as tx:
        await town.prevent.begin(tx)
    for _ in range(40):
        await chance.happen()
    plans = await town.rows("select invoice from recovery_plans")
    assert {row["invoice"] for row in plans} == chance.failed, f"seed {seed}"
    rules = town.prevent.recovery.dunning.rules
    for number in range(CUSTOMERS):
        written = [one["created_at"] for one in await town.letters(f"cus_{number}")]
        for moment in written:
            lately = [one for one in written if moment - rules.within < one <= moment]
            assert len(lately) <= rules.most, f"seed {seed}"
    sent_twice = (
        "select ref from recovery_steps where ref is not null group by ref having count(*) > 1"
    )
    assert await town.rows(sent_twice) == [], f"seed {seed}"
    assert await town.rows("select 1 from timers where dead") == [], f"seed {seed}"
    assert await town.rows("select 1 from deliveries where dead or attempts > 0") == []
    running = "select 1 from timers t join recovery_plans p on p.invoice = t.subject"
    orphans = f"{running} where t.name = 'prevent.plan' and p.state = 'ended'"
    assert await town.rows(orphans) == []
