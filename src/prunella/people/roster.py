"""Colleagues: whoever can be given work, be mentioned, or sign a letter.

That is a staff member (`stf_…`) or the holder of a bare token (`tok_…`), and `admin`, who holds the
environment's token. Rows elsewhere name one by this id.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from prunella import audit
from prunella.kit.house import Tx
from prunella.people import accounts
from prunella.people import store as customers
from prunella.people import store_roster as store
from prunella.people.rights import must_be_lead
from prunella.people.teams import Team, checked_teams
from prunella.people.zones import UnknownZoneError, is_zone

MAX_COLLEAGUES = 1000
MAX_HANDLE = 40
MAX_SIGNATURE = 1000
MAX_CAPACITY = 1000
ADMIN_ID = "admin"
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class UnknownColleagueError(LookupError):
    """Nobody here has this id, or they no longer work here."""


class OnlyLooksError(UnknownColleagueError):
    """This colleague may only look, so nobody would answer. Give it to somebody else."""


class BadHandleError(ValueError):
    """A handle is up to 40 small letters, digits and hyphens, and begins with a letter or digit."""


class HandleTakenError(ValueError):
    """A colleague has this handle already. Choose another one."""


class BadProfileError(ValueError):
    """A signature has at most 1,000 characters, and a capacity is from 0 to 1,000 cases."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here; one who left stays known by name, and is not `active`.

    `capacity` is how many open cases they take at once, None where the team decides. `time_zone` is
    an IANA name, None where they live in the company's.
    """

    id: str
    name: str
    handle: str
    role: str
    teams: tuple[Team, ...] = ()
    signature: str = ""
    capacity: int | None = None
    active: bool = True
    time_zone: str | None = None

    @property
    def works(self) -> bool:
        """Whether cases can be theirs: who may only look could answer none."""
        return self.role != "viewer"


ADMIN = Colleague(id=ADMIN_ID, name="Admin", handle=ADMIN_ID, role="admin")


async def colleague(tx: Tx, colleague_id: str) -> Colleague | None:
    """Return who this is, also when they have left."""
    return (await colleagues_by_id(tx, [colleague_id])).get(colleague_id)


async def colleagues_by_id(tx: Tx, ids: Collection[str]) -> dict[str, Colleague]:
    """Return many at once, for a list; an id that nobody has is left out."""
    found = {row["id"]: _colleague(row) for row in await store.some(tx, list(ids))}
    return found | ({ADMIN_ID: ADMIN} if ADMIN_ID in ids else {})


async def colleagues(tx: Tx) -> list[Colleague]:
    """Return everybody who works here now, by name."""
    return [_colleague(row) for row in await store.active(tx, MAX_COLLEAGUES)]


async def by_handle(tx: Tx, handles: Iterable[str]) -> dict[str, Colleague]:
    """Return who is meant by `@handle`, in any case; who left is left out.

    A first name alone means the one colleague whose handle begins with it.
    """
    wanted = sorted({handle.lower() for handle in handles})
    found = {row["handle"]: _colleague(row) for row in await store.of_handles(tx, wanted)}
    found |= {ADMIN_ID: ADMIN} if ADMIN_ID in wanted else {}
    short = [handle for handle in wanted if handle not in found]
    return found | (_by_first_name(short, await colleagues(tx)) if short else {})


async def join(tx: Tx, colleague_id: str, name: str, teams: Iterable[str] = ()) -> str:
    """Give somebody new a handle made of their name; returns it. Raises UnknownTeamError."""
    await store.take_turn(tx)
    kept, handle = checked_teams(teams), await _free_handle(tx, name)
    await store.add(tx, colleague_id, handle, list(kept))
    return handle


async def set_teams(tx: Tx, colleague_id: str, teams: Iterable[str]) -> None:
    """Raises NotLeadError, UnknownTeamError, UnknownColleagueError."""
    must_be_lead(tx.actor)
    before, kept = await _with_row(tx, colleague_id), checked_teams(teams)
    if kept == before.teams:
        return
    await store.set_teams(tx, colleague_id, list(kept))
    was, now = {"teams": before.teams}, {"teams": kept}
    await audit.record(tx, "colleague.teams_set", colleague_id, before=was, after=now)


async def set_capacity(tx: Tx, colleague_id: str, capacity: int | None) -> None:
    """Raises NotLeadError, UnknownColleagueError, BadProfileError."""
    must_be_lead(tx.actor)
    before = await _with_row(tx, colleague_id)
    if capacity is not None and not 0 <= capacity <= MAX_CAPACITY:
        raise BadProfileError
    if capacity == before.capacity:
        return
    await store.set_capacity(tx, colleague_id, capacity)
    was, now = {"capacity": before.capacity}, {"capacity": capacity}
    await audit.record(tx, "colleague.capacity_set", colleague_id, before=was, after=now)


async def set_profile(
    tx: Tx, colleague_id: str, *, handle: str, signature: str, time_zone: str | None = None
) -> None:
    """Set how they are called, how they sign, and their zone; None lives in the company's.

    Raises as its errors say.
    """
    before, handle = await _with_row(tx, colleague_id), handle.strip().lower()
    if not _HANDLE.fullmatch(handle) or handle == ADMIN_ID:
        raise BadHandleError
    if len(signature) > MAX_SIGNATURE or "\x00" in signature:
        raise BadProfileError
    if time_zone is not None and not is_zone(time_zone):
        raise UnknownZoneError
    await store.take_turn(tx)
    if handle != before.handle and await store.of_handles(tx, [handle], everybody=True):
        raise HandleTakenError
    if (handle, signature, time_zone) == (before.handle, before.signature, before.time_zone):
        return
    await store.set_profile(tx, colleague_id, handle, signature, time_zone)
    after = {"handle": handle, "time_zone": time_zone}
    await audit.record(tx, "colleague.profile_set", colleague_id, after=after)


async def zone_for(tx: Tx, colleague_id: str) -> str:
    """Return the zone whose time the desk tells this colleague: theirs, else the company's."""
    return await store.zone_of(tx, colleague_id)


async def csm_of(tx: Tx, customer: str) -> Colleague | None:
    """Return who looks after this customer (our id); None where nobody does, or they left."""
    row = await customers.by_id(tx, customer)
    row = await accounts.last_of(tx, row) if row else None
    if row is None or row["csm"] is None:
        return None
    found = await colleague(tx, row["csm"])
    return found if found and found.active else None


async def set_csm(tx: Tx, customer: str, colleague_id: str | None) -> None:
    """Say who looks after a customer. Raises UnknownColleagueError, LookupError."""
    rows = await customers.hold(tx, [customer])
    if customer not in rows:
        raise LookupError(customer)
    if colleague_id is not None:
        await _held(tx, colleague_id)
    before = rows[customer]["csm"]
    if before == colleague_id:
        return
    await store.set_csm(tx, customer, colleague_id)
    was, now = {"csm": before}, {"csm": colleague_id}
    await audit.record(tx, "customer.csm_set", customer, customer=customer, before=was, after=now)


def handle_of(name: str) -> str:
    """Return the handle that a name suggests: `Ana-María Ruiz` is `ana-maria-ruiz`. Pure."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_LETTERS.sub("-", plain).strip("-")[: MAX_HANDLE - 5].strip("-") or "colleague"


def _by_first_name(names: Iterable[str], known: Sequence[Colleague]) -> dict[str, Colleague]:
    meant = {name: [one for one in known if one.handle.startswith(f"{name}-")] for name in names}
    return {name: ones[0] for name, ones in meant.items() if len(ones) == 1}


async def _free_handle(tx: Tx, name: str) -> str:
    wanted = handle_of(name)
    taken = {ADMIN_ID, *await store.handles_like(tx, wanted)}
    numbered = (f"{wanted}-{number}" for number in range(2, MAX_COLLEAGUES * 2))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)


async def _held(tx: Tx, colleague_id: str) -> Colleague:
    found = await colleague(tx, colleague_id)
    if found is None or not found.active:
        raise UnknownColleagueError(colleague_id)
    return found


async def _with_row(tx: Tx, colleague_id: str) -> Colleague:
    """Whoever holds the environment's token has nothing to set."""
    if colleague_id == ADMIN_ID:
        raise UnknownColleagueError(colleague_id)
    return await _held(tx, colleague_id)


def _colleague(row: store.Row) -> Colleague:
    words = {field: row[field] for field in ("id", "name", "handle", "role", "signature")}
    teams = tuple(cast("Team", team) for team in row["teams"])
    work = {field: row[field] for field in ("capacity", "active", "time_zone")}
    return Colleague(**words, **work, teams=teams)
