"""How staff members come in: a password, then a code. Every wrong try gets the same answer.

The password is looked at between two short transactions, because it takes a while; a try is
counted before it is looked at. Nothing here says whether an address is known.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from prunella import audit
from prunella.kit.actor import Actor
from prunella.kit.clock import system_now
from prunella.kit.house import House, Tx
from prunella.people import recovery, sessions, staff, throttle, totp
from prunella.people import store_staff as store
from prunella.people.passwords import Passwords
from prunella.people.secret import hash_of, new_secret
from prunella.people.sessions import Where
from prunella.people.throttle import CODES_FROM_ANYWHERE as CODES
from prunella.people.totp import WrongCodeError

HALF_LASTS = timedelta(minutes=5)
MAX_SECRET = 512
DOOR = Actor(kind="system", id="entrance")
"""Who looks, before anybody is known."""


class WrongSignInError(Exception):
    """Address and password do not belong together."""


class HalfGoneError(Exception):
    """This took too long. Begin again with your password."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The door for staff members; built once, in bootstrap."""

    house: House
    passwords: Passwords

    async def password(self, *, email: str, password: str, where: Where) -> str:
        """Return the secret of a half sign-in, which a code makes whole within 5 minutes.

        Raises WrongSignInError, TooManyTriesError.
        """
        who = email[: staff.MAX_EMAIL]
        async with self.house.transaction(DOOR) as tx:
            await throttle.take(tx, who=who, place=where.address)
            row = await store.of_email(tx, who.strip())
        member = staff.of_row(row) if row else None
        kept = row["password_hash"] if row and member and member.state == "active" else None
        fits = await self.passwords.fits(password, kept)
        if member is None or kept is None or not fits:
            await self._note_wrong(member.id if member else None, because="wrong_password")
            raise WrongSignInError
        new = await self.passwords.hash(password) if self.passwords.is_old(kept) else None
        async with self.house.transaction(DOOR) as tx:
            if new:
                await store.rehash(tx, member.id, old=kept, new=new)
            await throttle.forget(tx, who=who, place=where.address)
            secret = new_secret("half")
            await store.add_half(tx, hash_of(secret), member.id, system_now() + HALF_LASTS)
        return secret

    async def code(self, *, half: str, code: str, where: Where) -> str:
        """Make a half sign-in whole with the app's code or a recovery code.

        Returns the secret of a new session. Raises HalfGoneError, WrongCodeError,
        TooManyTriesError.
        """
        async with self.house.transaction(DOOR) as tx:
            member = await _whose(tx, half)
            await throttle.take(tx, who=f"code:{member}", place=where.address, anywhere=CODES)
        async with self.house.transaction(DOOR) as tx:
            session = await _come_in(tx, half, member, code=code, where=where)
        if session is None:
            await self._note_wrong(member, because="wrong_code")
            raise WrongCodeError
        return session

    async def confirm(self, *, member: str, password: str, where: Where) -> None:
        """Make sure that it is still them who sits there. WrongSignInError, TooManyTriesError."""
        async with self.house.transaction(DOOR) as tx:
            await throttle.take(tx, who=member, place=where.address)
            row = await store.one(tx, member)
        if not await self.passwords.fits(password, row["password_hash"] if row else None):
            await self._note_wrong(member, because="wrong_confirmation")
            raise WrongSignInError
        async with self.house.transaction(DOOR) as tx:
            await throttle.forget(tx, who=member, place=where.address)

    async def _note_wrong(self, member: str | None, *, because: str) -> None:
        """What somebody typed who is not known does not belong into a log."""
        if member is None:
            return
        async with self.house.transaction(DOOR) as tx:
            await audit.record(tx, "sign_in.refused", member, because=because)


async def sweep(tx: Tx) -> int:
    """Forget what has run out: half sign-ins, tries, set-up links."""
    return await store.sweep(tx, system_now())


async def _whose(tx: Tx, half: str) -> str:
    known = 0 < len(half) <= MAX_SECRET
    member = await store.half_of(tx, hash_of(half), system_now()) if known else None
    if member is None:
        raise HalfGoneError
    return member


async def _come_in(tx: Tx, half: str, member_id: str, *, code: str, where: Where) -> str | None:
    """Return a new session's secret; None where the code is wrong."""
    row = await store.hold(tx, member_id)
    member = staff.of_row(row) if row else None
    if row is None or member is None or member.state != "active":
        raise HalfGoneError
    step = totp.step_of(code, secret=row["totp_secret"], after=row["totp_step"], now=system_now())
    mine = replace(tx, actor=member.actor)
    by_app = step is not None and await store.use_step(tx, member_id, step)
    if not by_app and not await _use_recovery_code(mine, member_id, code):
        return None
    if not await store.end_half(tx, hash_of(half)):
        raise HalfGoneError
    who = f"code:{member_id}"
    await throttle.forget(tx, who=who, place=where.address, anywhere=CODES)
    return await sessions.open_for_staff(mine, member.actor, where)


async def _use_recovery_code(tx: Tx, member: str, code: str) -> bool:
    if not await recovery.use(tx, member, code):
        return False
    left = await recovery.left(tx, member)
    await audit.record(tx, "staff.recovery_code_used", member, after={"left": left})
    return True
