"""Every route of the API has a scope, and no token gets past it. Made from the OpenAPI document."""

import pytest
from tests.people.team import joined
from tests.web.company import Company
from tests.web.contract import OPERATIONS, scope_told, send

from prunella.kit.actor import SYSTEM, Actor
from prunella.people import scopes, tokens
from prunella.web.scopes import NoAreaError, scope_of


async def token_with(web: Company, *named: str, role: str = "admin") -> str:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        return await tokens.create(tx, name="Narrow", role=role, scopes=named)


def test_every_route_has_a_scope_that_exists() -> None:
    assert len(OPERATIONS) > 15
    for method, path, told in OPERATIONS:
        assert scope_told(told) in scopes.SCOPES, f"{method} {path}"


def test_a_route_that_nobody_gave_an_area_is_closed() -> None:
    with pytest.raises(NoAreaError):
        scope_of(tags=["something new"], method="GET", path="/v1/new")
    with pytest.raises(NoAreaError):
        scope_of(tags=[], method="GET", path="/v1/new")


async def test_a_token_without_a_routes_scope_does_not_get_past_it(web: Company) -> None:
    """With every other scope there is, as an admin: each route is asked, and each says no."""
    for scope in scopes.SCOPES:
        others = [one for one in scopes.SCOPES if one != scope]
        async with web.api(await token_with(web, *others)) as client:
            for method, path, told in OPERATIONS:
                if scope_told(told) == scope:
                    status = await send(client, method, path, told)
                    assert status == 403, f"{method} {path} answers {status} without {scope}"


async def test_with_its_scope_alone_a_token_gets_as_far_as_its_role(web: Company) -> None:
    for scope in scopes.SCOPES:
        async with web.api(await token_with(web, scope)) as client:
            for method, path, told in OPERATIONS:
                if scope_told(told) == scope and path != "/v1/tokens":
                    status = await send(client, method, path, told)
                    assert status not in {401, 403, 500}, f"{method} {path}: {status}"


async def test_nobody_gets_anywhere_without_a_token(web: Company) -> None:
    async with web.client() as client:
        for method, path, told in OPERATIONS:
            assert await send(client, method, path, told) == 401, f"{method} {path}"


async def test_a_viewers_token_changes_nothing_whatever_its_scopes(web: Company) -> None:
    """But for their own desk: which lists they keep, and how they are told of things."""
    async with web.api(await token_with(web, role="viewer")) as client:
        for method, path, told in OPERATIONS:
            if scope_told(told).endswith(":write") and scope_told(told) != "desk:write":
                assert await send(client, method, path, told) == 403, f"{method} {path}"


async def test_one_s_own_desk_shows_no_cases(web: Company) -> None:
    async with web.api(await token_with(web, "desk:read", "desk:write")) as client:
        view = (await client.post("/v1/views", json={"name": "All"})).json()
        assert (await client.get("/v1/views")).status_code == 200
        assert (await client.get("/v1/views", params={"counts": True})).status_code == 403
        assert (await client.get(f"/v1/views/{view['id']}/cases")).status_code == 403


@pytest.mark.parametrize("role", ["lead", "agent", "csm", "finance", "viewer", "service"])
def test_only_admins_say_who_works_here(role: str) -> None:
    assert "people:write" not in scopes.allowed(role, ["*"])
    assert "people:write" not in scopes.allowed(role, ["people:write"])
    assert "people:write" in scopes.allowed("admin", ["*"])


async def test_a_scope_that_is_missing_is_named(web: Company) -> None:
    async with web.api(await token_with(web, "cases:read")) as client:
        assert (await client.get("/v1/cases")).status_code == 200
        answer = await client.get("/v1/audit/entries")
    assert answer.status_code == 403
    assert "audit:read" in answer.json()["detail"]


async def test_a_narrow_token_of_a_member_is_narrow(web: Company) -> None:
    ana = await joined(web.rooms.house, role="admin")
    async with web.rooms.house.transaction(ana.member.actor) as tx:
        narrow = await tokens.create_own(tx, name="Reader", scopes=["cases:read"])
    async with web.api(narrow) as client:
        assert (await client.get("/v1/cases")).status_code == 200
        assert (await client.get("/v1/staff")).status_code == 403


def test_actors_know_nothing_of_scopes() -> None:
    """Who somebody is does not depend on the token they show: approvals go by the person."""
    assert "scopes" not in Actor.__slots__
