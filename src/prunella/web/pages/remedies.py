"""Buttons that mend something, and the page one waits on meanwhile."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from prunella.kit.idempotency import MAX_KEY_LENGTH, recall, remember
from prunella.kit.ids import new_id
from prunella.tiers.selfheal import (
    BadChoiceError,
    ChoiceNeededError,
    NotOfferedError,
    SignInFirstError,
    TooOftenError,
    later,
)
from prunella.web.errors import BadRequestError, NotFoundError
from prunella.web.fixing import PERSON, Progress, begin, follow, state_of
from prunella.web.forms import Fields, visit_with_form
from prunella.web.pages.choosing import choices
from prunella.web.pages.entry import HOME, see
from prunella.web.site import site_of
from prunella.web.visits import Visit, visit

router = APIRouter()

_ABOUT_THE_FORM = {"csrf", "key", "target"}
_NOTES: dict[type[Exception], str] = {
    TooOftenError: "too_often",
    SignInFirstError: "sign_in_first",
}


@router.post("/billing/fixes/{fix}")
async def mend(request: Request, fix: str) -> Response:
    """Begin it once, however often the form is sent, and go where it leads."""
    try:
        async with visit_with_form(request) as (here, fields):
            if fix != PERSON:
                here.must_be_able_to_pay()
            begun = await _begun_once(here, fields, fix)
    except ChoiceNeededError:
        return see(f"{HOME}/fixes/{fix}?{urlencode({'target': fields.get('target', '')})}")
    except BadChoiceError as problem:
        target = fields.get("target", "")
        return await choices(request, fix, target=target, typed=fields, wrong=problem.fields)
    except NotOfferedError as problem:
        return see(f"{HOME}?note={_NOTES.get(type(problem), 'changed')}")
    done = await follow(site_of(request), here.tx.actor, here.customer, begun)
    request.state.run = done.run
    return RedirectResponse(_next_page(done), 303)


@router.post("/billing/runs/{run}/off")
async def call_off(request: Request, run: str) -> Response:
    """Call off a try that waits for its day; pressed again, it stays called off."""
    async with visit_with_form(request) as (here, _):
        here.must_be_able_to_pay()
        if await here.site.rooms.selfheal.run(here.tx, here.customer, run) is None:
            raise NotFoundError
        stopped = await later.call_off(here.tx, here.customer, run)
    return see(f"{HOME}?run={run}" if stopped else f"{HOME}?note=changed")


@router.get("/billing/return")
async def wait(request: Request, run: str) -> Response:
    """Where a secure page leads back to. It only looks; the worker goes on by itself."""
    async with visit(request) as here:
        known, progress = await state_of(here.site, here.tx, here.customer, run)
        if progress.status in {"done", "refused", "escalated"}:
            return see(f"{HOME}?run={known.id}")
        context = {"run": known, "progress": progress, "visit": here, "key": new_id("click")}
        return here.site.pages.page("waiting.html", context)


async def _begun_once(here: Visit, fields: Fields, fix: str) -> Progress:
    key, target = fields.get("key", ""), fields.get("target", "")
    if not key or len(key) > MAX_KEY_LENGTH:
        raise BadRequestError
    choice = {name: value for name, value in fields.items() if name not in _ABOUT_THE_FORM}
    what: dict[str, Any] = {"fix": fix, "target": target, "choice": choice}
    scope = f"page:{here.customer.id}"
    known = await recall(here.tx, scope=scope, key=key, request=what)
    if known is not None:
        return Progress.from_json(known)
    begun = await begin(here.site, here.tx, here.customer, fix=fix, target=target, choice=choice)
    await remember(here.tx, scope=scope, key=key, result=begun.to_json())
    return begun


def _next_page(progress: Progress) -> str:
    if progress.status == "redirect" and progress.url:
        return progress.url
    if progress.status == "escalated" and progress.case:
        return f"{HOME}/cases/{progress.case}"
    if progress.status in {"done", "refused", "escalated"}:
        return f"{HOME}?run={progress.run}"
    return f"{HOME}/return?run={progress.run}"
