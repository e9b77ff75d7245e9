"""People: who works here, invited and let go, with their teams and how much they take on."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import people
from prunella.people import TEAMS, roster, sessions, staff, tokens
from prunella.people.scopes import SCOPES
from prunella.people.staff import STAFF_ROLES, Member
from prunella.people.tokens import ROLES, Token
from prunella.web.errors import BadRequestError, NotFoundError
from prunella.web.forms import Fields, is_first, shift_with_form
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.pages.you import desk_saying, scopes_in
from prunella.web.views.people import holder_rows, member_rows, session_rows, token_rows
from prunella.web.visits import Shift, shift

PEOPLE = f"{DESK}/people"
SAID = {"set", "disabled", "enabled", "signed_out", "revoked", "shown"}

router = APIRouter(prefix=PEOPLE)


@router.get("")
async def show(request: Request, said: str = "") -> Response:
    return await _page(request, said=said if said in SAID else "")


@router.post("")
async def invite(request: Request) -> Response:
    """Add a member; the page that answers is the only one that has their set-up link."""
    async with shift_with_form(request) as (here, fields):
        words = {name: fields.get(name, "") for name in ("name", "email", "role")}
        try:
            async with here.tx.conn.transaction():
                if not await is_first(here, fields):
                    return see(f"{PEOPLE}?said=shown")
                member = await staff.add(here.tx, **words, teams=_teams_in(fields))
                return await _link_page(here, member.id)
        except (staff.BadMemberError, staff.EmailTakenError) as error:
            wrong = type(error).__name__
    return await _page(request, at="invite", wrong=wrong, typed=fields)


@router.post("/tokens")
async def add_bare(request: Request) -> Response:
    """Make a bare token: for a program, or for somebody who is not to sign in by password."""
    async with shift_with_form(request) as (here, fields):
        try:
            async with here.tx.conn.transaction():
                if not await is_first(here, fields):
                    return see(f"{PEOPLE}?said=shown")
                name, role = fields.get("name", ""), fields.get("role", "")
                named = scopes_in(fields, role)
                secret = await tokens.create(here.tx, name=name, role=role, scopes=named)
                context = {"kind": "token", "text": secret, "go_on": PEOPLE, "shift": here}
                return here.site.pages.page("shown-once.html", context)
        except (tokens.TokenNameError, tokens.UnknownRoleError) as error:
            wrong = type(error).__name__
    return await _page(request, at="token", wrong=wrong, typed=fields)


@router.get("/{person}")
async def show_one(request: Request, person: str, said: str = "") -> Response:
    async with shift(request) as here:
        member, token = await _who(here, person)
        saying = desk_saying(here)
        found = await sessions.of_person(here.tx, person)
        own = await tokens.of_member(here.tx, person)
        context = {
            "one": await people.colleague(here.tx, person),
            "member": member,
            "token": token,
            "sessions": session_rows(found, this=here.session.id, saying=saying),
            "tokens": token_rows(own, saying),
            "held": token_rows([token] if token else [], saying),
            "roles": STAFF_ROLES,
            "teams": TEAMS,
            "said": said if said in SAID else "",
            "key": here.tx.new_id("form"),
            "shift": here,
        }
        return here.site.pages.page("person.html", context)


@router.post("/{person}")
async def change(request: Request, person: str) -> Response:
    """Teams and capacity of anybody, the role of a member."""
    async with shift_with_form(request) as (here, fields):
        await _who(here, person)
        if "role" in fields:
            await staff.set_role(here.tx, person, fields["role"])
        await roster.set_teams(here.tx, person, _teams_in(fields))
        await roster.set_capacity(here.tx, person, _capacity_in(fields))
    return see(f"{PEOPLE}/{person}?said=set")


@router.post("/{person}/standing")
async def set_standing(request: Request, person: str) -> Response:
    """Let a member go, or in again; sign them out; end a bare token."""
    async with shift_with_form(request) as (here, fields):
        match fields.get("as"):
            case "disabled":
                await staff.disable(here.tx, person)
            case "enabled":
                await staff.enable(here.tx, person)
            case "signed_out":
                await sessions.end_all_as(here.tx, person=person)
            case "revoked":
                await tokens.revoke_as(here.tx, fields.get("token", ""))
            case _:
                raise BadRequestError
        said = fields["as"]
    return see(f"{PEOPLE}/{person}?said={said}")


@router.post("/{person}/setup-link")
async def new_link(request: Request, person: str) -> Response:
    async with shift_with_form(request) as (here, fields):
        if not await is_first(here, fields):
            return see(f"{PEOPLE}/{person}?said=shown")
        return await _link_page(here, person)


async def _page(
    request: Request,
    *,
    at: str = "",
    wrong: str = "",
    said: str = "",
    typed: Fields | None = None,
) -> Response:
    """Show everybody; what was `typed` where something was `wrong` still stands there."""
    async with shift(request) as here:
        members, bare = await staff.listed(here.tx), await tokens.listed(here.tx)
        ids = [one.id for one in members] + [one.id for one in bare]
        known, saying = await people.colleagues_by_id(here.tx, ids), desk_saying(here)
        context = {
            "members": member_rows(members, known),
            "bare": holder_rows(bare, known, saying),
            "roles": STAFF_ROLES,
            "token_roles": ROLES,
            "scopes": SCOPES,
            "teams": TEAMS,
            "at": at,
            "wrong": wrong,
            "typed": typed or {},
            "said": said,
            "key": here.tx.new_id("form"),
            "shift": here,
        }
        return here.site.pages.page("people.html", context, status=422 if wrong else 200)


async def _link_page(here: Shift, member: str) -> Response:
    invited = await here.site.rooms.welcome.invite(here.tx, member)
    context: dict[str, object] = {"kind": "link", "text": invited.link}
    context |= {"mailed_to": invited.mailed_to, "go_on": f"{PEOPLE}/{member}", "shift": here}
    return here.site.pages.page("shown-once.html", context)


async def _who(here: Shift, person: str) -> tuple[Member | None, Token | None]:
    member = await staff.find(here.tx, person)
    if member is not None:
        return member, None
    token = await tokens.find(here.tx, person)
    if token is None or token.member is not None:
        raise NotFoundError
    return None, token


def _teams_in(fields: Fields) -> list[str]:
    return [team for team in TEAMS if fields.get(f"team.{team}")]


def _capacity_in(fields: Fields) -> int | None:
    text = fields.get("capacity", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4):  # noqa: PLR2004 as many digits as 1,000 has
        raise roster.BadProfileError
    return int(text)
