"""Mail in `channels.toml`: whose an address is, how its team signs, how long mail is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from prunella.connectors.mail import is_address
from prunella.people import TEAMS, Team
from prunella.settings import Content, ContentError, Problem, unknown_keys

FILE = "channels.toml"
KEEP = "keep_original_days"
KEEPS_DAYS = 90
MOST_DAYS = 3650
FIELDS = frozenset(("address", "team", "name", "signature"))
MAX_ADDRESSES = 200
MAX_SIGNATURE = 1000
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class TeamAddress:
    """An address of ours: whose it is, what it is called, and what stands below its letters."""

    address: str
    team: Team
    name: str
    signature: str

    @property
    def sender(self) -> str:
        return f'"{self.name}" <{self.address}>' if self.name else self.address


@dataclass(frozen=True, slots=True)
class Channels:
    """Our addresses; those that stand first in the file come first.

    `keep` is how long mail that was taken is kept as it came, byte for byte.
    """

    addresses: tuple[TeamAddress, ...]
    keep: timedelta = timedelta(days=KEEPS_DAYS)

    @classmethod
    def read(cls, content: Content) -> "Channels":
        """Raises ContentError."""
        problems = list(check(content))
        if problems:
            raise ContentError("\n".join(problems))
        fields = content.toml(FILE) if FILE in content.files else {}
        addresses = tuple(_address(entry) for entry in fields.get("address", []))
        return cls(addresses, keep=timedelta(days=fields.get(KEEP, KEEPS_DAYS)))

    def reached(self, addresses: Iterable[str]) -> TeamAddress | None:
        """Return the first of ours among these, whatever stands after a plus sign."""
        ours = {one.address: one for one in self.addresses}
        plain = (without_plus(one) for one in addresses)
        return next((ours[one] for one in plain if one in ours), None)

    def of_team(self, team: str) -> TeamAddress | None:
        return next((one for one in self.addresses if one.team == team), None)


def without_plus(address: str) -> str:
    """Return where a mail to `local+anything@domain` is delivered, in lower case."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def check(content: Content) -> Iterator[str]:
    """Say what is wrong with `channels.toml`, and where."""
    if FILE not in content.files:
        return
    file = content.toml(FILE)
    entries = file.get("address", [])
    yield from content.located(FILE, _top_problems(file))
    if not entries:
        yield f"{content.folder / FILE}: no [[address]]. Write one, or take the file away"
    if not _are_tables(entries) or len(entries) > MAX_ADDRESSES:
        yield f"{content.folder / FILE}: write [[address]] entries, at most {MAX_ADDRESSES}"
        return
    seen: set[str] = set()
    for entry in entries:
        called = str(entry.get("address", "[[address]]"))
        where = f"{content.folder / FILE}:{content.line_of(FILE, called)}"
        yield from (f"{where}: {words}" for words in _problems(entry))
        if called.lower() in seen:
            yield f"{where}: {called} stands there twice. Keep one of them"
        seen.add(called.lower())


def _are_tables(entries: Any) -> bool:
    return isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)


def _top_problems(file: dict[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys("", file, (KEEP, "address"))
    days = file.get(KEEP, KEEPS_DAYS)
    if type(days) is not int or not 1 <= days <= MOST_DAYS:
        yield "", KEEP, f"{KEEP} must be a whole number from 1 to {MOST_DAYS}"


def _problems(entry: dict[str, Any]) -> Iterator[str]:
    unknown = sorted(set(entry) - FIELDS)
    if unknown:
        yield f"{unknown[0]} means nothing here. Known are {', '.join(sorted(FIELDS))}"
    address = entry.get("address")
    if not isinstance(address, str) or not is_address(address) or "+" in address:
        yield "address has to be a mail address without a plus sign"
    if entry.get("team") not in TEAMS:
        yield f"team has to be one of {', '.join(TEAMS)}"
    name, signature = entry.get("name", ""), entry.get("signature", "")
    if not isinstance(name, str) or len(name) > MAX_NAME or not name.isprintable() or '"' in name:
        yield f"name has to be one line of at most {MAX_NAME} characters, without quotes"
    if not isinstance(signature, str) or len(signature) > MAX_SIGNATURE:
        yield f"signature has to be a text of at most {MAX_SIGNATURE} characters"


def _address(entry: dict[str, Any]) -> TeamAddress:
    return TeamAddress(
        address=entry["address"].lower(),
        team=cast("Team", entry["team"]),
        name=entry.get("name", ""),
        signature=entry.get("signature", "").strip(),
    )
