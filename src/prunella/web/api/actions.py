"""Actions: the one way to change something outside."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import AfterValidator, Field, StringConstraints

from prunella import actions, people
from prunella.actions import Action, ActionRequest, Step, params
from prunella.people import Customer
from prunella.web.api.bodies import Body, Id, Line, plain
from prunella.web.api.once import RequiredKey
from prunella.web.errors import NotFoundError
from prunella.web.looking import note_look
from prunella.web.rendering import iso
from prunella.web.requesting import request_once
from prunella.web.telling import told_of
from prunella.web.views.reasons import decision_told, error_told
from prunella.web.views.talk import without_links
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/actions", tags=["actions"])

MAX_AMOUNT = 10**12


Word = Annotated[str, StringConstraints(max_length=200), AfterValidator(plain)]
_EXAMPLE = {"how": "period_end"}
_PARAMS = f"What belongs to the kind; it takes nothing else.\n\n{params.told()}"


class ActionBody(Body):
    """`amount` in the currency's minor unit; none is nothing to pay, as some changes of plan are.

    A change of plan has `amount`, `currency` and `params` from its preview.
    """

    kind: Annotated[Id, Field(description=f"One of {', '.join(sorted(actions.KINDS))}.")]
    customer: Id
    target: Id
    amount: Annotated[int, Field(ge=0, le=MAX_AMOUNT)] | None = None
    currency: Annotated[str, Field(pattern="^[a-zA-Z]{3}$")] | None = None
    reason: Line
    params: Annotated[
        dict[Id, Word],
        Field(max_length=12, default_factory=dict, description=_PARAMS, examples=[_EXAMPLE]),
    ]


@router.post("", status_code=201)
async def ask(request: Request, body: ActionBody, key: RequiredKey) -> dict[str, Any]:
    """Ask for an action; the answer has the decision, and the case where a person has to look.

    Whoever asks twice gets the same one.
    """
    async with call(request) as here:
        customer = await here.customer(body.customer)
        here.must_be_able_to_act()
        asked = await _asked(here, customer, body, key)
        action = await request_once(
            here.site, here.tx, customer, asked, scope=f"api:{here.actor}", key=key
        )
        return await _shown(here, action.id)


async def _asked(here: Call, customer: Customer, body: ActionBody, key: str) -> ActionRequest:
    _check(body)
    currency = body.currency.lower() if body.currency else None
    attempt = await actions.business_key_of(
        here.tx,
        kind=body.kind,
        target=body.target,
        payment_method=body.params.get("payment_method"),
        key=key,
        amount=body.amount,
        currency=currency,
    )
    return ActionRequest(
        kind=body.kind,
        customer=customer.id,
        target=body.target,
        amount=body.amount,
        currency=currency,
        reason=body.reason,
        params=body.params,
        business_key=attempt,
    )


def _check(body: ActionBody) -> None:
    """What our own pages alone may say, no program says. Raises `BadRequestError`."""
    if body.amount == 0 and body.kind != "change_plan":
        message = "amount is more than nothing."
        raise actions.BadRequestError(message)
    if ours := params.OURS & body.params.keys():
        message = f"{min(ours)} is not understood here."
        raise actions.BadRequestError(message)


@router.get("/{action}")
async def show(request: Request, action: str) -> dict[str, Any]:
    async with call(request) as here:
        return await _shown(here, action)


class ApprovalBody(Body):
    """`shown` names the facts that were looked at, as the action shows them to staff."""

    approve: bool
    note: Annotated[str, StringConstraints(max_length=actions.MAX_NOTE)] = ""
    shown: Annotated[str, StringConstraints(max_length=64)] = ""


@router.post("/{action}/approval")
async def decide(request: Request, action: str, body: ApprovalBody) -> dict[str, Any]:
    """Approve exactly what was shown, or refuse. The same decision sent twice is one."""
    async with call(request) as here:
        here.must_be_staff()
        approvals = actions.Approvals(here.site.rooms.door)
        said = await approvals.decide(
            here.tx, action, approve=body.approve, note=body.note, shown=body.shown
        )
        told = await _shown(here, action)
    if said == "changed":  # kept: what was shown last is now what there is
        raise actions.ChangedError
    if said == "lapsed":
        raise actions.NotWaitingError
    return told


async def _shown(here: Call, action_id: str) -> dict[str, Any]:
    action = await actions.get(here.tx, action_id)
    if action is None:
        raise NotFoundError
    if here.own and action.customer not in await people.names_of_account(here.tx, here.own.id):
        raise NotFoundError
    await note_look(here.tx, action.customer, because="action", seen=action.id)
    customer = await people.find_customer(here.tx, action.customer)
    address = customer.address if customer else action.customer
    steps = [_step(one) for one in await actions.steps(here.tx, action.id)]
    shown = action_json(action) | {"customer": address, "steps": steps}
    if here.own:
        return shown | _for_customer(here, action)
    return shown | await _for_staff(here, action)


def _step(step: Step) -> dict[str, Any]:
    return {"state": step.state, "at": iso(step.at), "because": step.because}


def _for_customer(here: Call, action: Action) -> dict[str, Any]:
    """The reasons in their language; Stripe's ids and codes are for staff."""
    explanation = decision_told(action, here.site.rooms.door.policy, here.words)
    error = error_told(action, here.words)
    return {
        "decision": decision_json(action) | {"explanation": explanation},
        "error": {"words": error} if error else None,
    }


async def _for_staff(here: Call, action: Action) -> dict[str, Any]:
    """What Stripe said, who asked, on what facts it was decided, what a person and we said."""
    words = here.site.rooms.words
    told = await told_of(here.tx, action)
    return {
        "result": action.result,
        "error": action.error,
        "requested_by": str(action.requested_by),
        "facts": action.decision.get("facts"),
        "approval": await _approval(here, action),
        "told": [
            {"at": iso(one.created_at), "text": without_links(one.text, words)} for one in told
        ],
    }


async def _approval(here: Call, action: Action) -> dict[str, Any] | None:
    """What a person is asked, or what they said; for staff."""
    approval = await actions.of_action(here.tx, action.id)
    if approval is None:
        return None
    waiting = await actions.Approvals(here.site.rooms.door).look(here.tx, action)
    return {
        "outcome": approval.outcome,
        "by": str(approval.decided_by) if approval.decided_by else None,
        "at": iso(approval.decided_at) or None,
        "note": approval.note,
        "role": waiting.role if waiting else None,
        "lapses_at": iso(waiting.lapses_at) if waiting else None,
        "shown": waiting.shown if waiting else None,
        "changed": bool(waiting and waiting.changed),
    }


def action_json(action: Action) -> dict[str, Any]:
    return {
        "id": action.id,
        "kind": action.kind,
        "target": action.target,
        "amount": action.amount,
        "currency": action.currency,
        "reason": action.reason,
        "params": {name: said for name, said in action.params.items() if name not in params.OURS},
        "state": action.state,
        "decision": decision_json(action),
        "case": action.case,
        "created_at": iso(action.created_at),
        "settled_at": iso(action.settled_at) or None,
    }


def decision_json(action: Action) -> dict[str, Any]:
    """The decision as it is kept: in English, for whoever may read all of it."""
    return {name: action.decision.get(name) for name in ("verdict", "rules", "explanation")}
