"""What waits for a person: the queue, one action with everything about it, the decision."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import actions, audit, cases, people
from prunella.actions import Action, Approvals
from prunella.people import staff
from prunella.web.errors import BadRequestError, NotFoundError
from prunella.web.forms import Fields, shift_with_form
from prunella.web.looking import note_look
from prunella.web.pages.desk import FIRST_VIEW, saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.proven import proof_for
from prunella.web.pages.staff import DESK
from prunella.web.telling import told_of
from prunella.web.views.approvals import Known, Seal, action_shown, queue_rows, seal
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=DESK)

QUEUE = f"{DESK}/approvals"
SAID = {"approved", "refused", "changed", "lapsed", "gone", "own", "above", "not_now"}
_OBSTACLES: dict[type[Exception], str] = {
    actions.NotWaitingError: "gone",
    actions.OwnRequestError: "own",
    actions.NotYoursError: "above",
    actions.NotAllowedNowError: "not_now",
}
_STAYS = {"changed", "own", "above", "not_now"}
DECIDED = SAID - _STAYS


@router.get("/approvals")
async def queue(request: Request, said: str = "") -> Response:
    async with shift(request) as here:
        found = await Approvals(here.site.rooms.door).waiting(here.tx)
        names = await people.names_of(here.tx, [one.action.customer for one in found])
        rows = queue_rows(found, names, saying_of(here))
        context = {"rows": rows, "said": said if said in SAID else "", "shift": here}
        return here.site.pages.page("approvals.html", context)


@router.get("/actions/{action}")
async def show(request: Request, action: str, said: str = "") -> Response:
    async with shift(request) as here:
        found = await actions.get(here.tx, action)
        if found is None:
            raise NotFoundError
        known = await _known(here, found)
        await note_look(here.tx, found.customer, because="action", seen=found.id)
        policy = here.site.rooms.door.policy
        page = action_shown(known, policy, saying_of(here))
        context = {"page": page, "said": said if said in SAID else "", "shift": here}
        return here.site.pages.page("action.html", context)


@router.post("/actions/{action}/approval")
async def decide(request: Request, action: str) -> Response:
    async with shift_with_form(request) as (here, fields):
        if fields.get("as") not in {"approve", "refuse"}:
            raise BadRequestError
        try:
            async with here.tx.conn.transaction():
                said: str = await Approvals(here.site.rooms.door).decide(
                    here.tx,
                    action,
                    approve=fields["as"] == "approve",
                    note=fields.get("note", ""),
                    shown=fields.get("shown", ""),
                )
        except tuple(_OBSTACLES) as problem:
            said = _OBSTACLES[type(problem)]
        return see(await _onward(here, action, fields, said))


async def _onward(here: Shift, action: str, fields: Fields, said: str) -> str:
    """Stay where something is to be read first; else go back to the case, or to the queue."""
    if said in _STAYS:
        return f"{DESK}/actions/{action}?said={said}"
    found = await actions.get(here.tx, action) if fields.get("from") == "case" else None
    if found is None or found.case is None:
        return f"{QUEUE}?said={said}"
    view = quote(fields.get("view", FIRST_VIEW), safe="")
    return f"{DESK}/cases/{found.case}?view={view}&said={said}#next"


async def _known(here: Shift, action: Action) -> Known:
    tx = here.tx
    customer = await people.find_customer(tx, action.customer)
    if customer is None:
        raise NotFoundError
    case = await cases.get_case(tx, action.case) if action.case else None
    return Known(
        action=action,
        customer=customer,
        steps=await actions.steps(tx, action.id),
        approval=await actions.of_action(tx, action.id),
        waiting=await Approvals(here.site.rooms.door).look(tx, action),
        proof=await proof_for(here, action, customer),
        messages=await told_of(tx, action),
        seals=await _seals(here, action),
        case=case,
        names=await staff.names(tx),
    )


async def _seals(here: Shift, action: Action) -> list[Seal]:
    """Follow each entry about it to the signed head of the log, now."""
    found = []
    for entry in await audit.of_subject(here.tx, action.id):
        try:
            proof = await audit.prove_entry(here.tx, entry.seq)
        except audit.NotSealedError:
            proof = None
        steps, holds = (len(proof.path), proof.holds) if proof else (None, False)
        found.append(seal(entry, steps=steps, holds=holds, saying=saying_of(here)))
    return found
