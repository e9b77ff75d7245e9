"""Another plan: exactly as it was previewed, once, or not at all."""

from dataclasses import dataclass
from typing import Any

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.world import Ours

from prunella.actions import Action, BadRequestError, NotTheirsError
from prunella.kit.actor import SYSTEM, Actor
from prunella.mirror import refresh
from prunella.people.plans import plan_prices, set_plans
from prunella.settings import load_content, shipped

MONTHLY = {"starter": 250_000, "professional": 1_500_000, "enterprise": 7_500_000}


@dataclass
class OnAPlan:
    """A customer on the starter plan, and the prices that there are."""

    ours: Ours
    subscription: str
    item: str
    prices: dict[str, str]

    async def preview(self, price: str) -> tuple[int, int]:
        """What is charged at once, and the second it was reckoned for."""
        at = int(self.ours.house.clock.now().timestamp())
        found = await self.ours.carry_out.reads.preview_change(
            subscription=self.subscription,
            item=self.item,
            price=self.prices[price],
            proration_date=at,
        )
        assert found
        return int(found["amount_due"]), at

    async def ask(self, price: str, *, amount: int | None, at: int, **more: Any) -> Action:
        params = {"item": self.item, "price": self.prices[price], "proration_date": str(at)}
        asked: dict[str, Any] = {"amount": amount, "currency": "usd", "params": params} | more
        return await self.ours.ask("change_plan", self.subscription, **asked)

    async def price(self) -> str:
        found = await self.ours.stripe.get(f"subscriptions/{self.subscription}")
        price: str = found["items"]["data"][0]["price"]["id"]
        return price


async def on_starter(ours: Ours, *, days: int = 10) -> OnAPlan:
    prices = {}
    for name, amount in MONTHLY.items():
        product = await ours.stripe.post("products", name=name)
        price = await ours.stripe.post(
            "prices",
            product=product["id"],
            currency="usd",
            unit_amount=str(amount),
            lookup_key=f"{name}_usd",
            **{"recurring[interval]": "month"},
        )
        prices[name] = price["id"]
    starter = {"items[0][price]": prices["starter"]}
    made = await ours.stripe.post("subscriptions", customer=ours.customer.address, **starter)
    await ours.stripe.pass_time(hours=24 * days)
    await ours.see()
    for price in prices.values():
        await refresh(ours.house, ours.carry_out.reads, "price", price)
    async with ours.house.transaction(SYSTEM) as tx:
        await set_plans(tx, load_content(shipped("content")))
    return OnAPlan(ours, made["id"], made["items"]["data"][0]["id"], prices)


async def test_a_bigger_plan_costs_what_was_previewed(new_customer: NewCustomer) -> None:
    plan = await on_starter(await new_customer())
    amount, at = await plan.preview("professional")
    assert 0 < amount < 1_500_000
    done = await plan.ours.work(await plan.ask("professional", amount=amount, at=at))
    assert done.state == "succeeded", done.error
    assert await plan.price() == plan.prices["professional"]
    charges = await plan.ours.stripe.charges(plan.ours.customer.address)
    assert sorted(one["amount"] for one in charges) == sorted([250_000, amount])


@pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout_after"])
async def test_it_is_changed_and_charged_once_whatever_happens_to_the_answer(
    new_customer: NewCustomer, fault: str
) -> None:
    plan = await on_starter(await new_customer())
    amount, at = await plan.preview("professional")
    asked = await plan.ask("professional", amount=amount, at=at)
    await plan.ours.stripe.fault(fault, f"/subscriptions/{plan.subscription}", method="POST")
    await plan.ours.work(asked)
    for _ in range(2):
        await plan.ours.stripe.pass_time(hours=1)
        await plan.ours.fire_timers()
        await plan.ours.work(asked)
    assert (await plan.ours.now(asked)).state == "succeeded"
    assert len(await plan.ours.stripe.charges(plan.ours.customer.address)) == 2


async def test_a_preview_that_no_longer_holds_changes_nothing(new_customer: NewCustomer) -> None:
    plan = await on_starter(await new_customer())
    amount, at = await plan.preview("professional")
    asked = await plan.ask("professional", amount=amount - 1, at=at)
    failed = await plan.ours.work(asked)
    assert failed.error_code == "preview_changed"
    assert "action.needs_person" not in await plan.ours.events(failed)
    assert await plan.price() == plan.prices["starter"]
    assert len(await plan.ours.stripe.charges(plan.ours.customer.address)) == 1


async def test_the_same_number_in_another_currency_is_not_what_was_previewed(
    new_customer: NewCustomer,
) -> None:
    plan = await on_starter(await new_customer())
    amount, at = await plan.preview("professional")
    failed = await plan.ours.work(
        await plan.ask("professional", amount=amount, at=at, currency="jpy")
    )
    assert failed.error_code == "preview_changed"
    assert await plan.price() == plan.prices["starter"]


@pytest.mark.parametrize("currency", ["zz", "dollars", "u$d", "", "\uff35\uff33\uff24"])
async def test_what_is_no_currency_never_becomes_an_action(
    new_customer: NewCustomer, currency: str
) -> None:
    ours = await new_customer()
    with pytest.raises(BadRequestError):
        await ours.ask("change_plan", "sub_1", amount=1, currency=currency)


async def test_a_bank_that_says_no_leaves_the_plan(new_customer: NewCustomer) -> None:
    plan = await on_starter(await new_customer())
    amount, at = await plan.preview("professional")
    await plan.ours.stripe.set_card(plan.ours.customer.address, "pm_card_chargeCustomerFail")
    failed = await plan.ours.work(await plan.ask("professional", amount=amount, at=at))
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error["class"] == "declined"
    assert await plan.price() == plan.prices["starter"]


@pytest.mark.parametrize("wanted", ["starter", "enterprise"])
async def test_only_what_is_offered_can_be_had(new_customer: NewCustomer, wanted: str) -> None:
    """The plan in place, and one that a person talks about first."""
    plan = await on_starter(await new_customer())
    denied = await plan.ask(wanted, amount=0, at=1)
    assert "change.price_offered" in denied.decision["rules"]


async def test_without_a_preview_nothing_changes(new_customer: NewCustomer) -> None:
    plan = await on_starter(await new_customer())
    denied = await plan.ask("professional", amount=None, at=1)
    assert denied.decision["rules"] == ["change.previewed"]


async def test_a_plan_that_is_to_end_is_kept_first(new_customer: NewCustomer) -> None:
    plan = await on_starter(await new_customer())
    await plan.ours.stripe.post(f"subscriptions/{plan.subscription}", cancel_at_period_end="true")
    await plan.ours.see()
    assert "change.plan_runs" in (await plan.ask("professional", amount=1, at=1)).decision["rules"]


async def test_a_mails_button_changes_no_plan(new_customer: NewCustomer) -> None:
    plan = await on_starter(await new_customer())
    by_mail = Actor(kind="customer", id=plan.ours.customer.id, role="billing", verified=False)
    denied = await plan.ask("professional", amount=1, at=1, actor=by_mail)
    assert denied.decision["rules"] == ["who.mail_link"]


async def test_another_customers_plan_does_not_exist(new_customer: NewCustomer) -> None:
    plan, other = await on_starter(await new_customer()), await new_customer()
    with pytest.raises(NotTheirsError):
        await other.ask("change_plan", plan.subscription, params={"price": "price_1"})


async def test_the_plans_that_are_offered_come_from_content(new_customer: NewCustomer) -> None:
    plan = await on_starter(await new_customer())
    async with plan.ours.house.transaction(SYSTEM) as tx:
        offered = await plan_prices(tx)
    assert [(one.plan, one.amount.amount) for one in offered] == [
        ("starter", 250_000),
        ("professional", 1_500_000),
    ]
