"""A set-up link: choose a password, connect an app, keep the recovery codes."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella.people import invitations, sessions
from prunella.people.invitations import Invitation
from prunella.people.staff import BadMemberError, EmailTakenError
from prunella.people.totp import WrongCodeError
from prunella.web.cookies import put
from prunella.web.forms import Fields, read_form
from prunella.web.joining import wrong_with
from prunella.web.pages.staff import DESK, end_session, where_of
from prunella.web.site import site_of
from prunella.web.views.app import app_shown
from prunella.web.visits import DOOR

router = APIRouter(prefix="/join")


CODE = "code"


class UnfitError(ValueError):
    """Something that was filled in does not fit; the value says what."""


@router.get("/{secret}")
async def show(request: Request, secret: str) -> Response:
    """Show it and change nothing: programs that check mails follow links, too."""
    invitation = await _invitation(request, secret)
    return _shown(request, secret, invitation, fields={}, wrong="")


@router.post("/{secret}")
async def set_up(request: Request, secret: str) -> Response:
    fields = await read_form(request)
    invitation = await _invitation(request, secret)
    try:
        step = _check(invitation, fields)
        return await _join(request, secret, fields, step)
    except UnfitError as error:
        return _shown(request, secret, invitation, fields=fields, wrong=str(error))
    except (BadMemberError, EmailTakenError):
        return _shown(request, secret, invitation, fields=fields, wrong="name")


async def _join(request: Request, secret: str, fields: Fields, step: int) -> Response:
    """Let them in at once: they have just shown both, the password and the app."""
    site = site_of(request)
    password_hash = await site.entrance.passwords.hash(fields["password"])
    async with site.rooms.house.transaction(DOOR) as tx:
        done = await invitations.use(
            tx,
            secret,
            password_hash=password_hash,
            step=step,
            name=fields.get("name", ""),
            email=fields.get("email", ""),
        )
        await end_session(request, tx)
        cookie = await sessions.open_for_staff(tx, done.member.actor, where_of(request))
    context = {"codes": done.recovery_codes, "go_on": DESK}
    response = site.pages.page("recovery-codes.html", context)
    put(response, site.rooms.settings, kind="staff", secret=cookie)
    return response


def _check(invitation: Invitation, fields: Fields) -> int:
    """Return the step of the code, once all that was filled in is good."""
    known = invitation.member
    name = known.name if known else fields.get("name", "")
    email = known.email if known else fields.get("email", "")
    invitations.check_name(name=name, email=email)
    password = fields.get("password", "")
    if wrong := wrong_with(password, fields.get("again", ""), name=name, email=email):
        raise UnfitError(wrong)
    try:
        return invitations.check_code(invitation, fields.get("code", ""))
    except WrongCodeError:
        raise UnfitError(CODE) from None


async def _invitation(request: Request, secret: str) -> Invitation:
    async with site_of(request).rooms.house.transaction(DOOR) as tx:
        return await invitations.read(tx, secret)


def _shown(
    request: Request, secret: str, invitation: Invitation, *, fields: Fields, wrong: str
) -> Response:
    member = invitation.member
    email = member.email if member else fields.get("email", "")
    context = {
        "secret": secret,
        "member": member,
        "name": fields.get("name", ""),
        "email": email,
        "app": app_shown(invitation.totp_secret, account=email or "admin"),
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    return site_of(request).pages.page("join.html", context, status=status)
