"""Each thing that must not happen, tried at the door: nothing goes out, and the rule is named."""

import asyncio
from typing import Any

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_refund import ask, paid_twice, pay
from tests.actions.world import Ours
from tests.kit.waiting import someone_waits

from prunella import actions
from prunella.actions import Action, ActionRequest, NotTheirsError
from prunella.kit import idempotency
from prunella.kit.actor import SYSTEM, Actor

AMOUNT = 4_000
SERVICE = Actor(kind="service", id="shop", role="service", verified=True)


def lee(*, verified: bool) -> Actor:
    return Actor(kind="lee", id="lee", verified=verified)


def staff(role: str) -> Actor:
    return Actor(kind="staff", id=f"{role}_1", role=role, verified=True)


def askers(ours: Ours) -> list[Actor]:
    return [ours.person, lee(verified=True), SERVICE, staff("agent"), staff("admin")]


async def paid(ours: Ours, amount: int = AMOUNT, *, order: str = "1041") -> str:
    charge = await pay(ours, amount=amount, order=order)
    await ours.see()
    return charge


async def try_all(ours: Ours, charge: str, rule: str, **more: Any) -> None:
    for n, actor in enumerate(askers(ours)):
        denied = await ask(ours, charge, actor=actor, business_key=f"try:{n}", **more)
        assert denied.state == "denied", actor
        assert rule in denied.decision["rules"], actor
    assert await ours.jobs("actions.carry_out") == []


async def test_another_customers_charge_does_not_exist(new_customer: NewCustomer) -> None:
    ours, other = await new_customer(), await new_customer()
    charge = await paid(other)
    for actor in askers(ours):
        with pytest.raises(NotTheirsError):
            await ask(ours, charge, amount=AMOUNT, actor=actor)


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"currency": "eur"}, "refund.currency"),
        ({"currency": None}, "refund.currency"),
        ({"amount": 0}, "refund.not_over"),
        ({"amount": -1}, "refund.not_over"),
        ({"amount": None}, "refund.not_over"),
        ({"amount": AMOUNT + 1}, "refund.not_over"),
    ],
)
async def test_a_wrong_amount_or_currency(
    new_customer: NewCustomer, more: dict[str, Any], rule: str
) -> None:
    ours = await new_customer()
    await try_all(ours, await paid(ours), rule, **{"amount": AMOUNT} | more)


async def test_a_disputed_charge(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid(ours)
    await ours.stripe.http.post("/_sandbox/disputes", json={"charge": charge})
    await ours.see()
    await try_all(ours, charge, "refund.disputed", amount=AMOUNT)


async def test_a_charge_that_was_never_captured(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await pay(ours, amount=AMOUNT, capture_method="manual")
    await ours.see()
    await try_all(ours, charge, "refund.charge_paid", amount=AMOUNT)


async def test_a_charge_that_the_bank_refused(new_customer: NewCustomer) -> None:
    ours = await new_customer(card="pm_card_chargeCustomerFail")
    invoice = await ours.stripe.bill(ours.customer.address, amount=AMOUNT)
    await ours.stripe.post(f"invoices/{invoice}/pay")
    await ours.see()
    failed = (await ours.stripe.charges(ours.customer.address))[0]
    await try_all(ours, failed["id"], "refund.charge_paid", amount=AMOUNT)


async def test_a_charge_that_went_back_in_the_dashboard(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid(ours)
    await ours.stripe.post("refunds", charge=charge)
    await ours.see()
    await try_all(ours, charge, "refund.not_over", amount=1)


async def test_people_who_may_not(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid(ours)
    forbidden = {
        "who.mail_link": Actor("customer", ours.customer.id, "owner", verified=False),
        "who.may_pay": Actor("customer", ours.customer.id, "member", verified=True),
        "refund.verified": lee(verified=False),
    }
    for rule, actor in forbidden.items():
        denied = await ask(ours, charge, amount=100, actor=actor)
        assert (denied.state, denied.decision["rules"]) == ("denied", [rule])
    viewer = await ask(ours, charge, amount=100, actor=staff("viewer"))
    assert viewer.decision["rules"][0] == "who.may_pay"
    assert await ours.jobs("actions.carry_out") == []


async def test_the_cap_of_a_charge_split_over_many_requests(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid(ours, 40_000)
    asked = [await ask(ours, charge, amount=3_000, business_key=f"part:{n}") for n in range(3)]
    assert [one.state for one in asked] == ["approved", "awaiting_approval", "awaiting_approval"]
    assert "refund.cap" in asked[1].decision["rules"]


async def test_the_limit_of_a_role_split_over_many_requests(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid(ours, 90_000)
    agent = staff("agent")
    asked = [
        await ask(ours, charge, amount=30_000, actor=agent, business_key=f"part:{n}")
        for n in range(2)
    ]
    assert [one.state for one in asked] == ["approved", "awaiting_approval"]
    assert asked[1].decision["rules"] == ["staff.limit"]
    async with ours.house.transaction(staff("admin")) as tx:
        waiting = await actions.Approvals(ours.door).look(tx, asked[1])
    assert waiting
    assert waiting.role == "lead"


async def test_the_cap_of_a_customer_split_over_many_charges(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charges = [await paid(ours, 5_000, order=str(n)) for n in range(4)]
    asked = [await ask(ours, charge, amount=4_500) for charge in charges]
    assert [one.state for one in asked] == ["approved", "approved"] + ["awaiting_approval"] * 2
    assert asked[2].decision["rules"] == ["refund.customer_cap", "refund.count"]


async def test_what_the_dashboard_gave_counts_for_the_customer(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    first, second, third = [await paid(ours, 5_000, order=str(n)) for n in range(3)]
    for charge in (first, second):
        await ours.stripe.post("refunds", charge=charge, amount="1000")
    await ours.see()
    waiting = await ask(ours, third, amount=1_000)
    assert (waiting.state, waiting.decision["rules"]) == ("awaiting_approval", ["refund.count"])


async def test_an_old_charge_goes_to_a_person_and_thirty_days_are_forgotten(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charges = [await paid(ours, 5_000, order=str(n)) for n in range(2)]
    for charge in charges:
        await ours.work(await ask(ours, charge, amount=1_000))
    await ours.stripe.pass_time(hours=24 * 31)
    await ours.see()
    assert (await ask(ours, charges[0], amount=1_000, business_key="b")).state == "approved"
    await ours.stripe.pass_time(hours=24 * 30)
    await ours.see()
    waiting = await ask(ours, charges[1], amount=1_000, business_key="c")
    assert waiting.decision["rules"] == ["refund.age"]


async def test_the_days_money_stops_what_goes_by_itself_and_not_people(
    new_customer: NewCustomer,
) -> None:
    states = []
    for n in range(11):
        ours = await new_customer()
        charges = [await paid(ours, 5_000, order=f"{n}-{m}") for m in range(2)]
        states += [(await ask(ours, charge, amount=5_000)).state for charge in charges]
    assert states == ["approved"] * 20 + ["awaiting_approval"] * 2
    charge = await paid(ours, 5_000, order="by hand")
    assert (await ask(ours, charge, amount=5_000, actor=staff("agent"))).state == "approved"
    await ours.stripe.pass_time(hours=25)
    late = await new_customer()
    assert (await ask(late, await paid(late, 5_000), amount=5_000)).state == "approved"


async def test_a_key_that_was_used_with_other_parameters(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid(ours)

    async def post(amount: int) -> Action:
        asked = ActionRequest(
            kind="refund",
            customer=ours.customer.id,
            target=charge,
            amount=amount,
            currency="usd",
            business_key=f"refund:{charge}",
        )
        async with ours.house.transaction(ours.person) as tx:
            return await ours.door.request_once(tx, asked, scope="api:a", key="k")

    first = await post(AMOUNT)
    assert (await post(AMOUNT)).id == first.id
    with pytest.raises(idempotency.KeyReusedError):
        await post(AMOUNT - 1)


async def test_what_was_decided_is_kept_with_its_facts(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    done = await ours.now(await ask(ours, await paid(ours), amount=AMOUNT))
    assert done.decision["content"] == ours.door.policy.digest
    kept = done.decision["facts"]
    assert kept["charge"]["captured"] == AMOUNT
    assert kept["asker"] == {"kind": "customer", "role": "billing", "verified": True}


async def test_a_request_that_waits_is_judged_again_with_the_approvers_limits(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charge = await paid(ours, 60_000)
    waiting = await ask(ours, charge, amount=60_000)
    async with ours.house.transaction(SYSTEM) as tx:
        by_agent, _ = await ours.door.weigh_again(tx, waiting, by=staff("agent"))
        by_lead, facts = await ours.door.weigh_again(tx, waiting, by=staff("lead"))
    assert (by_agent.verdict, by_agent.rules) == ("needs_approval", ("staff.limit",))
    assert by_lead.verdict == "allow"
    assert facts.charge is not None
    assert facts.charge.given_back == 0


async def test_many_at_once_over_many_customers_keep_the_day(new_customer: NewCustomer) -> None:
    every = []
    for _ in range(8):
        ours = await new_customer()
        every.append((ours, await paid_twice(ours, amount=20_000)))
    asked = await asyncio.gather(*(ask(ours, charge, amount=20_000) for ours, charge in every))
    states = sorted(one.state for one in asked)
    assert states == ["approved"] * 5 + ["awaiting_approval"] * 3


async def test_what_is_being_given_just_then_counts_for_the_day(new_customer: NewCustomer) -> None:
    """Whoever comes second waits until it is sure what the first one gave."""
    every = [await new_customer() for _ in range(6)]
    charges = [await paid_twice(ours, amount=20_000) for ours in every]
    for ours, charge in zip(every[:4], charges[:4], strict=True):
        assert (await ask(ours, charge, amount=20_000)).state == "approved"
    *_, first, second = every
    *_, charge, other = charges
    asked = ActionRequest(
        kind="refund",
        customer=first.customer.id,
        target=charge,
        amount=20_000,
        currency="usd",
        business_key=f"refund:{charge}",
    )
    async with first.house.transaction(first.person) as tx:
        assert (await first.door.request(tx, asked)).state == "approved"
        late = asyncio.create_task(ask(second, other, amount=20_000))
        await someone_waits(first.house)
    waiting = await asyncio.wait_for(late, 60)
    assert (waiting.state, waiting.decision["rules"]) == ("awaiting_approval", ["automatic.day"])
