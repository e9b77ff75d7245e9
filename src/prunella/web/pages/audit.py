"""The audit log at the desk: what was done, by whom, and the proof that it still says so."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from prunella import audit, people
from prunella.audit import Entry, Filter, Inclusion, NotSealedError
from prunella.people import staff
from prunella.web.errors import NotFoundError
from prunella.web.pages.desk import saying_of
from prunella.web.pages.staff import DESK
from prunella.web.views.audit import entry_row, proof_shown
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=f"{DESK}/audit")

PAGE = 50
MAX_SEQ = 2**63 - 1
Word = Annotated[str, Query(max_length=255)]


@router.get("")
async def log(
    request: Request,
    *,
    customer: Word = "",
    verb: Word = "",
    actor: Word = "",
    subject: Word = "",
    before: Annotated[int | None, Query(ge=1, le=MAX_SEQ)] = None,
) -> Response:
    async with shift(request) as here:
        fields = {"customer": customer, "verb": verb, "subject": subject, "actor": actor}
        asked = {name: text.strip() for name, text in fields.items()}
        which = Filter(
            customer=await _customer(here, asked["customer"]),
            verb=asked["verb"] or None,
            subject=asked["subject"] or None,
            actor=asked["actor"] or None,
        )
        page = await audit.newest(here.tx, before, PAGE + 1, which)
        names = await _names(here, page)
        rows = [entry_row(entry, saying_of(here), names) for entry in page[:PAGE]]
        older = rows[-1].seq if len(page) > PAGE else None
        head = await audit.head(here.tx)
        context = {"rows": rows, "asked": asked, "older": older, "head": head, "shift": here}
        return here.site.pages.page("audit.html", context)


@router.get("/{seq}")
async def show(request: Request, seq: Annotated[int, Path(ge=1, le=MAX_SEQ)]) -> Response:
    async with shift(request) as here:
        entry = await audit.entry(here.tx, seq)
        if entry is None:
            raise NotFoundError
        saying = saying_of(here)
        proof = proof_shown(await _proof(here, seq), saying)
        row = entry_row(entry, saying, await _names(here, [entry]))
        context = {"row": row, "proof": proof, "shift": here}
        return here.site.pages.page("audit-entry.html", context)


async def _names(here: Shift, entries: Sequence[Entry]) -> dict[str, str]:
    """How those are called who did it, as far as they are people we know."""
    theirs = {one.actor_id for one in entries if one.actor_kind == "customer"}
    return await staff.names(here.tx) | await people.names_of(here.tx, sorted(theirs))


async def _proof(here: Shift, seq: int) -> Inclusion | None:
    try:
        return await audit.prove_entry(here.tx, seq)
    except NotSealedError:
        return None


async def _customer(here: Shift, ref: str) -> str | None:
    """What the log calls them; for a name that nobody has, what was asked, which finds nothing."""
    found = await people.find_customer(here.tx, ref) if ref else None
    return found.id if found else ref or None
