"""What concerns a colleague, through the API."""

from tests.diagnostics.stripe_json import customer
from tests.web.company import Company

from prunella.kit.actor import SYSTEM
from prunella.kit.events import deliver


async def test_a_day_of_notifications(web: Company) -> None:
    await web.knows(customer())
    token = await web.staff_token("agent")
    async with web.api() as admin, web.api(token) as agent:
        me = (await agent.get("/v1/notifications")).json()
        assert me == {"data": [], "next_cursor": None, "unread": 0}
        body = {"customer": "cus_northbeck", "subject": "VAT", "text": "?"}
        case = (await admin.post("/v1/cases", json=body)).json()
        async with web.rooms.house.transaction(SYSTEM) as tx:
            row = await tx.one("select id from api_tokens where role = 'agent'")
        assert row
        given = await admin.patch(f"/v1/cases/{case['id']}", json={"assignee": row["id"]})
        assert given.is_success
        while await deliver(web.rooms.house):
            pass
        told = (await agent.get("/v1/notifications")).json()
        [notice] = told["data"]
        assert (notice["kind"], notice["case"], told["unread"]) == ("assigned", case["id"], 1)
        assert (notice["by"], notice["read_at"]) == ("admin", None)
        path = f"/v1/notifications/{notice['id']}"
        assert (await admin.patch(path, json={"read": True})).status_code == 404
        assert (await agent.patch(path, json={"read": True})).json()["unread"] == 0
        assert (await agent.patch("/v1/notifications", json={"read": True})).is_success
        after = {"cursor": notice["id"]}
        assert (await agent.get("/v1/notifications", params=after)).json()["data"] == []
        odd = await agent.get("/v1/notifications", params={"cursor": "zz"})
        assert odd.status_code == 422


async def test_everybody_decides_how_they_are_told(web: Company) -> None:
    async with web.api() as admin:
        path = "/v1/notifications/settings"
        before = (await admin.get(path)).json()
        quiet = {"assigned": {"page": False, "mail": True}}
        assert (await admin.patch(path, json=quiet)).json() == before | quiet
        assert (await admin.get(path)).json() == before | quiet
        assert (await admin.patch(path, json={"gone": {"page": True}})).status_code == 422


async def test_a_customer_has_none(web: Company) -> None:
    await web.knows(customer())
    async with web.api(web.token("cus_northbeck")) as theirs:
        for path in ("", "/settings"):
            assert (await theirs.get(f"/v1/notifications{path}")).status_code == 404
