"""Staff: who works here, as what, and how they come in."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field, StringConstraints

from prunella import people
from prunella.kit.house import Tx
from prunella.people import Colleague, Team, roster, sessions, staff
from prunella.people.staff import Member, StaffRole
from prunella.web.api.bodies import Body, Line
from prunella.web.api.once import OptionalKey, once
from prunella.web.errors import NotFoundError
from prunella.web.rendering import iso
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1", tags=["people"])

Email = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Capacity = Annotated[int, Field(ge=0, le=roster.MAX_CAPACITY)]
Teams = Annotated[list[Team], Field(max_length=len(people.TEAMS))]


class MemberBody(Body):
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    email: Email
    role: StaffRole
    teams: Annotated[Teams, Field(default_factory=list)]


class MemberChange(Body):
    """What is left out stays; a `capacity` of null leaves it to the team."""

    name: Line | None = None
    role: StaffRole | None = None
    teams: Teams | None = None
    capacity: Capacity | None = None
    disabled: bool | None = None


@router.get("/colleagues")
async def colleagues(request: Request) -> dict[str, Any]:
    """List who can be given work now: members, and people with a token of their own."""
    async with call(request) as here:
        here.must_be_staff()
        found = await people.colleagues(here.tx)
        return {"data": [colleague_json(one) for one in found], "next_cursor": None}


@router.get("/staff")
async def list_them(request: Request) -> dict[str, Any]:
    """List everybody of the staff, also who was invited and who left."""
    async with call(request) as here:
        here.must_be_staff()
        members = await staff.listed(here.tx)
        known = await people.colleagues_by_id(here.tx, [one.id for one in members])
        data = [_json(one, known[one.id]) for one in members]
        return {"data": data, "next_cursor": None}


@router.post("/staff", status_code=201)
async def add(request: Request, body: MemberBody, key: OptionalKey) -> dict[str, Any]:
    """Invite somebody: their `setup_url` works once, within a week. `mailed_to`: it went there.

    The link is told once: sent again under the same key, `setup_url` is null, and the first link
    still works. `POST /v1/staff/{member}/setup-link` makes another in its place.
    """
    async with call(request) as here:
        here.must_be_staff()

        told: dict[str, Any] = {"setup_url": None}

        async def do() -> dict[str, Any]:
            member = await staff.add(here.tx, **body.model_dump())
            told.update(await _invited(here, member.id))
            return {"id": member.id, "mailed_to": told["mailed_to"]}

        # What is kept for the key holds no link: whoever reads our database does not come in.
        known = await once(here, key, body.model_dump(), do)
        told["mailed_to"] = known.get("mailed_to")
        return await _shown(here.tx, known["id"]) | told


@router.get("/staff/{member}")
async def show(request: Request, member: str) -> dict[str, Any]:
    async with call(request) as here:
        here.must_be_staff()
        return await _shown(here.tx, member)


@router.patch("/staff/{member}")
async def change(request: Request, member: str, body: MemberChange) -> dict[str, Any]:
    """Change role, teams or capacity; `disabled` ends all their sessions and tokens at once."""
    async with call(request) as here:
        here.must_be_staff()
        await staff.must_find(here.tx, member)
        await _change(here.tx, member, body)
        return await _shown(here.tx, member)


@router.post("/staff/{member}/setup-link", status_code=201)
async def invite(request: Request, member: str) -> dict[str, Any]:
    """Make a new set-up link, for who has no password or no app any more. It ends the old one."""
    async with call(request) as here:
        here.must_be_staff()
        return await _invited(here, member)


@router.delete("/staff/{member}/sessions")
async def end_sessions(request: Request, member: str) -> dict[str, Any]:
    """Sign them out everywhere."""
    async with call(request) as here:
        here.must_be_staff()
        return {"ended": await sessions.end_all_as(here.tx, person=member)}


async def _change(tx: Tx, member: str, body: MemberChange) -> None:
    if body.name is not None:
        await staff.rename(tx, member, body.name)
    if body.role is not None:
        await staff.set_role(tx, member, body.role)
    if body.teams is not None:
        await roster.set_teams(tx, member, body.teams)
    if "capacity" in body.model_fields_set:
        await roster.set_capacity(tx, member, body.capacity)
    if body.disabled is not None:
        await (staff.disable if body.disabled else staff.enable)(tx, member)


async def _invited(here: Call, member: str) -> dict[str, Any]:
    invited = await here.site.rooms.welcome.invite(here.tx, member)
    return {"setup_url": invited.link, "mailed_to": invited.mailed_to or None}


async def _shown(tx: Tx, member_id: str) -> dict[str, Any]:
    member, known = await staff.find(tx, member_id), await people.colleague(tx, member_id)
    if member is None or known is None:
        raise NotFoundError
    return _json(member, known)


def _json(member: Member, known: Colleague) -> dict[str, Any]:
    times = {name: iso(getattr(member, name)) or None for name in ("joined_at", "disabled_at")}
    return {
        **colleague_json(known),
        "email": member.email,
        "state": member.state,
        "capacity": known.capacity,
        "created_at": iso(member.created_at),
        **times,
    }


def colleague_json(one: Colleague) -> dict[str, Any]:
    words = {"id": one.id, "name": one.name, "handle": one.handle, "role": one.role}
    return {**words, "teams": list(one.teams)}
