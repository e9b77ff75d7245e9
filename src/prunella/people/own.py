"""What a member changes of their own way in. The password was asked for once more before."""

from dataclasses import replace
from datetime import timedelta

from prunella import audit
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import sessions, staff, totp
from prunella.people import store_staff as store
from prunella.people.sessions import Where
from prunella.people.totp import WrongCodeError

SETTING_UP_LASTS = timedelta(minutes=15)


async def change_password(tx: Tx, member: str, password_hash: str, where: Where) -> str:
    """Keep the new one and end all sessions; returns the secret of the one to go on with."""
    await store.set_password(tx, member, password_hash)
    await audit.record(tx, "staff.password_changed", member)
    return await _begin_again(tx, member, where)


async def begin_authenticator(tx: Tx, member: str) -> None:
    """Make a secret for another app; the present one goes on until that has told its first code."""
    await store.begin_totp(tx, member, totp.new_secret(), system_now())


async def next_authenticator(tx: Tx, member: str) -> str | None:
    """Return the secret that waits for its first code, if one does."""
    row = await store.one(tx, member)
    if row is None or row["totp_next"] is None:
        return None
    return row["totp_next"] if row["totp_next_at"] + SETTING_UP_LASTS > system_now() else None


async def finish_authenticator(tx: Tx, member: str, code: str, where: Where) -> str:
    """Go over to the new app and end all sessions; returns the secret of the one to go on with.

    Raises WrongCodeError.
    """
    await store.hold(tx, member)
    secret = await next_authenticator(tx, member)
    step = totp.step_of(code, secret=secret, after=0, now=system_now()) if secret else None
    if step is None:
        raise WrongCodeError
    await store.set_totp(tx, member, step)
    await audit.record(tx, "staff.authenticator_changed", member)
    return await _begin_again(tx, member, where)


async def _begin_again(tx: Tx, member: str, where: Where) -> str:
    await store.end_halves(tx, member)
    await sessions.end_all_of(tx, person=member)
    actor = (await staff.must_find(tx, member)).actor
    return await sessions.open_for_staff(replace(tx, actor=actor), actor, where)
