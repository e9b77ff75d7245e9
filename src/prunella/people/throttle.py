"""How often somebody may try to get in as one person, from one place and from all of them.

Kept in the database, so that it holds over all web processes. It goes by what was typed, so an
address that nobody has is slowed down like any other.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import store_staff as store


class TooManyTriesError(Exception):
    """Too many wrong tries. Wait a few minutes, then try again."""

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Pace:
    """So many at once, then one each time this has passed."""

    at_once: int
    each: timedelta


FROM_ONE_PLACE = Pace(at_once=5, each=timedelta(minutes=1))
FROM_ANYWHERE = Pace(at_once=30, each=timedelta(minutes=2))
CODES_FROM_ANYWHERE = Pace(at_once=10, each=timedelta(minutes=10))
"""Who comes so far knows the password, and six digits are few."""


async def take(tx: Tx, *, who: str, place: str, anywhere: Pace = FROM_ANYWHERE) -> None:
    """Count a try before it is looked at, so that many at once are not more. TooManyTriesError."""
    here, all_places = _keys(who, place)
    for key, pace in ((here, FROM_ONE_PLACE), (all_places, anywhere)):
        await _take(tx, key, pace)


async def count(tx: Tx, what: str, pace: Pace) -> None:
    """Count one more of `what`, which may not happen more often than so. TooManyTriesError."""
    await _take(tx, _digest(what), pace)


async def forget(tx: Tx, *, who: str, place: str, anywhere: Pace = FROM_ANYWHERE) -> None:
    """It was them: nothing of it counts any more from here, and one try less from anywhere."""
    here, all_places = _keys(who, place)
    await store.forget_tries(tx, here)
    await store.give_back_try(tx, all_places, anywhere.each)


async def _take(tx: Tx, key: bytes, pace: Pace) -> None:
    now = system_now()
    deep = pace.at_once * pace.each
    full_at = await store.take_try(tx, key, now=now, each=pace.each, latest=now + deep)
    if full_at is not None:
        raise TooManyTriesError(math.ceil((full_at + pace.each - deep - now).total_seconds()))


def _keys(who: str, place: str) -> tuple[bytes, bytes]:
    name = who.strip().lower()
    return _digest(f"{name}\0{place}"), _digest(name)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
