"""Mail in and out: what came, what goes, and trying again what did not work. For staff."""

from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Request

from prunella import cases
from prunella.cases import Sending
from prunella.cases.mail import Letterbox
from prunella.web.api.bodies import Body, Id
from prunella.web.api.once import OptionalKey, once
from prunella.web.errors import NotFoundError
from prunella.web.rendering import iso
from prunella.web.visits import call

router = APIRouter(prefix="/v1", tags=["cases"])
InState = Literal["waiting", "done", "aside"]
OutState = Literal["waiting", "sent", "failed"]
Name = Annotated[str, Path(max_length=60, pattern=r"^[a-z]+_[0-9a-z]+$")]


class RetryBody(Body):
    """`as_case`: it becomes a case, whoever wrote it, a machine as well."""

    as_case: bool = False


class SettlementBody(Body):
    """`case`: the one that has it; without, nothing is to be done about it."""

    case: Id | None = None


@router.get("/mail")
async def came_in(request: Request, state: InState | None = None) -> dict[str, Any]:
    """Return what came in last, first."""
    async with call(request) as here:
        here.must_be_staff()
        found = await cases.mail.came_in(here.tx, state=state)
        return {"data": [_in(one) for one in found], "next_cursor": None}


@router.post("/mail/{mail}/retries")
async def take_again(
    request: Request, mail: Name, body: RetryBody, key: OptionalKey
) -> dict[str, Any]:
    """Let a mail that is aside be taken again."""
    async with call(request) as here:
        here.must_be_able_to_work()

        async def do() -> dict[str, Any]:
            if not await cases.mail.try_again(here.tx, mail, as_case=body.as_case):
                raise NotFoundError
            return {"id": mail, "state": "waiting"}

        return await once(here, key, {"mail": mail} | body.model_dump(), do)


@router.post("/mail/{mail}/settlement")
async def settle(
    request: Request, mail: Name, body: SettlementBody, key: OptionalKey
) -> dict[str, Any]:
    """Take a mail out of what is aside: a case has it by now, or nothing is to be done about it."""
    async with call(request) as here:
        here.must_be_able_to_work()

        async def do() -> dict[str, Any]:
            case = await cases.get_case(here.tx, body.case) if body.case else None
            if body.case and case is None:
                raise NotFoundError
            if not await cases.mail.settle_by_hand(here.tx, mail, case=case):
                raise NotFoundError
            return {"id": mail, "state": "done"}

        return await once(here, key, {"mail": mail} | body.model_dump(), do)


@router.get("/outbox")
async def goes_out(request: Request, state: OutState | None = None) -> dict[str, Any]:
    """Return our mails, those that changed last first."""
    states: tuple[OutState, ...] = (state,) if state else get_args(OutState)
    async with call(request) as here:
        here.must_be_staff()
        found = await cases.outbox(here.tx, states=states)
        return {"data": [_out(one) for one in found], "next_cursor": None}


@router.post("/outbox/{message}/retries")
async def send_again(request: Request, message: Name, key: OptionalKey) -> dict[str, Any]:
    """Send a failed mail again, under its own Message-ID."""
    async with call(request) as here:
        here.must_be_able_to_work()

        async def do() -> dict[str, Any]:
            try:
                await cases.send_again(here.tx, message)
            except LookupError:
                raise NotFoundError from None
            return {"message": message, "state": "waiting"}

        return await once(here, key, {"message": message}, do)


def _in(one: Letterbox) -> dict[str, Any]:
    return {
        "id": one.id,
        "message_id": one.message_id,
        "source": one.source,
        "received_at": iso(one.received_at),
        "state": one.state,
        "outcome": one.outcome or None,
        "error": one.error or None,
        "sender": one.sender or None,
        "subject": one.subject or None,
        "verified": one.verified,
        "size": one.size,
        "copies": one.copies,
        "case": one.case_id,
        "original_kept": one.kept,
    }


def _out(one: Sending) -> dict[str, Any]:
    return {
        "message": one.message,
        "to": one.recipient,
        "subject": one.subject,
        "state": one.state,
        "attempts": one.attempts,
        "error": one.error or None,
        "changed_at": iso(one.state_changed_at),
        "case": one.case,
    }
