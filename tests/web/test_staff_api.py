"""Who works here, over the API."""

from tests.people.team import Joined, joined
from tests.web.company import Company

from prunella.kit.actor import SYSTEM
from prunella.people import invitations, tokens

BEN = {"name": "Ben Okoro", "email": "ben@tai.example", "role": "agent", "teams": ["support"]}


async def token_of(web: Company, ana: Joined, *scopes: str) -> str:
    async with web.rooms.house.transaction(ana.member.actor) as tx:
        return await tokens.create_own(tx, name="Mine", scopes=scopes)


async def test_an_invitation_is_a_link_and_sent_twice_it_is_one_member(web: Company) -> None:
    async with web.api() as client:
        key = {"idempotency-key": "ben"}
        first = (await client.post("/v1/staff", json=BEN, headers=key)).json()
        second = (await client.post("/v1/staff", json=BEN, headers=key)).json()
        third = await client.post("/v1/staff", json=BEN)
        listed = (await client.get("/v1/staff")).json()["data"]
        shown = (await client.get(f"/v1/staff/{first['id']}")).json()
    assert first["id"] == second["id"] == listed[0]["id"]
    assert (third.status_code, third.json()["detail"][:8]) == (409, "Somebody")
    assert (shown["state"], shown["handle"], shown["teams"]) == (
        "invited",
        "ben-okoro",
        ["support"],
    )
    assert "setup_url" not in shown
    assert second == first | {"setup_url": None}
    secret = first["setup_url"].rpartition("/join/")[2]
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await invitations.read(tx, secret)
    assert found.member
    assert found.member.email == "ben@tai.example"


async def test_a_member_is_changed_and_disabled(web: Company) -> None:
    ana = await joined(web.rooms.house)
    token = await token_of(web, ana)
    async with web.api() as client, web.api(token) as own:
        path = f"/v1/staff/{ana.member.id}"
        change = {"role": "lead", "teams": ["finance", "support"], "capacity": 12}
        shown = (await client.patch(path, json=change)).json()
        assert {name: shown[name] for name in change} == change | {"teams": ["support", "finance"]}
        assert (await client.patch(path, json={})).json() == shown
        assert (await client.patch(path, json={"capacity": None})).json()["capacity"] is None
        assert (await own.get("/v1/cases")).status_code == 200
        gone = (await client.patch(path, json={"disabled": True})).json()
        assert (gone["state"], bool(gone["disabled_at"])) == ("disabled", True)
        assert (await own.get("/v1/cases")).status_code == 401
        assert (await client.get("/v1/colleagues")).json()["data"] == []
        back = (await client.patch(path, json={"disabled": False})).json()
        assert back["state"] == "active"


async def test_what_cannot_be_is_said(web: Company) -> None:
    ana = await joined(web.rooms.house, role="admin")
    path = f"/v1/staff/{ana.member.id}"
    async with web.api(await token_of(web, ana)) as client:
        for body, status in (
            ({"role": "viewer"}, 409),
            ({"disabled": True}, 409),
            ({"role": "service"}, 422),
            ({"teams": ["sales"]}, 422),
            ({"capacity": -1}, 422),
            ({"name": "a\nb"}, 422),
        ):
            answer = await client.patch(path, json=body)
            assert (answer.status_code, answer.json()["status"]) == (status, status), body
        assert (await client.get("/v1/staff/stf_nobody")).status_code == 404
        assert (await client.patch("/v1/staff/stf_nobody", json={})).status_code == 404
        assert (await client.post("/v1/staff/stf_nobody/setup-link")).status_code == 404
        assert (await client.delete("/v1/tokens/tok_nobody")).status_code == 404


async def test_a_token_is_shown_once_and_acts_as_its_member(web: Company) -> None:
    ana = await joined(web.rooms.house)
    async with web.api(await token_of(web, ana)) as client:
        key, body = {"idempotency-key": "t"}, {"name": "Script", "scopes": ["cases:read"]}
        made = (await client.post("/v1/tokens", json=body, headers=key)).json()
        again = (await client.post("/v1/tokens", json=body, headers=key)).json()
        listed = (await client.get("/v1/tokens")).json()["data"]
    assert (made["id"], made["member"], again["secret"]) == (again["id"], ana.member.id, None)
    assert [one["name"] for one in listed] == ["Script", "Mine"]
    assert made["secret"] not in str(listed)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        assert await tokens.of_bearer(tx, made["secret"]) == ana.member.actor


async def test_a_token_makes_none_that_may_more_than_itself(web: Company) -> None:
    ana = await joined(web.rooms.house, role="admin")
    token = await token_of(web, ana, "tokens:write", "cases:read")
    async with web.api(token) as client:
        for body in (
            {"name": "All"},
            {"name": "All", "scopes": ["*"]},
            {"name": "Write", "scopes": ["cases:read", "cases:write"]},
            {"name": "Bare", "role": "admin"},
            {"name": "Service", "role": "service", "scopes": ["actions:write"]},
        ):
            assert (await client.post("/v1/tokens", json=body)).status_code == 403, body
        fits = {"name": "Reader", "role": "service", "scopes": ["cases:read"]}
        assert (await client.post("/v1/tokens", json=fits)).status_code == 201


async def test_a_bare_token_is_an_admins_to_make_and_has_none_of_its_own(web: Company) -> None:
    agent, ana = await web.staff_token("agent"), await joined(web.rooms.house)
    bare = {"name": "CRM", "role": "service"}
    async with web.api(agent) as client:
        assert (await client.post("/v1/tokens", json={"name": "Mine"})).status_code == 403
        assert (await client.post("/v1/tokens", json=bare)).status_code == 403
    async with web.api(await token_of(web, ana)) as client:
        assert (await client.post("/v1/tokens", json=bare)).status_code == 403
    async with web.api() as client:
        made = (await client.post("/v1/tokens", json=bare)).json()
        assert (await client.delete(f"/v1/tokens/{made['id']}")).json()["revoked_at"]
        assert (await client.delete(f"/v1/tokens/{made['id']}")).status_code == 404
    async with web.api(made["secret"]) as client:
        assert (await client.get("/v1/cases")).status_code == 401


async def test_a_customer_has_somebody_who_looks_after_them(web: Company) -> None:
    ana, oak = await joined(web.rooms.house, role="csm"), await web.free_customer()
    async with web.api(await token_of(web, ana)) as client:
        path = f"/v1/customers/{oak.id}/csm"
        assert (await client.get(path)).json() == {"csm": None}
        put = await client.put(path, json={"colleague": ana.member.id})
        assert put.json()["csm"]["name"] == "Ana Ruiz"
        assert (await client.put(path, json={"colleague": "stf_nobody"})).status_code == 422
        assert (await client.put(path, json={"colleague": None})).json() == {"csm": None}
    async with web.api(web.token(oak.id)) as customer:
        assert (await customer.get(path)).status_code == 404


async def test_to_a_customers_program_there_is_no_staff(web: Company) -> None:
    oak = await web.free_customer()
    async with web.api(web.token(oak.id)) as client:
        for path in ("/v1/staff", "/v1/colleagues", "/v1/tokens", "/v1/staff/stf_1"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.post("/v1/staff", json=BEN)).status_code == 404


async def test_nobody_can_be_signed_out_who_is_not_there(web: Company) -> None:
    async with web.api() as client:
        for nobody in ("stf_nobody", "%C2%97", "some%20body", "x" * 300):
            assert (await client.delete(f"/v1/staff/{nobody}/sessions")).status_code == 404
        assert (await client.delete("/v1/staff/admin/sessions")).json() == {"ended": 0}
