"""Rows of staff members and of how they come in."""

from datetime import datetime, timedelta

from psycopg.rows import DictRow

from prunella.kit.house import Tx

Row = DictRow

_ADD = """
insert into staff (id, name, email, role, created_by, created_at)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing
"""
_ONE = "select * from staff where id = %s"
_HOLD = "select * from staff where id = %s for update"
_OF_EMAIL = "select * from staff where lower(email) = lower(%s)"
_ALL = "select * from staff order by disabled_at is not null, lower(name), id limit %s"
_SOMEBODY = """
select exists (select 1 from staff) or exists (
  select 1 from api_tokens where role = 'admin' and revoked_at is null) as found
"""
# One after another: two people who open the first link at once do not both become admin.
_FIRST_TURN = "select pg_advisory_xact_lock(hashtextextended('first_admin', 0))"
_SET_NAME = "update staff set name = %s where id = %s"
_SET_ROLE = "update staff set role = %s where id = %s"
_SET_DISABLED = "update staff set disabled_at = %s, totp_next = null where id = %s"
_JOIN = """
update staff set password_hash = %(password_hash)s, totp_secret = %(totp_secret)s,
  totp_step = %(totp_step)s, totp_next = null, joined_at = coalesce(joined_at, %(now)s)
where id = %(member)s
"""
_CHANGE = "update staff set password_hash = %s where id = %s"
_REHASH = "update staff set password_hash = %s where id = %s and password_hash = %s"
_USE_STEP = "update staff set totp_step = %(step)s where id = %(member)s and totp_step < %(step)s"
_BEGIN_TOTP = "update staff set totp_next = %s, totp_next_at = %s where id = %s"
_SET_TOTP = """
update staff set totp_secret = totp_next, totp_step = %s, totp_next = null where id = %s
"""

_END_CODES = "delete from recovery_codes where member = %s"
_PUT_CODES = "insert into recovery_codes (member, code_hash) select %s, unnest(%s::bytea[])"
_USE_CODE = """
update recovery_codes set used_at = %s where member = %s and code_hash = %s and used_at is null
"""
_CODES_LEFT = "select count(*) as n from recovery_codes where member = %s and used_at is null"

_TAKE_TRY = """
insert into sign_in_tries as t (key, full_at) values (%(key)s, %(now)s + %(each)s)
on conflict (key) do update set full_at = greatest(t.full_at, %(now)s) + %(each)s
  where greatest(t.full_at, %(now)s) + %(each)s <= %(latest)s
returning full_at
"""
_FULL_AT = "select full_at from sign_in_tries where key = %s"
_FORGET_TRIES = "delete from sign_in_tries where key = %s"
_GIVE_BACK = "update sign_in_tries set full_at = full_at - %s where key = %s"

_HALF = "insert into half_sign_ins (secret_hash, member, expires_at) values (%s, %s, %s)"
_HALF_OF = "select member from half_sign_ins where secret_hash = %s and expires_at > %s"
_END_HALF = "delete from half_sign_ins where secret_hash = %s"
_END_HALVES = "delete from half_sign_ins where member = %s"
_SWEEP = (
    "delete from half_sign_ins where expires_at <= %(now)s",
    "delete from sign_in_tries where full_at <= %(now)s",
    "delete from invitations where expires_at <= %(now)s",
)


async def add(tx: Tx, member: str, *, name: str, email: str, role: str, now: datetime) -> bool:
    """Add them; false where somebody has this address already."""
    return bool(await tx.execute(_ADD, (member, name, email, role, str(tx.actor), now)))


async def one(tx: Tx, member: str) -> Row | None:
    return await tx.one(_ONE, (member,))


async def hold(tx: Tx, member: str) -> Row | None:
    """Return the row, kept as it is until the commit."""
    return await tx.one(_HOLD, (member,))


async def of_email(tx: Tx, email: str) -> Row | None:
    return await tx.one(_OF_EMAIL, (email,))


async def every(tx: Tx, limit: int) -> list[Row]:
    return await tx.all(_ALL, (limit,))


async def somebody_is_here(tx: Tx) -> bool:
    """Whether there is a member, or a token that may make one."""
    row = await tx.one(_SOMEBODY)
    return bool(row and row["found"])


async def take_first_turn(tx: Tx) -> None:
    await tx.execute(_FIRST_TURN)


async def set_name(tx: Tx, member: str, name: str) -> None:
    await tx.execute(_SET_NAME, (name, member))


async def set_role(tx: Tx, member: str, role: str) -> None:
    await tx.execute(_SET_ROLE, (role, member))


async def set_disabled(tx: Tx, member: str, at: datetime | None) -> None:
    await tx.execute(_SET_DISABLED, (at, member))


async def join(
    tx: Tx, member: str, *, password_hash: str, totp_secret: str, totp_step: int, now: datetime
) -> None:
    values = {"member": member, "password_hash": password_hash, "totp_secret": totp_secret}
    await tx.execute(_JOIN, values | {"totp_step": totp_step, "now": now})


async def set_password(tx: Tx, member: str, password_hash: str) -> None:
    await tx.execute(_CHANGE, (password_hash, member))


async def rehash(tx: Tx, member: str, *, old: str, new: str) -> None:
    """Keep the same password under stronger parameters, unless it was changed meanwhile."""
    await tx.execute(_REHASH, (new, member, old))


async def use_step(tx: Tx, member: str, step: int) -> bool:
    """Whether no code of this step, or of a later one, was used; now it is."""
    return bool(await tx.execute(_USE_STEP, {"member": member, "step": step}))


async def begin_totp(tx: Tx, member: str, secret: str, now: datetime) -> None:
    await tx.execute(_BEGIN_TOTP, (secret, now, member))


async def set_totp(tx: Tx, member: str, step: int) -> None:
    await tx.execute(_SET_TOTP, (step, member))


async def put_recovery_codes(tx: Tx, member: str, hashes: list[bytes]) -> None:
    await tx.execute(_END_CODES, (member,))
    await tx.execute(_PUT_CODES, (member, hashes))


async def use_recovery_code(tx: Tx, member: str, code_hash: bytes, now: datetime) -> bool:
    return bool(await tx.execute(_USE_CODE, (now, member, code_hash)))


async def recovery_codes_left(tx: Tx, member: str) -> int:
    row = await tx.one(_CODES_LEFT, (member,))
    return int(row["n"]) if row else 0


async def take_try(
    tx: Tx, key: bytes, *, now: datetime, each: timedelta, latest: datetime
) -> datetime | None:
    """Take one try; None when there was one, else when the bucket would be full again."""
    values = {"key": key, "now": now, "each": each, "latest": latest}
    if await tx.one(_TAKE_TRY, values):
        return None
    row = await tx.one(_FULL_AT, (key,))
    return row["full_at"] if row else now


async def forget_tries(tx: Tx, key: bytes) -> None:
    await tx.execute(_FORGET_TRIES, (key,))


async def give_back_try(tx: Tx, key: bytes, each: timedelta) -> None:
    await tx.execute(_GIVE_BACK, (each, key))


async def add_half(tx: Tx, secret_hash: bytes, member: str, expires_at: datetime) -> None:
    await tx.execute(_HALF, (secret_hash, member, expires_at))


async def half_of(tx: Tx, secret_hash: bytes, now: datetime) -> str | None:
    """Return whose half sign-in it is."""
    row = await tx.one(_HALF_OF, (secret_hash, now))
    return row["member"] if row else None


async def end_half(tx: Tx, secret_hash: bytes) -> bool:
    return bool(await tx.execute(_END_HALF, (secret_hash,)))


async def end_halves(tx: Tx, member: str) -> None:
    await tx.execute(_END_HALVES, (member,))


async def sweep(tx: Tx, now: datetime) -> int:
    return sum([await tx.execute(statement, {"now": now}) for statement in _SWEEP])
