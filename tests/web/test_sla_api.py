"""What the public contract says about deadlines."""

from typing import Any

import pytest
from tests.web.company import Company

Json = dict[str, Any]


async def due(web: Company, **body: Any) -> Json:
    async with web.api() as client:
        answer = await client.post("/v1/sla/due", json=body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_the_contract_and_what_we_run_at_by_the_shipped_calendar(web: Company) -> None:
    found = await due(
        web, plan="starter", severity="critical", opened_at="2026-11-20T16:30:00+00:00"
    )
    assert found == {
        "response_due_at": "2026-11-23T16:30:00+00:00",
        "resolution_due_at": "2026-11-27T16:30:00+00:00",
        "response_target_at": "2026-11-23T16:30:00+00:00",
        "resolution_target_at": "2026-11-24T16:30:00+00:00",
    }


async def test_an_enterprise_has_no_weekend(web: Company) -> None:
    found = await due(web, plan="enterprise", severity="high", opened_at="2026-11-22T03:10:00Z")
    assert found["response_due_at"] == "2026-11-22T03:40:00+00:00"
    assert found["resolution_due_at"] == "2026-11-22T05:10:00+00:00"


async def test_a_free_customer_is_promised_an_answer_and_no_solution(web: Company) -> None:
    found = await due(web, plan="free", severity="low", opened_at="2026-11-16T10:30:00Z")
    assert found["response_due_at"] == "2026-11-18T10:30:00+00:00"
    assert found["resolution_due_at"] is None
    assert found["resolution_target_at"] is None


async def test_friday_afternoon_there_goes_on_on_monday_there(web: Company) -> None:
    found = await due(
        web,
        plan="professional",
        severity="high",
        opened_at="2026-03-06T16:30:00-05:00",
        time_zone="America/New_York",
        country="US",
    )
    assert found["response_due_at"] == "2026-03-09T14:30:00+00:00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"plan": "gold"},
        {"severity": "urgent"},
        {"opened_at": "2026-11-20T16:30:00"},
        {"opened_at": "2026-11-20"},
        {"opened_at": 1_700_000_000},
        {"opened_at": "9999-12-31T23:59:59Z"},
        {"time_zone": "Mars/Olympus"},
        {"country": "Atlantis"},
        {"extra": "field"},
    ],
)
async def test_what_cannot_be_read_is_refused_with_the_fields_name(
    web: Company, wrong: Json
) -> None:
    right = {"plan": "free", "severity": "low", "opened_at": "2026-11-16T10:30:00Z"}
    async with web.api() as client:
        answer = await client.post("/v1/sla/due", json=right | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(wrong))


async def test_a_stranger_learns_nothing(web: Company) -> None:
    async with web.client() as client:
        answer = await client.post("/v1/sla/due", json={})
    assert answer.status_code in {401, 422}


async def test_a_case_shows_both_deadlines_to_us_and_to_customers_what_they_were_promised(
    web: Company,
) -> None:
    customer = await web.free_customer()
    asked = {"customer": customer.id, "subject": "A bill", "text": "What is it for?"}
    async with web.api(web.token(customer.id)) as own, web.api() as staff:
        theirs = (await own.post("/v1/cases", json=asked)).json()
        ours = (await staff.get(f"/v1/cases/{theirs['id']}")).json()["sla"]
        listed = (await staff.get("/v1/cases")).json()["data"][0]["sla"]
    assert set(theirs["sla"]) == {
        "response_due_at",
        "resolution_due_at",
        "responded_at",
        "paused_at",
    }
    assert theirs["sla"]["response_due_at"] == ours["response_target_at"] == ours["due_at"]
    assert ours["resolution_due_at"] is None
    assert listed == ours


async def test_while_we_wait_for_the_customer_the_case_says_so(web: Company) -> None:
    customer = await web.free_customer()
    asked = {"customer": customer.id, "subject": "A bill", "text": "What is it for?"}
    async with web.api(web.token(customer.id)) as own, web.api() as staff:
        path = f"/v1/cases/{(await own.post('/v1/cases', json=asked)).json()['id']}"
        waiting = (await staff.patch(path, json={"status": "pending"})).json()["sla"]
        assert waiting["paused_at"]
        assert waiting["due_at"] is None
        await own.post(f"{path}/messages", json={"text": "Here is the number."})
        going_on = (await staff.get(path)).json()["sla"]
        assert (going_on["paused_at"], going_on["responded_at"]) == (None, None)
        await staff.post(f"{path}/messages", json={"text": "It is for March."})
        answered = (await staff.get(path)).json()["sla"]
    assert answered["responded_at"]
    assert answered["due_at"] is None


async def test_how_many_came_in_time_is_for_staff_and_names_the_aim_of_each_plan(
    web: Company,
) -> None:
    customer = await web.free_customer()
    since = {"since": "2020-01-01T00:00:00Z"}
    async with web.api() as staff, web.api(web.token(customer.id)) as own:
        found = (await staff.get("/v1/sla/attainment", params=since)).json()["data"]
        assert (await staff.get("/v1/sla/attainment", params={"since": "x"})).status_code == 422
        assert (await staff.get("/v1/sla/batches")).json() == {"data": []}
        assert (await own.get("/v1/sla/attainment", params=since)).status_code == 404
        assert (await own.get("/v1/sla/batches")).status_code == 404
    aims = {one["plan"]: one["aim"] for one in found}
    assert aims == {"free": None, "starter": 90, "professional": 95, "enterprise": 99}


async def test_who_asks_for_work_gets_the_most_pressing_case_that_nobody_has(
    web: Company,
) -> None:
    customer = await web.free_customer()
    asked = {"customer": customer.id, "subject": "A bill", "text": "What is it for?"}
    async with web.api() as staff:
        assert (await staff.post("/v1/cases/next")).status_code == 204
        case = (await staff.post("/v1/cases", json=asked)).json()
        taken = (await staff.post("/v1/cases/next")).json()
        assert (taken["id"], taken["assignee"]) == (case["id"], "admin")
        assert (await staff.post("/v1/cases/next")).status_code == 204
