"""A person decides: exactly what they were shown, within their own limits, and only once."""

import asyncio
from typing import Any

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_refund import pay
from tests.actions.world import Ours

from prunella import actions
from prunella.actions import Action, Approval, Approvals
from prunella.actions.store_approval import Outcome
from prunella.cli.account import OPERATOR
from prunella.kit.actor import SYSTEM, Actor
from prunella.people import tokens

LARGE = 40_000
EVERY_ROLE = ("agent", "csm", "finance", "lead", "admin", "viewer", "service")
AGENT = Actor("staff", "tok_agent", "agent", verified=True)
OTHER = Actor("staff", "tok_other", "agent", verified=True)
LEAD = Actor("staff", "tok_lead", "lead", verified=True)
ADMIN = Actor("staff", "tok_admin", "admin", verified=True)


async def waits(ours: Ours, *, amount: int = LARGE, **more: Any) -> Action:
    """A refund that nobody may make alone."""
    charge = await pay(ours, amount=amount)
    await ours.see()
    asked = await ours.ask("refund", charge, amount=amount, currency="usd", **more)
    assert asked.state == "awaiting_approval", asked.decision
    return asked


async def decide(
    ours: Ours, action: Action, by: Actor, *, approve: bool = True, **more: str
) -> Outcome | str:
    async with ours.house.transaction(by) as tx:
        return await Approvals(ours.door).decide(tx, action.id, approve=approve, **more)


async def said(ours: Ours, action: Action) -> Approval:
    async with ours.house.transaction(SYSTEM) as tx:
        found = await actions.of_action(tx, action.id)
    assert found
    return found


async def refunds(ours: Ours) -> list[dict[str, Any]]:
    return list((await ours.stripe.get("refunds"))["data"])


@pytest.fixture
async def ours(new_customer: NewCustomer) -> Ours:
    return await new_customer()


async def test_a_large_refund_is_sent_once_a_person_approves(ours: Ours) -> None:
    action = await waits(ours)
    assert (await ours.work(action)).state == "awaiting_approval"
    assert await refunds(ours) == []
    assert await decide(ours, action, AGENT, note="Agreed on the phone.") == "approved"
    assert (await ours.work(action)).state == "succeeded"
    assert [one["amount"] for one in await refunds(ours)] == [LARGE]
    kept = await said(ours, action)
    assert (kept.outcome, kept.decided_by, kept.note) == ("approved", AGENT, "Agreed on the phone.")


async def test_a_case_is_decided_by_who_may_decide_all_that_waits_on_it(ours: Ours) -> None:
    small, large = await waits(ours), await waits(ours, amount=60_000)
    async with ours.house.transaction(SYSTEM) as tx:
        await actions.tie(tx, small, "case_both")
        assert await Approvals(ours.door).deciders(tx, ["case_both"]) == {"case_both": "agent"}
        await actions.tie(tx, large, "case_both")
        found = await Approvals(ours.door).deciders(tx, ["case_both", "case_other"])
        lists = {role: await Approvals(ours.door).to_decide(tx, role) for role in EVERY_ROLE}
    assert found == {"case_both": "lead"}
    assert {role for role, listed in lists.items() if listed == ["case_both"]} == {"lead", "admin"}
    assert all(listed in ([], ["case_both"]) for listed in lists.values())
    await decide(ours, large, LEAD, approve=False)
    async with ours.house.transaction(SYSTEM) as tx:
        assert await Approvals(ours.door).deciders(tx, ["case_both"]) == {"case_both": "agent"}


async def test_what_is_refused_is_never_sent(ours: Ours) -> None:
    action = await waits(ours)
    assert await decide(ours, action, AGENT, approve=False) == "refused"
    assert (await ours.work(action)).state == "denied"
    with pytest.raises(actions.NotWaitingError):
        await decide(ours, action, LEAD)
    assert await refunds(ours) == []


async def test_nobody_approves_their_own_request_but_may_take_it_back(ours: Ours) -> None:
    action = await waits(ours, amount=60_000, actor=AGENT)
    with pytest.raises(actions.OwnRequestError):
        await decide(ours, action, AGENT)
    assert await decide(ours, action, AGENT, approve=False) == "refused"


async def test_each_role_approves_up_to_its_own_limit(ours: Ours) -> None:
    action = await waits(ours, amount=60_000)
    with pytest.raises(actions.NotYoursError):
        await decide(ours, action, AGENT)
    assert await decide(ours, action, LEAD) == "approved"
    huge = await waits(ours, amount=600_000)
    with pytest.raises(actions.NotYoursError):
        await decide(ours, huge, LEAD)
    async with ours.house.transaction(ADMIN) as tx:
        waiting = await Approvals(ours.door).look(tx, huge)
    assert waiting
    assert waiting.role == "admin"
    assert await decide(ours, huge, ADMIN) == "approved"


@pytest.mark.parametrize("kind", ["customer", "service", "system", "lee"])
async def test_only_staff_decide(ours: Ours, kind: str) -> None:
    action = await waits(ours)
    with pytest.raises(actions.NotYoursError):
        await decide(ours, action, Actor(kind, "someone", "admin", verified=True))
    with pytest.raises(actions.NotYoursError):
        await decide(ours, action, Actor("staff", "tok_v", "viewer", verified=True))


async def test_a_changed_charge_asks_again(ours: Ours) -> None:
    action = await waits(ours)
    await ours.stripe.post("refunds", charge=action.target, amount="100")
    await ours.see()
    assert await decide(ours, action, AGENT) == "changed"
    assert (await ours.now(action)).state == "awaiting_approval"
    with pytest.raises(actions.NotAllowedNowError):  # more than what is left by now
        await decide(ours, action, AGENT)


async def test_an_approval_is_for_what_that_page_showed(ours: Ours) -> None:
    action = await waits(ours)
    async with ours.house.transaction(AGENT) as tx:
        waiting = await Approvals(ours.door).look(tx, action)
    assert waiting
    assert await decide(ours, action, AGENT, shown="0" * 32) == "changed"
    assert await decide(ours, action, AGENT, shown=waiting.shown) == "approved"


async def test_a_charge_that_only_grew_older_is_the_same_charge(ours: Ours) -> None:
    action = await waits(ours)
    await ours.stripe.pass_time(hours=30)
    assert await decide(ours, action, AGENT) == "approved"


async def test_two_who_approve_at_once_send_one_refund(ours: Ours) -> None:
    action = await waits(ours)
    answers = await asyncio.gather(
        *(decide(ours, action, who) for who in (AGENT, OTHER, LEAD, ADMIN)),
        return_exceptions=True,
    )
    assert answers.count("approved") == 1
    assert sum(isinstance(one, actions.NotWaitingError) for one in answers) == 3
    await ours.work(action)
    await ours.work(action)
    assert len(await refunds(ours)) == 1


async def test_one_approves_and_one_refuses_and_only_one_of_them_counts(ours: Ours) -> None:
    action = await waits(ours)
    answers = await asyncio.gather(
        decide(ours, action, AGENT),
        decide(ours, action, OTHER, approve=False),
        return_exceptions=True,
    )
    given = [one for one in answers if isinstance(one, str)]
    assert len(given) == 1
    assert (await said(ours, action)).outcome == given[0]


async def test_the_same_decision_sent_again_gets_the_same_answer(ours: Ours) -> None:
    action = await waits(ours)
    assert await decide(ours, action, AGENT) == "approved"
    assert await decide(ours, action, AGENT) == "approved"
    with pytest.raises(actions.NotWaitingError):
        await decide(ours, action, AGENT, approve=False)
    assert (await ours.life(action)).count("approved") == 1


async def test_what_nobody_decides_lapses(ours: Ours) -> None:
    action = await waits(ours)
    await ours.stripe.pass_time(hours=73)
    assert await decide(ours, action, AGENT) == "lapsed"
    assert (await ours.now(action)).state == "denied"
    with pytest.raises(actions.NotWaitingError):
        await decide(ours, action, AGENT)
    assert await refunds(ours) == []


async def test_what_waits_is_reserved_until_somebody_says_no(ours: Ours) -> None:
    action = await waits(ours)
    again = await ours.ask(
        "refund", action.target, amount=LARGE, currency="usd", business_key="another"
    )
    assert "refund.not_over" in again.decision["rules"]
    await decide(ours, action, AGENT, approve=False)
    third = await ours.ask(
        "refund", action.target, amount=LARGE, currency="usd", business_key="another"
    )
    assert third.state == "awaiting_approval"


@pytest.mark.parametrize("end", ["refused", "lapsed"])
async def test_what_waited_and_came_to_nothing_leaves_the_customers_cap_free(
    ours: Ours, end: str
) -> None:
    waiting = await waits(ours)
    small = await pay(ours, amount=2_000)
    await ours.see()
    asked = await ours.ask("refund", small, amount=2_000, currency="usd")
    assert asked.decision["rules"] == ["refund.customer_cap"]
    if end == "refused":
        assert await decide(ours, waiting, AGENT, approve=False) == end
    else:
        await ours.stripe.pass_time(hours=73)
        assert await decide(ours, waiting, AGENT) == end
    other = await pay(ours, amount=1_900, order="another")
    await ours.see()
    again = await ours.ask("refund", other, amount=1_900, currency="usd")
    assert again.state == "approved", again.decision


async def token_of(ours: Ours, by: Actor, role: str) -> Actor:
    """Whoever shows the bare token that they made."""
    async with ours.house.transaction(by) as tx:
        secret = await tokens.create(tx, name=f"of {by.id}", role=role)
        actor = await tokens.of_bearer(tx, secret)
    assert actor
    return actor


@pytest.mark.parametrize("role", ["agent", "service"])
async def test_a_token_counts_as_whoever_made_it(ours: Ours, role: str) -> None:
    made = await token_of(ours, ADMIN, role)
    action = await waits(ours, amount=60_000, actor=made)
    with pytest.raises(actions.OwnRequestError):
        await decide(ours, action, ADMIN)
    async with ours.house.transaction(ADMIN) as tx:
        [listed] = await Approvals(ours.door).waiting(tx)
        looked = await Approvals(ours.door).look(tx, action)
    assert looked
    assert (listed.own, looked.own) == (True, True)
    assert await decide(ours, action, LEAD) == "approved"


async def test_what_somebody_asked_for_no_token_of_theirs_approves(ours: Ours) -> None:
    """However many tokens stand between: the person at their end is one."""
    admin = await token_of(ours, ADMIN, "admin")
    lead = await token_of(ours, admin, "lead")
    other = await token_of(ours, ADMIN, "lead")
    action = await waits(ours, amount=60_000, actor=await token_of(ours, admin, "agent"))
    for theirs in (ADMIN, admin, lead, other):
        with pytest.raises(actions.OwnRequestError):
            await decide(ours, action, theirs)
    assert await decide(ours, action, LEAD) == "approved"


@pytest.mark.parametrize("key", [tokens.ADMIN, OPERATOR, SYSTEM])
async def test_keys_of_the_set_up_hand_out_tokens_to_people(ours: Ours, key: Actor) -> None:
    agent, lead = await token_of(ours, key, "agent"), await token_of(ours, key, "lead")
    action = await waits(ours, amount=60_000, actor=agent)
    with pytest.raises(actions.OwnRequestError):
        await decide(ours, action, agent)
    assert await decide(ours, action, lead) == "approved"
