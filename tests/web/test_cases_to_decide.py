"""Cases on which somebody has to decide: found by the role, over the API and in the inbox."""

import pytest
from tests.diagnostics.stripe_json import customer
from tests.web.browsing import at_the_desk, text_of
from tests.web.company import Company
from tests.web.test_approvals_api import ask_for, decide, large


async def ids(web: Company, token: str, query: str) -> list[str]:
    async with web.api(token) as api:
        answer = await api.get(f"/v1/cases?{query}")
    assert answer.is_success, answer.text
    return [one["id"] for one in answer.json()["data"]]


async def case_of(web: Company, action: str) -> str:
    async with web.api() as api:
        case: str = (await api.get(f"/v1/actions/{action}")).json()["case"]
    return case


@pytest.mark.parametrize("more", ["", "&order=due", "&kind=question", "&q=refund"])
async def test_a_list_holds_what_one_role_has_to_decide(web: Company, more: str) -> None:
    case = await case_of(web, await ask_for(web, large()))
    lead = await web.staff_token("lead")
    everything = await ids(web, lead, more)
    assert await ids(web, lead, f"decides=agent{more}") == [
        one for one in everything if one == case
    ]
    assert await ids(web, lead, f"decides=lead{more}") == []


async def test_what_was_decided_leaves_the_list(web: Company) -> None:
    action = await ask_for(web, large())
    lead = await web.staff_token("lead")
    assert await ids(web, lead, "decides=agent") == [await case_of(web, action)]
    await decide(web, lead, action, approve=False)
    assert await ids(web, lead, "decides=agent") == []


async def test_the_inbox_lists_what_one_may_decide_oneself(web: Company) -> None:
    await ask_for(web, large())
    agent = await at_the_desk(web, await web.staff_token("agent"))
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    assert "Mine to decide" in text_of(await agent.get("/desk"))
    waiting = "A person has to decide. From agent upwards"
    assert waiting in text_of(await agent.get("/desk?view=decide"))
    assert waiting not in text_of(await viewer.get("/desk?view=decide"))


async def test_to_a_customers_program_it_makes_no_difference(web: Company) -> None:
    await web.knows(customer())
    own = web.token("cus_northbeck")
    await ask_for(web, large())
    assert await ids(web, own, "decides=lead") == await ids(web, own, "")
