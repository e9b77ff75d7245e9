"""What a customer may use, brought up to what they pay for, in the company's own system."""

from dataclasses import dataclass

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.world import Ours

from prunella import mirror
from prunella.actions import NotTheirsError
from prunella.actions.action import Action
from prunella.connectors.subscriptions import MemorySource, Usable
from prunella.diagnostics import entitlement_of
from prunella.kit.actor import SYSTEM, Actor

AGENT = Actor(kind="staff", id="stf_1", role="agent")


@dataclass
class Selling:
    """One customer who pays for Starter, and the company's own system beside Stripe."""

    ours: Ours
    source: MemorySource
    price: str

    @property
    def name(self) -> str:
        return self.ours.customer.address

    async def lets_use(self, plan: str | None, *, active: bool = True, quantity: int = 1) -> None:
        """Have the company's own system say so, and hear of it."""
        self.source.held[self.name] = Usable(plan=plan, active=active, quantity=quantity)
        await self.ours.carry_out.own.readings.read(self.name)

    async def ask(self, **more: Actor) -> Action:
        return await self.ours.ask("sync_entitlement", self.name, **more)

    async def compared(self) -> str:
        async with self.ours.house.transaction(SYSTEM) as tx:
            known = await entitlement_of(tx, self.ours.customer)
        return known.compared if known else ""


@pytest.fixture
async def selling(new_customer: NewCustomer) -> Selling:
    source = MemorySource()
    ours = await new_customer(source=source)
    product = await ours.stripe.post("products", name="Starter")
    price = await ours.stripe.post(
        "prices",
        product=product["id"],
        currency="usd",
        unit_amount="250000",
        lookup_key="starter_usd",
        **{"recurring[interval]": "month"},
    )
    item = {"items[0][price]": price["id"]}
    await ours.stripe.post("subscriptions", customer=ours.customer.address, **item)
    await ours.see()
    async with ours.house.transaction(SYSTEM) as tx:
        await mirror.set_source(tx, source)
        for plan in ("starter", "professional"):
            sql = "insert into plan_refs (ref, plan, asks) values (%s, %s, false)"
            await tx.execute(sql, (f"{plan}_usd", plan))
    return Selling(ours, source, price["id"])


async def test_what_is_paid_for_is_switched_on_under_the_key_that_was_stored(
    selling: Selling,
) -> None:
    await selling.lets_use(None, active=False)
    asked = await selling.ask()
    assert asked.state == "approved"
    done = await selling.ours.work(asked)
    assert (done.state, done.result) == ("succeeded", {"plan": "starter", "quantity": 1})
    assert selling.source.held[selling.name] == Usable(plan="starter", active=True, quantity=1)
    assert selling.source.keys == [asked.id]
    assert await selling.compared() == "uses_the_same", "pages know of it at once"


async def test_a_second_click_is_the_same_request(selling: Selling) -> None:
    await selling.lets_use("free")
    assert (await selling.ask()).id == (await selling.ask()).id


async def test_where_both_agree_nothing_is_written(selling: Selling) -> None:
    await selling.lets_use("starter")
    denied = await selling.ask()
    assert denied.decision["rules"] == ["sync.differs"]
    assert not selling.source.keys


async def test_a_system_that_does_not_answer_says_nothing_of_anybody(selling: Selling) -> None:
    await selling.lets_use(None, active=False)
    selling.source.away = True
    await selling.ours.carry_out.own.readings.read(selling.name)
    assert await selling.compared() == "no_answer"
    assert (await selling.ask()).decision["rules"] == ["sync.differs"]


async def test_a_system_that_is_only_read_is_not_written(selling: Selling) -> None:
    selling.source.writable = False
    async with selling.ours.house.transaction(SYSTEM) as tx:
        await mirror.set_source(tx, selling.source)
    await selling.lets_use(None, active=False)
    assert (await selling.ask()).decision["rules"] == ["sync.source"]


@pytest.mark.parametrize(
    ("role", "verified", "rule"),
    [("member", True, "who.may_pay"), ("billing", False, "who.mail_link")],
)
async def test_not_everybody_switches_it_on(
    selling: Selling, *, role: str, verified: bool, rule: str
) -> None:
    await selling.lets_use(None, active=False)
    person = Actor(kind="customer", id=selling.ours.customer.id, role=role, verified=verified)
    denied = await selling.ask(actor=person)
    assert (denied.state, denied.decision["rules"]) == ("denied", [rule])


async def test_a_viewer_only_looks(selling: Selling) -> None:
    await selling.lets_use(None, active=False)
    viewer = Actor(kind="staff", id="stf_2", role="viewer")
    assert (await selling.ask(actor=viewer)).decision["rules"] == ["who.may_pay"]


async def test_what_nobody_pays_for_is_taken_away_by_people_of_the_company_alone(
    selling: Selling,
) -> None:
    await selling.lets_use("professional")
    assert (await selling.ask()).decision["rules"] == ["sync.surplus"]
    done = await selling.ours.work(await selling.ask(actor=AGENT))
    assert done.state == "succeeded"
    assert selling.source.held[selling.name].plan == "starter"


async def test_nobody_is_switched_on_for_somebody_else(
    selling: Selling, new_customer: NewCustomer
) -> None:
    other = await new_customer(source=selling.source)
    with pytest.raises(NotTheirsError):
        await other.ask("sync_entitlement", selling.name)
    with pytest.raises(NotTheirsError):
        await other.ask("sync_entitlement", "sub_of_somebody_else")


async def test_an_answer_that_is_lost_is_looked_for_and_nothing_is_sent_twice(
    selling: Selling,
) -> None:
    await selling.lets_use(None, active=False)
    asked = await selling.ask()
    selling.source.lost = True
    unclear = await selling.ours.work(asked)
    assert unclear.state == "unknown"
    selling.source.lost = False
    done = await selling.ours.work(unclear)
    assert done.state == "succeeded"
    assert selling.source.keys == [asked.id]


async def test_what_never_arrived_is_sent_again_under_the_same_key(selling: Selling) -> None:
    await selling.lets_use(None, active=False)
    asked = await selling.ask()
    selling.source.away = True
    assert (await selling.ours.work(asked)).state == "unknown"
    selling.source.away = False
    assert (await selling.ours.work(asked)).state == "succeeded"
    assert selling.source.keys == [asked.id]


async def test_what_was_taken_and_does_not_show_yet_is_waited_for(selling: Selling) -> None:
    await selling.lets_use(None, active=False)
    asked = await selling.ask()
    selling.source.late = True
    for _ in range(2):
        assert (await selling.ours.work(asked)).state == "unknown"
    assert selling.source.keys == [asked.id], "it is looked at again, not sent again"
    await selling.lets_use("starter")
    assert (await selling.ours.work(asked)).state == "succeeded"
    assert selling.source.keys == [asked.id]


async def test_a_no_is_for_a_person(selling: Selling) -> None:
    await selling.lets_use(None, active=False)
    asked = await selling.ask()
    selling.source.writable = False
    failed = await selling.ours.work(asked)
    assert (failed.state, failed.error_code) == ("failed", "not_taken")
    assert "action.needs_person" in await selling.ours.events(asked)


async def test_a_worker_that_died_in_between_leaves_it_to_the_next(selling: Selling) -> None:
    await selling.lets_use(None, active=False)
    asked = await selling.ask()
    taken = await selling.ours.carry_out._take(asked.id)
    assert taken is not None
    assert taken.state == "submitting"
    done = await selling.ours.work(asked)
    assert done.state == "succeeded"
    assert selling.source.keys == [asked.id]


async def test_what_is_sent_is_what_they_pay_for_when_it_is_sent(selling: Selling) -> None:
    await selling.lets_use(None, active=False)
    asked = await selling.ask()
    subscriptions = await selling.ours.stripe.get("subscriptions", customer=selling.name)
    first = subscriptions["data"][0]
    item = {"items[0][id]": first["items"]["data"][0]["id"], "items[0][quantity]": "3"}
    await selling.ours.stripe.post(f"subscriptions/{first['id']}", **item)
    await selling.ours.see()
    assert (await selling.ours.work(asked)).state == "succeeded"
    assert selling.source.held[selling.name].quantity == 3


async def test_an_older_answer_is_not_held_against_a_newer_plan(selling: Selling) -> None:
    """The company's own system hears of a change a little later than we do."""
    await selling.lets_use("starter")
    subscriptions = await selling.ours.stripe.get("subscriptions", customer=selling.name)
    first = subscriptions["data"][0]
    item = {"items[0][id]": first["items"]["data"][0]["id"], "items[0][quantity]": "2"}
    await selling.ours.stripe.post(f"subscriptions/{first['id']}", **item)
    await selling.ours.see()
    assert await selling.compared() == "changed_since"
    assert (await selling.ask()).decision["rules"] == ["sync.differs"]
