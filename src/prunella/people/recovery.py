"""Recovery codes: ten of them, each instead of one code of the app, each good once."""

import secrets

from prunella import audit
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import store_staff as store
from prunella.people.secret import hash_of

CODES = 10
GROUPS = 4
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that reads like something else; 16 of them hold 79 random bits."""
MAX_TYPED = 60


async def renew(tx: Tx, member: str) -> list[str]:
    """Make new codes, which end the old ones; they are shown this once and kept as hashes."""
    codes = [_code() for _ in range(CODES)]
    await store.put_recovery_codes(tx, member, [hash_of(_plain(code)) for code in codes])
    await audit.record(tx, "staff.recovery_codes_made", member)
    return codes


async def use(tx: Tx, member: str, code: str) -> bool:
    """Whether this is a code of theirs that was not used; now it is."""
    if len(code) > MAX_TYPED:
        return False
    return await store.use_recovery_code(tx, member, hash_of(_plain(code)), system_now())


async def left(tx: Tx, member: str) -> int:
    return await store.recovery_codes_left(tx, member)


def _code() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(GROUPS))
    return "-".join(groups)


def _plain(code: str) -> str:
    return "".join(one for one in code.lower() if one.isalnum())
