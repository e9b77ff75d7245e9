"""What is done with a case besides answering it: each verb a form of its own."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cases import LEVELS, Case, LinkKind
from prunella.people import TEAMS
from prunella.web.errors import BadRequestError
from prunella.web.forms import Fields, is_first, shift_with_form
from prunella.web.pages.desk import FIRST_VIEW, saying_of
from prunella.web.pages.desk_page import (
    KINDS,
    OBSTACLES,
    SEVERITIES,
    STATUSES,
    NoSuchCaseError,
    NoSuchCustomerError,
    back_to,
    case_of,
    case_page,
)
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.views.desk_case import Draft
from prunella.web.views.desk_snooze import moment_of
from prunella.web.visits import Shift

router = APIRouter(prefix=f"{DESK}/cases/{{case}}")

Verb = Callable[[Shift, Case, Fields], Awaitable[Case | None]]
LINKS: tuple[LinkKind, ...] = ("related", "duplicate", "caused_by")
ASK = "ask."
T = TypeVar("T", bound=str)
MAX_TAG_TEXT = 1_000
UNUSABLE = 422


@router.post("/status")
async def set_status(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> None:
        status = one_of(STATUSES, fields.get("status"))
        await found.set(here.tx, status=status, root_cause=fields.get("root_cause", ""))

    return await _work(request, case, do)


@router.post("/kind")
async def set_kind(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> None:
        severity, kind = one_of(SEVERITIES, fields.get("severity")), fields.get("kind")
        await found.set(here.tx, severity=severity, kind=one_of(KINDS, kind))

    return await _work(request, case, do)


@router.post("/assignee")
async def assign(request: Request, case: str) -> Response:
    """Give it to a colleague, take it, or put it back; a team's queue may go with it."""

    async def do(here: Shift, found: Case, fields: Fields) -> None:
        to = here.tx.actor.id if fields.get("as") == "take" else fields.get("to") or None
        if fields.get("team") and fields["team"] != found.team:
            found = await found.give_to_team(here.tx, one_of(TEAMS, fields["team"]))
        await found.assign(here.tx, to=to)

    return await _work(request, case, do)


@router.post("/level")
async def escalate(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> None:
        await found.escalate(here.tx, to=one_of(LEVELS, fields.get("level")), because="asked")
        if fields.get("why", "").strip():
            await found.note(here.tx, fields["why"])

    return await _work(request, case, do)


@router.post("/tags")
async def tag(request: Request, case: str) -> Response:
    """The field holds all of them, so what is missing goes and what is new comes."""

    async def do(here: Shift, found: Case, fields: Fields) -> None:
        asked = fields.get("tags", "")[:MAX_TAG_TEXT].split(",")
        named = {"-".join(one.casefold().split()) for one in asked} - {""}
        had = set(found.tags)
        await found.tag(here.tx, add=named - had, remove=had - named)

    return await _work(request, case, do)


@router.post("/snooze")
async def snooze(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> None:
        if fields.get("as") == "wake":
            await found.snooze(here.tx, None)
            return
        until = moment_of(fields.get("until", ""), fields.get("day", ""), saying_of(here))
        if until is None:
            raise BadRequestError
        await found.snooze(here.tx, until)

    return await _work(request, case, do)


@router.post("/spam")
async def spam(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> None:
        await (found.not_spam if fields.get("as") == "ham" else found.mark_spam)(here.tx)

    return await _work(request, case, do)


@router.post("/merge")
async def merge(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> Case:
        return await found.merge_into(here.tx, await case_of(here, fields.get("into", "")))

    return await _work(request, case, do)


@router.post("/split")
async def split(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> Case:
        chosen = [name.removeprefix("m.") for name in fields if name.startswith("m.")]
        return await found.split(here.tx, chosen, subject=fields.get("subject", ""))

    return await _work(request, case, do)


@router.post("/links")
async def link(request: Request, case: str) -> Response:
    async def do(here: Shift, found: Case, fields: Fields) -> None:
        other = await _numbered(here, fields.get("other", ""))
        await found.link(here.tx, other, kind=one_of(LINKS, fields.get("kind")))

    return await _work(request, case, do)


@router.post("/macros/{name}")
async def use_macro(request: Request, case: str, name: str) -> Response:
    """Change its fields and say its words at once; if it cannot be, what was typed still stands."""
    async with shift_with_form(request) as (here, fields):
        found = await case_of(here, case)
        asked = {key.removeprefix(ASK): text for key, text in fields.items() if key.startswith(ASK)}
        try:
            async with here.tx.conn.transaction():
                if await is_first(here, fields):
                    await here.site.rooms.macros.apply(here.tx, found, name, asked)
        except tuple(OBSTACLES.values()) as problem:
            draft = Draft(problem=type(problem).__name__, macro=name, asked=asked)
            view = fields.get("view", FIRST_VIEW)
            return await case_page(here, found, view=view, draft=draft, status=UNUSABLE)
    return see(f"{back_to(case, fields)}#next")


@router.post("/customer")
async def move(request: Request, case: str) -> Response:
    """Give a guest's case to the customer who it was: by id, or by their mail address."""

    async def do(here: Shift, found: Case, fields: Fields) -> None:
        ref = fields.get("customer", "").strip()
        hits = await people.search(here.tx, ref, 2)
        customer = await people.find_customer(here.tx, hits[0].ref if len(hits) == 1 else ref)
        if customer is None:
            raise NoSuchCustomerError
        await found.move_to(here.tx, customer)

    return await _work(request, case, do)


async def _numbered(here: Shift, asked: str) -> Case:
    """Find the case of this number."""
    found = await cases.search(here.tx, asked, limit=1) if asked.strip() else None
    number = asked.strip().removeprefix("#")
    case = next((one for one in found.data if str(one.number) == number), None) if found else None
    if case is None:
        raise NoSuchCaseError
    return case


def one_of(known: tuple[T, ...], asked: str | None) -> T:
    found = next((one for one in known if one == asked), None)
    if found is None:
        raise BadRequestError
    return found


async def _work(request: Request, case: str, do: Verb) -> Response:
    """Do it, and go on where it leads; what stands against it is told beside what was typed."""
    async with shift_with_form(request) as (here, fields):
        found = await case_of(here, case)
        try:
            async with here.tx.conn.transaction():
                after = await do(here, found, fields)
        except tuple(OBSTACLES.values()) as problem:
            verb = request.url.path.rpartition("/")[2]
            draft = Draft(problem=type(problem).__name__, verb=verb, asked=fields)
            view = fields.get("view", FIRST_VIEW)
            return await case_page(here, found, view=view, draft=draft, status=UNUSABLE)
    return see(f"{back_to(after.id if after else case, fields)}#next")
