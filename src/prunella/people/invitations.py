"""Set-up links: with one somebody chooses a password and connects their app, once, within a week.

Whoever lost either of them gets a new link. An installation where nobody works yet has a link for
its first admin; there is no password that it comes with.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from prunella import audit
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import recovery, sessions, staff, store_staff, totp
from prunella.people import store_invitations as store
from prunella.people.rights import must_be_admin
from prunella.people.secret import hash_of, new_secret
from prunella.people.staff import BadMemberError, Member, is_email, is_name
from prunella.people.totp import WrongCodeError

LASTS = timedelta(days=7)
MAX_SECRET = 512


class BadInvitationError(Exception):
    """This set-up link was used, has run out, or was replaced. Ask an admin for a new one."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a set-up link is for; without a `member` for whoever becomes the first admin."""

    member: Member | None
    totp_secret: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Who came in, and what they see this once."""

    member: Member
    recovery_codes: list[str]


async def invite(tx: Tx, member: str) -> str:
    """Make a set-up link, in place of any other of theirs; returns its secret.

    Raises NotAdminError, UnknownMemberError.
    """
    must_be_admin(tx.actor)
    found = await staff.must_find(tx, member)
    if found.disabled_at:
        raise staff.UnknownMemberError(member)
    secret = await _put(tx, member)
    await audit.record(tx, "staff.invited", member)
    return secret


async def first(tx: Tx) -> str | None:
    """Make the link of the first admin; None where somebody works here, or it was made before."""
    await store_staff.take_first_turn(tx)
    if await store_staff.somebody_is_here(tx) or await store.has_first(tx, system_now()):
        return None
    secret = await _put(tx, None)
    await audit.record(tx, "staff.first_invited", "installation")
    return secret


async def read(tx: Tx, secret: str) -> Invitation:
    """Return what a link is for. Raises BadInvitationError."""
    row = await store.find(tx, _hash(secret), system_now())
    if row is None:
        raise BadInvitationError
    if row["member"] is None:
        if await store_staff.somebody_is_here(tx):
            raise BadInvitationError
        return Invitation(None, row["totp_secret"])
    member = await staff.must_find(tx, row["member"])
    return Invitation(member, row["totp_secret"])


def check_code(invitation: Invitation, code: str) -> int:
    """Return the step of the app's first code. Raises WrongCodeError. Pure but for the time."""
    step = totp.step_of(code, secret=invitation.totp_secret, after=0, now=system_now())
    if step is None:
        raise WrongCodeError
    return step


def check_name(*, name: str, email: str) -> None:
    """The first admin says who they are. Raises BadMemberError."""
    if not (is_name(name.strip()) and is_email(email.strip())):
        raise BadMemberError


async def use(
    tx: Tx, secret: str, *, password_hash: str, step: int, name: str = "", email: str = ""
) -> Joined:
    """Let its person in from now on: the link ends, and so do all their sessions.

    `password_hash` and `step` were checked before. Raises BadInvitationError, BadMemberError.
    """
    await store_staff.take_first_turn(tx)
    invitation = await read(tx, secret)
    held = await store_staff.hold(tx, invitation.member.id) if invitation.member else None
    if (held and held["disabled_at"]) or not await store.end(tx, _hash(secret)):
        raise BadInvitationError
    member = invitation.member or await _first_admin(tx, name=name, email=email)
    await store_staff.join(
        tx,
        member.id,
        password_hash=password_hash,
        totp_secret=invitation.totp_secret,
        totp_step=step,
        now=system_now(),
    )
    await store_staff.end_halves(tx, member.id)
    await sessions.end_all_of(tx, person=member.id)
    mine = replace(tx, actor=member.actor)
    await audit.record(mine, "staff.joined", member.id, because="set_up_link")
    await tx.emit(Event("staff.joined", member.id))
    joined = await staff.must_find(tx, member.id)
    return Joined(joined, await recovery.renew(mine, member.id))


async def _first_admin(tx: Tx, *, name: str, email: str) -> Member:
    return await staff.add(replace(tx, actor=SYSTEM), name=name, email=email, role="admin")


async def _put(tx: Tx, member: str | None) -> str:
    secret, now = new_secret("join"), system_now()
    await store.put(
        tx,
        secret_hash=hash_of(secret),
        member=member,
        totp_secret=totp.new_secret(),
        created_at=now,
        expires_at=now + LASTS,
    )
    return secret


def _hash(secret: str) -> bytes:
    if not 0 < len(secret) <= MAX_SECRET:
        raise BadInvitationError
    return hash_of(secret)
