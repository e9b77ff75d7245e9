"""What programs of the staff decide, and what nobody else may."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.diagnostics.stripe_json import NOW, Json, card, charge, customer
from tests.people.team import joined
from tests.web.company import Company

from prunella import people
from prunella.kit.actor import SYSTEM
from prunella.people import staff, tokens

AMOUNT = 40_000
BODY: Mapping[str, Any] = {
    "kind": "refund",
    "customer": "cus_northbeck",
    "amount": AMOUNT,
    "currency": "usd",
    "reason": "Charged by mistake",
}


def large(**changed: Any) -> Json:
    """A payment that went through."""
    paid = {"status": "succeeded", "paid": True, "failure_code": None, "outcome": None}
    paid |= {"amount": AMOUNT, "amount_captured": AMOUNT, "amount_refunded": 0}
    return charge("ch_large", decline_code=None, code=None) | paid | changed


async def ask_for(web: Company, payment: Json) -> str:
    """A customer's program asks for a whole payment back."""
    await web.knows(customer(), card(), payment)
    async with web.api(web.token("cus_northbeck")) as api:
        answer = await api.post(
            "/v1/actions",
            json=dict(BODY) | {"target": payment["id"]},
            headers={"idempotency-key": "k1"},
        )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
async def waiting(web: Company) -> dict[str, Any]:
    """It is more than may go back by itself."""
    action = await ask_for(web, large())
    async with web.api(web.token("cus_northbeck")) as api:
        found: dict[str, Any] = (await api.get(f"/v1/actions/{action}")).json()
    return found


async def decide(web: Company, token: str, action: str, **body: Any) -> httpx.Response:
    async with web.api(token) as api:
        return await api.post(f"/v1/actions/{action}/approval", json={"approve": True} | body)


async def test_what_needs_approval_names_its_case_at_once(waiting: dict[str, Any]) -> None:
    assert waiting["state"] == "awaiting_approval"
    assert waiting["decision"]["verdict"] == "needs_approval"
    assert waiting["case"].startswith("case_")


async def test_what_was_asked_for_is_still_theirs_after_their_accounts_became_one(
    web: Company, waiting: dict[str, Any]
) -> None:
    before, free = await web.customer("cus_northbeck"), await web.free_customer()
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await people.link(tx, free.id, "cus_northbeck")
    again = dict(BODY) | {"target": "ch_large"}
    async with web.api(web.token("cus_northbeck")) as api:
        for name in ("cus_northbeck", before.id, free.id):
            assert (await api.get(f"/v1/customers/{name}/diagnosis")).status_code == 200
        shown = await api.get(f"/v1/actions/{waiting['id']}")
        asked = await api.post("/v1/actions", json=again, headers={"idempotency-key": "k2"})
    assert shown.status_code == 200
    assert asked.json()["id"] == waiting["id"]


async def test_a_case_says_who_has_to_decide_until_somebody_has(
    web: Company, waiting: dict[str, Any]
) -> None:
    lead = await web.staff_token("lead")
    async with web.api(lead) as api:
        shown = (await api.get(f"/v1/cases/{waiting['case']}")).json()
        [listed] = (await api.get("/v1/cases")).json()["data"]
        assert shown["decides"] == listed["decides"] == "agent"
        await decide(web, lead, waiting["id"], approve=False)
        assert (await api.get(f"/v1/cases/{waiting['case']}")).json()["decides"] is None
    async with web.api(web.token("cus_northbeck")) as api:
        assert "decides" not in (await api.get(f"/v1/cases/{waiting['case']}")).json()


async def test_what_is_denied_names_the_one_case_of_its_target_at_once(web: Company) -> None:
    await ask_for(web, large(disputed=True))
    asked = dict(BODY) | {"target": "ch_large"}
    async with web.api(web.token("cus_northbeck")) as api:
        whole, part = [
            (await api.post("/v1/actions", json=asked | more, headers={"idempotency-key": key}))
            for key, more in (("k2", {}), ("k3", {"amount": 100}))
        ]
        case = (await api.get(f"/v1/cases/{part.json()['case']}")).json()
    assert {whole.json()["state"], part.json()["state"]} == {"denied"}
    assert whole.json()["case"] == part.json()["case"] == case["id"]
    assert await web.count("cases") == 1


async def test_an_agent_approves_up_to_their_limit(web: Company, waiting: dict[str, Any]) -> None:
    answer = await decide(web, await web.staff_token("agent"), waiting["id"], note="Checked.")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["state"] == "approved"
    assert told["approval"]["outcome"] == "approved"
    assert told["approval"]["note"] == "Checked."


async def test_a_refusal_is_kept(web: Company, waiting: dict[str, Any]) -> None:
    token = await web.staff_token("lead")
    assert (await decide(web, token, waiting["id"], approve=False)).json()["state"] == "denied"
    again = await decide(web, await web.staff_token("admin"), waiting["id"])
    assert again.status_code == 409


async def test_staff_follow_an_action_from_who_asked_to_what_was_told(
    web: Company, waiting: dict[str, Any]
) -> None:
    lead = await web.staff_token("lead")
    await decide(web, lead, waiting["id"], approve=False, note="Not theirs to have.")
    async with web.api(lead) as api:
        found = (await api.get(f"/v1/actions/{waiting['id']}")).json()
    assert found["requested_by"].startswith("customer:")
    assert found["facts"]["charge"]["captured"] == AMOUNT
    states = [step["state"] for step in found["steps"]]
    assert states == ["requested", "awaiting_approval", "denied"]
    assert not {"requested_by", "facts", "told", "approval"} & waiting.keys()
    assert [step["state"] for step in waiting["steps"]] == states[:2]


@pytest.mark.parametrize("role", ["viewer", "service"])
async def test_who_may_not_decide_is_told_so(
    web: Company, waiting: dict[str, Any], role: str
) -> None:
    answer = await decide(web, await web.staff_token(role), waiting["id"])
    assert answer.status_code == 403


async def test_to_a_customer_there_is_no_approval(web: Company, waiting: dict[str, Any]) -> None:
    token = web.token("cus_northbeck")
    assert (await decide(web, token, waiting["id"])).status_code == 404
    async with web.api(token) as api:
        assert "approval" not in (await api.get(f"/v1/actions/{waiting['id']}")).json()


async def test_staff_see_who_has_to_decide_and_until_when(
    web: Company, waiting: dict[str, Any]
) -> None:
    async with web.api() as api:
        told = (await api.get(f"/v1/actions/{waiting['id']}")).json()["approval"]
    assert told["role"] == "agent"
    assert told["outcome"] is None
    assert told["lapses_at"]
    answer = await decide(web, await web.staff_token("agent"), waiting["id"], shown=told["shown"])
    assert answer.status_code == 200


async def test_a_charge_that_changed_is_shown_again_first(
    web: Company, waiting: dict[str, Any]
) -> None:
    changed = large(amount=45_000, amount_captured=45_000)
    await web.knows(changed, at=NOW + timedelta(hours=1))
    token = await web.staff_token("agent")
    answer = await decide(web, token, waiting["id"])
    assert answer.status_code == 409
    assert "changed" in answer.json()["detail"]
    assert (await decide(web, token, waiting["id"])).status_code == 200


async def test_an_action_that_is_not_there_is_not_found(web: Company) -> None:
    assert (await decide(web, await web.staff_token("lead"), "act_none")).status_code == 404


async def test_who_asked_with_one_of_their_tokens_does_not_approve_with_another(
    web: Company,
) -> None:
    """However many tokens a member has, they are one person; so is the session they sign in to."""
    ana = await joined(web.rooms.house, role="agent")
    async with web.rooms.house.transaction(ana.member.actor) as tx:
        laptop, script = [await tokens.create_own(tx, name=name) for name in ("laptop", "script")]
    await web.knows(customer(), card(), large(amount=900_000, amount_captured=900_000))
    body = dict(BODY) | {"target": "ch_large", "amount": 600_000}
    async with web.api(laptop) as api:
        key = {"idempotency-key": "k1"}
        asked = (await api.post("/v1/actions", json=body, headers=key)).json()
    assert asked["state"] == "awaiting_approval", asked
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await staff.set_role(tx, ana.member.id, "admin")
    for token in (laptop, script):
        answer = await decide(web, token, asked["id"])
        assert (answer.status_code, answer.json()["title"]) == (403, "This is your own request")
    ben = await joined(web.rooms.house, "Ben Okoro", role="admin")
    async with web.rooms.house.transaction(ben.member.actor) as tx:
        other = await tokens.create_own(tx, name="laptop")
    assert (await decide(web, other, asked["id"])).json()["state"] == "approved"


async def test_the_queue_says_what_waits_for_whom_until_when(
    web: Company, waiting: dict[str, Any]
) -> None:
    async with web.api(await web.staff_token("viewer")) as api:
        [found] = (await api.get("/v1/approvals")).json()["data"]
    assert (found["id"], found["state"], found["role"]) == (
        waiting["id"],
        "awaiting_approval",
        "agent",
    )
    assert (found["customer"], found["amount"]) == ("cus_northbeck", AMOUNT)
    assert found["decision"]["rules"] == waiting["decision"]["rules"]
    assert found["requested_by"].startswith("customer:")
    assert found["asked_at"] < found["lapses_at"]
    agent = await web.staff_token("agent")
    assert (await decide(web, agent, waiting["id"])).status_code == 200
    async with web.api(agent) as api:
        assert (await api.get("/v1/approvals")).json() == {"data": [], "next_cursor": None}


async def test_the_switch_over_the_api(web: Company) -> None:
    stop, go_on = {"stopped": True, "because": "Something is off."}, {"stopped": False}
    async with web.api(await web.staff_token("agent")) as api:
        assert (await api.get("/v1/brake")).json()["stopped"] is False
        for _ in range(2):
            pulled = (await api.put("/v1/brake", json=stop)).json()
        assert (pulled["stopped"], pulled["because"]) == (True, "Something is off.")
        assert pulled["stopped_by"].startswith("staff:")
        assert (await api.put("/v1/brake", json=go_on)).status_code == 403
    async with web.api(web.token("cus_northbeck")) as own:
        assert (await own.put("/v1/brake", json=stop)).status_code in {401, 404}
    async with web.api(await web.staff_token("viewer")) as api:
        assert (await api.put("/v1/brake", json=stop)).status_code == 403
        assert (await api.get("/v1/brake")).json()["stopped"] is True
    async with web.api(await web.staff_token("lead")) as api:
        gone = (await api.put("/v1/brake", json=go_on)).json()
    assert (gone["stopped"], gone["stopped_by"], gone["waiting"]) == (False, None, 0)
