"""Yourself: how you are called, how you come in, where you are signed in, your tokens."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import people
from prunella.kit.clock import system_now
from prunella.people import own, recovery, roster, sessions, staff, tokens
from prunella.people.scopes import ALL, SCOPES, allowed
from prunella.people.staff import Member
from prunella.people.totp import WrongCodeError
from prunella.people.zones import UnknownZoneError
from prunella.web.errors import NotFoundError
from prunella.web.forms import Fields, is_first, shift_with_form
from prunella.web.joining import wrong_with
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK, come_in, confirmed, where_of
from prunella.web.site import site_of
from prunella.web.views.app import app_shown
from prunella.web.views.people import session_rows, token_rows
from prunella.web.views.saying import Saying
from prunella.web.visits import Shift, shift

YOU = f"{DESK}/you"
SAID = {"profile", "password", "app", "ended", "revoked", "shown"}
UNFIT = (
    staff.BadMemberError,
    roster.BadHandleError,
    roster.HandleTakenError,
    roster.BadProfileError,
    UnknownZoneError,
)

router = APIRouter(prefix=YOU)


@router.get("")
async def show(request: Request, said: str = "") -> Response:
    return await _page(request, said=said if said in SAID else "")


@router.post("/profile")
async def set_profile(request: Request) -> Response:
    async with shift_with_form(request, own=True) as (here, fields):
        me = here.session.person
        try:
            async with here.tx.conn.transaction():
                if "name" in fields:
                    await staff.rename(here.tx, me, fields["name"])
                words = {name: fields.get(name, "") for name in ("handle", "signature")}
                zone = fields.get("time_zone", "").strip() or None
                await roster.set_profile(here.tx, me, **words, time_zone=zone)
        except UNFIT as error:
            wrong = type(error).__name__
        else:
            return see(f"{YOU}?said=profile")
    return await _page(request, at="profile", wrong=wrong, typed=fields)


@router.post("/password")
async def change_password(request: Request) -> Response:
    member, fields = await _mine(request)
    wrong = await confirmed(request, member.id, fields)
    if wrong:
        return await _page(request, at="password", wrong=wrong)
    new, again = fields.get("new", ""), fields.get("again", "")
    if unfit := wrong_with(new, again, name=member.name, email=member.email):
        return await _page(request, at="new", wrong=unfit)
    password_hash = await site_of(request).entrance.passwords.hash(new)
    async with shift(request) as here:
        secret = await own.change_password(here.tx, member.id, password_hash, where_of(request))
    return come_in(request, secret, f"{YOU}?said=password")


@router.post("/app")
async def begin_app(request: Request) -> Response:
    """Another phone: the app that is there goes on until the new one has told a code."""
    member, fields = await _mine(request)
    if wrong := await confirmed(request, member.id, fields):
        return await _page(request, at="app", wrong=wrong)
    async with shift(request) as here:
        await own.begin_authenticator(here.tx, member.id)
    return see(f"{YOU}/app")


@router.get("/app")
async def show_app(request: Request) -> Response:
    return await _app_page(request, wrong="")


@router.post("/app/code")
async def finish_app(request: Request) -> Response:
    async with shift_with_form(request, own=True) as (here, fields):
        me, code = here.session.person, fields.get("code", "")
        try:
            secret = await own.finish_authenticator(here.tx, me, code, where_of(request))
        except WrongCodeError:
            secret = ""
    if not secret:
        return await _app_page(request, wrong="code")
    return come_in(request, secret, f"{YOU}?said=app")


@router.post("/recovery")
async def renew_codes(request: Request) -> Response:
    member, fields = await _mine(request)
    if wrong := await confirmed(request, member.id, fields):
        return await _page(request, at="recovery", wrong=wrong)
    async with shift(request) as here:
        if not await is_first(here, fields):
            return see(f"{YOU}?said=shown#recovery")
        codes = await recovery.renew(here.tx, member.id)
        context = {"codes": codes, "go_on": YOU}
        return here.site.pages.page("recovery-codes.html", context)


@router.post("/sessions")
async def end_others(request: Request) -> Response:
    """Sign out everywhere else: every other session of this person ends."""
    async with shift_with_form(request, own=True) as (here, _):
        for one in await sessions.of_person(here.tx, here.session.person):
            if one.id != here.session.id:
                await sessions.end_one(here.tx, person=here.session.person, session=one.id)
    return see(f"{YOU}?said=ended#sessions")


@router.post("/sessions/{session}")
async def end_session(request: Request, session: str) -> Response:
    async with shift_with_form(request, own=True) as (here, _):
        if not await sessions.end_one(here.tx, person=here.session.person, session=session):
            raise NotFoundError
    return see(f"{YOU}?said=ended#sessions")


@router.post("/tokens")
async def add_token(request: Request) -> Response:
    member, fields = await _mine(request)
    if wrong := await confirmed(request, member.id, fields):
        return await _page(request, at="tokens", wrong=wrong)
    async with shift(request) as here:
        if not await is_first(here, fields):
            return see(f"{YOU}?said=shown#tokens")
        try:
            named = scopes_in(fields, member.role)
            secret = await tokens.create_own(here.tx, name=fields.get("name", ""), scopes=named)
        except tokens.TokenNameError:
            secret = ""
    if not secret:
        return await _page(request, at="tokens", wrong="name")
    return await _once_page(request, secret)


@router.post("/tokens/{token}")
async def revoke_token(request: Request, token: str) -> Response:
    async with shift_with_form(request, own=True) as (here, _):
        await tokens.revoke_as(here.tx, token)
    return see(f"{YOU}?said=revoked#tokens")


def desk_saying(here: Shift) -> Saying:
    """Sessions and tokens live in system time, told in the zone of whoever looks."""
    return Saying(words=here.site.rooms.words.in_zone(here.time_zone), now=system_now())


def scopes_in(fields: Fields, role: str) -> list[str]:
    """All, what reads, or those that were ticked; without a tick, what reads."""
    if fields.get("may") == "all":
        return [ALL]
    of_role = allowed(role, [ALL])
    ticked = [scope for scope in SCOPES if fields.get(scope) and scope in of_role]
    reads = [scope for scope in SCOPES if scope.endswith(":read") and scope in of_role]
    return ticked if fields.get("may") == "some" and ticked else reads


async def _mine(request: Request) -> tuple[Member, Fields]:
    """Who sits there, with what they sent. Who holds a bare token has no password to change."""
    async with shift_with_form(request, own=True) as (here, fields):
        member = await staff.find(here.tx, here.session.person)
        if member is None:
            raise NotFoundError
        return member, fields


async def _page(
    request: Request,
    *,
    at: str = "",
    wrong: str = "",
    said: str = "",
    typed: Fields | None = None,
) -> Response:
    """Show it all; what was `typed` where something was `wrong` still stands there."""
    async with shift(request) as here:
        tx, me, saying = here.tx, here.session.person, desk_saying(here)
        known = await people.colleague(tx, me)
        if known is None:
            raise NotFoundError
        found = await sessions.of_person(tx, me)
        context = {
            "me": known,
            "home_zone": await people.home_zone(tx),
            "member": await staff.find(tx, me),
            "codes_left": await recovery.left(tx, me),
            "sessions": session_rows(found, this=here.session.id, saying=saying),
            "tokens": token_rows(await tokens.of_member(tx, me), saying),
            "scopes": [one for one in SCOPES if one in allowed(known.role, [ALL])],
            "at": at,
            "wrong": wrong,
            "typed": typed or {},
            "said": said,
            "key": tx.new_id("form"),
            "shift": here,
        }
        return here.site.pages.page("you.html", context, status=422 if wrong else 200)


async def _app_page(request: Request, *, wrong: str) -> Response:
    async with shift(request) as here:
        member = await staff.find(here.tx, here.session.person)
        secret = await own.next_authenticator(here.tx, member.id) if member else None
        if member is None or secret is None:
            return see(YOU)
        context = {"app": app_shown(secret, account=member.email), "wrong": wrong, "shift": here}
        return here.site.pages.page("you-app.html", context, status=422 if wrong else 200)


async def _once_page(request: Request, secret: str) -> Response:
    async with shift(request) as here:
        context = {"kind": "token", "text": secret, "go_on": f"{YOU}#tokens", "shift": here}
        return here.site.pages.page("shown-once.html", context)
