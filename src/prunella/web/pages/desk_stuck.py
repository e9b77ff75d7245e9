"""What nobody tries any more until a person has looked."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from prunella.people.rights import LEADS
from prunella.web import operations
from prunella.web.errors import BadRequestError
from prunella.web.forms import Fields, shift_with_form
from prunella.web.operations import Kind, NotStoppedError, Settle, stuck
from prunella.web.pages.desk import saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=f"{DESK}/stuck")
DONE = frozenset({"again", "let_be"})
_KIND: TypeAdapter[Kind] = TypeAdapter(Kind)


@router.get("")
async def stopped(request: Request, done: str = "") -> Response:
    """`done` is what was asked for just now."""
    async with shift(request) as here:
        return await _page(here, done=done if done in DONE else "")


@router.post("/retries")
async def try_again(request: Request) -> Response:
    """Try it again from the beginning."""
    return await _do(request, operations.try_again, done="again")


@router.post("/settlements")
async def let_be(request: Request) -> Response:
    """Nothing is to be done about it: for leads and admins."""
    return await _do(request, operations.let_be, done="let_be")


async def _do(request: Request, what: Settle, *, done: str) -> Response:
    async with shift_with_form(request) as (here, fields):
        try:
            await what(here.tx, *_named(fields))
        except NotStoppedError as problem:
            return await _page(here, problem=str(problem.__doc__))
    return see(f"{DESK}/stuck?done={done}")


async def _page(here: Shift, *, problem: str = "", done: str = "") -> Response:
    context = {"stuck": await stuck(here.tx), "saying": saying_of(here), "shift": here}
    context |= {"problem": problem, "done": done, "may_let_be": here.session.role in LEADS}
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return here.site.pages.page("stuck.html", context, status=status)


def _named(fields: Fields) -> tuple[Kind, str]:
    try:
        kind = _KIND.validate_python(fields.get("kind"))
    except ValidationError:
        raise BadRequestError from None
    return kind, fields.get("id", "")
