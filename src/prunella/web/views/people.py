"""People as the desk shows them: who works here, where somebody is signed in, their tokens."""

from collections.abc import Mapping
from dataclasses import dataclass

from prunella.people import Colleague
from prunella.people.scopes import ALL
from prunella.people.sessions import OpenSession
from prunella.people.staff import Member
from prunella.people.tokens import Token
from prunella.web.views.saying import Saying

_BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
MAX_DEVICE = 60
SHAPES = {"active": "ok", "invited": "wait", "disabled": "bad", "revoked": "bad"}


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: str
    device: str
    address: str
    when: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: str
    name: str
    may: str
    when: str
    works: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`state` is a word of the vocabulary, `shape` how its dot looks."""

    id: str
    name: str
    handle: str
    role: str
    teams: str
    state: str
    shape: str
    detail: str


def session_rows(found: list[OpenSession], *, this: str, saying: Saying) -> list[SessionRow]:
    return [_session_row(one, this=this, saying=saying) for one in found]


def token_rows(found: list[Token], saying: Saying) -> list[TokenRow]:
    return [_token_row(one, saying) for one in found]


def member_rows(members: list[Member], known: Mapping[str, Colleague]) -> list[PersonRow]:
    return [person_row(known[one.id], state=one.state, detail=one.email) for one in members]


def holder_rows(
    found: list[Token], known: Mapping[str, Colleague], saying: Saying
) -> list[PersonRow]:
    """The bare tokens; a program's has no handle and no team."""
    return [_holder_row(one, known.get(one.id), saying) for one in found]


def person_row(one: Colleague, *, state: str, detail: str) -> PersonRow:
    return PersonRow(
        id=one.id,
        name=one.name,
        handle=f"@{one.handle}" if one.handle else "",
        role=one.role,
        teams=", ".join(one.teams),
        state=state,
        shape=SHAPES[state],
        detail=detail,
    )


def device_of(agent: str) -> str:
    """Return the browser and the system that it names itself by, as far as we know them. Pure."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return ", ".join(one for one in (browser, system) if one) or agent[:MAX_DEVICE]


def _session_row(one: OpenSession, *, this: str, saying: Saying) -> SessionRow:
    since = saying.until(one.created_at)
    seen = saying.until(one.seen_at or one.created_at)
    return SessionRow(
        id=one.id,
        device=device_of(one.device) or saying.say("page.you.some_device"),
        address=one.address,
        when=saying.say("page.you.since", since=since, seen=seen),
        is_this=one.id == this,
    )


def _token_row(one: Token, saying: Saying) -> TokenRow:
    may = saying.say("page.you.may_all") if ALL in one.scopes else ", ".join(one.scopes)
    works = one.revoked_at is None
    return TokenRow(one.id, one.name, may, _life(one, saying), works)


def _holder_row(one: Token, known: Colleague | None, saying: Saying) -> PersonRow:
    person = known or Colleague(one.id, one.name, handle="", role=one.role)
    state = "revoked" if one.revoked_at else "active"
    return person_row(person, state=state, detail=_life(one, saying))


def _life(one: Token, saying: Saying) -> str:
    made = saying.day_and_time(one.created_at)
    if one.revoked_at:
        at = saying.day_and_time(one.revoked_at)
        return saying.say("page.you.token_revoked", made=made, at=at)
    if one.used_at:
        return saying.say("page.you.token_used", made=made, at=saying.until(one.used_at))
    return saying.say("page.you.token_unused", made=made)
