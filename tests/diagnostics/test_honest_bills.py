"""Whatever a company bills honestly is never proven wrong: months of changes, in any order."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.diagnostics.bills import A_PERIOD, AMOUNT, BEGINS, billed, line, plan
from tests.diagnostics.stripe_json import Json, facts

from prunella.diagnostics.overcharges import billed as looked_at
from prunella.diagnostics.parse import facts_from
from prunella_sandbox import World, create_app

STEPS = 14
KEY = {"Authorization": "Bearer sk_test_honest"}
LISTS = {
    "invoice": "invoices",
    "charge": "charges",
    "payment_intent": "payment_intents",
    "credit_note": "credit_notes",
}


class Company:
    """Bills one customer, in ways that chance picks."""

    def __init__(self, http: httpx.AsyncClient, seed: int) -> None:
        self.http = http
        self.chance = random.Random(seed)  # noqa: S311 guards nothing
        self.customer = ""
        self.steps: list[str] = []

    async def post(self, path: str, **fields: str | int) -> dict[str, Any]:
        """What cannot be done right now is not done: Stripe's no is an answer like another."""
        answer = await self.http.post(f"/v1/{path}", data=fields)
        assert answer.status_code < 500, answer.text
        self.steps.append(f"{answer.status_code} {path} {fields}")
        found: dict[str, Any] = answer.json()
        return found

    async def get(self, path: str, **query: str) -> list[Any]:
        answer = await self.http.get(f"/v1/{path}", params={"limit": "100"} | query)
        assert answer.is_success, answer.text
        return list(answer.json()["data"])

    async def begin(self) -> None:
        self.customer = (await self.post("customers", name="Northbeck"))["id"]
        card = await self.post("payment_methods/pm_card_visa/attach", customer=self.customer)
        default = {"invoice_settings[default_payment_method]": card["id"]}
        await self.post(f"customers/{self.customer}", **default)
        self.product = (await self.post("products", name="Seat"))["id"]
        await self.subscribe()

    async def price(self) -> str:
        amount: dict[str, str | int] = {"unit_amount": self.chance.choice((900, 2_500, 2_501))}
        packed: dict[str, str | int] = {
            "transform_quantity[divide_by]": 3,
            "transform_quantity[round]": "up",
        }
        stepped: dict[str, str | int] = {
            "billing_scheme": "tiered",
            "tiers_mode": self.chance.choice(("graduated", "volume")),
            "tiers[0][up_to]": 2,
            "tiers[0][unit_amount]": 2_000,
            "tiers[1][up_to]": "inf",
            "tiers[1][unit_amount]": 1_500,
            "tiers[1][flat_amount]": 700,
        }
        fine: dict[str, str | int] = {"unit_amount_decimal": "33.333"}
        terms = self.chance.choice((amount, amount, amount | packed, stepped, fine))
        every = {"recurring[interval]": self.chance.choice(("month", "month", "week"))}
        made = await self.post("prices", product=self.product, currency="usd", **every, **terms)
        return str(made["id"])

    async def subscribe(self) -> None:
        none: dict[str, int] = {}
        trial = self.chance.choice((none, none, {"trial_period_days": 7}))
        item: dict[str, str | int] = {"items[0][price]": await self.price()}
        item |= {"items[0][quantity]": self.some()}
        await self.post("subscriptions", customer=self.customer, **item, **trial)

    def some(self) -> int:
        return self.chance.randint(1, 5)

    def how(self) -> str:
        return self.chance.choice(("create_prorations", "always_invoice", "none"))

    async def plans(self) -> list[Any]:
        return await self.get("subscriptions", customer=self.customer, status="all")

    async def change(self) -> None:
        for one in await self.plans():
            item: dict[str, str | int] = {"items[0][id]": one["items"]["data"][0]["id"]}
            other: dict[str, str | int] = {"items[0][quantity]": self.some()}
            if self.chance.random() < 0.4:
                other |= {"items[0][price]": await self.price()}
            await self.post(
                f"subscriptions/{one['id']}", **item, **other, proration_behavior=self.how()
            )

    async def begin_anew(self) -> None:
        for one in await self.plans():
            now = {"billing_cycle_anchor": "now", "proration_behavior": self.how()}
            await self.post(f"subscriptions/{one['id']}", **now)

    async def leave(self) -> None:
        for one in await self.plans():
            if self.chance.random() < 0.5:
                ends = self.chance.choice(("true", "false"))
                await self.post(f"subscriptions/{one['id']}", cancel_at_period_end=ends)
            else:
                flags = {
                    n: self.chance.choice(("true", "false")) for n in ("prorate", "invoice_now")
                }
                await self.http.request("DELETE", f"/v1/subscriptions/{one['id']}", params=flags)

    async def give_back(self) -> None:
        for one in await self.get("charges", customer=self.customer):
            if self.chance.random() < 0.3:
                await self.post("refunds", charge=one["id"], amount=self.chance.randint(1, 900))

    async def credit(self) -> None:
        for one in await self.get("invoices", customer=self.customer, status="paid"):
            if self.chance.random() < 0.3:
                way = self.chance.choice(("credit_amount", "refund_amount", "out_of_band_amount"))
                given_ = {"amount": 300, way: 300}
                await self.post("credit_notes", invoice=one["id"], **given_)

    async def bill_by_hand(self) -> None:
        fields: dict[str, str | int] = {"customer": self.customer, "currency": "usd"}
        await self.post("invoiceitems", amount=self.chance.randint(100, 9_000), **fields)
        if self.chance.random() < 0.5:
            draft = await self.post("invoices", pending_invoice_items_behavior="include", **fields)
            await self.post(f"invoices/{draft.get('id')}/pay")

    async def spoil_or_mend_the_card(self) -> None:
        (card,) = await self.get(f"customers/{self.customer}/payment_methods")
        says = self.chance.choice(("insufficient_funds", ""))
        await self.post(f"payment_methods/{card['id']}", **{"metadata[sandbox_decline]": says})

    async def settle(self) -> None:
        for one in await self.get("invoices", customer=self.customer, status="open"):
            how = self.chance.choice(("pay", "void", "mark_uncollectible", "pay"))
            await self.post(f"invoices/{one['id']}/{how}")

    async def wait(self) -> None:
        seconds = self.chance.choice((3_600, 86_400 * 3, 86_400 * 31))
        answer = await self.http.post("/_sandbox/clock", json={"advance_seconds": seconds})
        assert answer.is_success

    async def live(self) -> None:
        ways: list[Callable[[], Awaitable[None]]] = [
            *(self.change, self.begin_anew, self.leave, self.give_back, self.credit),
            *(self.bill_by_hand, self.spoil_or_mend_the_card, self.settle, self.subscribe),
            *(self.wait, self.wait, self.wait, self.wait),
        ]
        await self.begin()
        for _ in range(STEPS):
            await self.chance.choice(ways)()

    async def known(self) -> dict[str, list[Any]]:
        found = {kind: await self.get(path, customer=self.customer) for kind, path in LISTS.items()}
        found["subscription"] = await self.plans()
        found["refund"] = await self.get("refunds")
        found["invoice_payment"] = [
            payment
            for one in found["invoice"]
            for payment in await self.get("invoice_payments", invoice=one["id"])
        ]
        return found


@asynccontextmanager
async def company(seed: int) -> AsyncIterator[tuple[Company, World]]:
    world = World(seed=seed)
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://stripe.example", headers=KEY, timeout=60
    ) as http:
        yield Company(http, seed), world


@pytest.mark.parametrize("seed", range(40))
async def test_months_of_honest_billing_prove_nothing(seed: int) -> None:
    async with company(seed) as (them, world):
        await them.live()
        now = datetime.fromtimestamp(world.clock.now(), tz=UTC)
        known = facts_from(await them.known(), customer=them.customer, now=now)
        looks = list(looked_at(known))
    wrong = [one for one in looks if one.overcharge]
    assert wrong == [], "\n".join((f"seed {seed}", *them.steps))


async def test_most_of_what_is_paid_is_looked_at() -> None:
    """Else the test above would say nothing."""
    told: list[str] = []
    for seed in range(6):
        async with company(seed) as (them, world):
            await them.live()
            now = datetime.fromtimestamp(world.clock.now(), tz=UTC)
            known = facts_from(await them.known(), customer=them.customer, now=now)
            told += [one.because for one in looked_at(known)]
    assert told.count("billed_right") > len(told) / 2, told


amounts = st.integers(0, AMOUNT)
taxed = st.lists(
    st.builds(
        lambda amount, how: {"amount": amount, "tax_behavior": how},
        amounts,
        st.sampled_from(("exclusive", "inclusive")),
    ),
    max_size=2,
)
discounted = st.lists(amounts.map(lambda amount: {"amount": amount}), max_size=2)


@given(st.lists(st.tuples(discounted, taxed, st.booleans()), min_size=1, max_size=5))
def test_discounts_and_taxes_of_one_period_after_the_other_prove_nothing(
    months: list[tuple[list[Json], list[Json], bool]],
) -> None:
    bills: list[Json] = []
    for number, (less, more, by_hand) in enumerate(months):
        at = BEGINS - A_PERIOD * number
        total = AMOUNT - sum(one["amount"] for one in less)
        total += sum(one["amount"] for one in more if one["tax_behavior"] == "exclusive")
        one = line(at, discount_amounts=less, taxes=more)
        reason = "manual" if by_hand else "subscription_cycle"
        days = -A_PERIOD.days * number
        bills += billed(number, one, total=total, days=days, billing_reason=reason)
    known = facts(plan(), *bills)
    assert [one for one in looked_at(known) if one.overcharge] == []
