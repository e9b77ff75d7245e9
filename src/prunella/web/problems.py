"""Every failure ends as a problem document, or as a page that says what to do."""

import http
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import OperationalError
from psycopg_pool import PoolClosed, PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prunella import actions, audit, cases, people
from prunella.connectors.hooks import BadAddressError
from prunella.kit.idempotency import KeyReusedError
from prunella.mirror import BadSignatureError, BodyTooLargeError, InboxUnavailableError
from prunella.people.customer_jwt import BadTokenError
from prunella.people.links import BadLinkError
from prunella.tiers.desk.hooks import NotToldError
from prunella.tiers.selfheal import BadChoiceError, ChoiceNeededError, NotOfferedError
from prunella.web.addresses import methods_at
from prunella.web.errors import AwayError, NotJsonError, Problem, UnusableError, sentence_of
from prunella.web.operations import NotStoppedError
from prunella.web.people_problems import OF_PEOPLE
from prunella.web.rendering import problem_page
from prunella.web.typed import find_words, words_of

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
FOR_MACHINES = (
    "/v1/",
    "/webhooks/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/embed/status",
)
MAX_ERRORS = 20
INTERNAL = "Something went wrong on our side. It has been noted; try again, or ask a person."

# Errors of the rooms below: their docstrings say what happened, we say how it counts in HTTP.
STATUS_OF: Mapping[type[Exception], tuple[int, str]] = {
    BadTokenError: (401, "This token cannot be used"),
    BadLinkError: (401, "This link cannot be used"),
    BadSignatureError: (400, "The signature does not fit"),
    BodyTooLargeError: (413, "Too large"),
    BadAddressError: (422, "This address cannot be told"),
    NotToldError: (409, "This program is told nothing now"),
    InboxUnavailableError: (503, "Not stored"),
    actions.BadRequestError: (422, "This action cannot be understood"),
    actions.NotTheirsError: (404, "Not found"),
    actions.NotWaitingError: (409, "Nobody is asked about this any more"),
    actions.OwnRequestError: (403, "This is your own request"),
    actions.NotYoursError: (403, "You may not do this"),
    actions.NotAllowedNowError: (409, "This is no longer allowed"),
    actions.ChangedError: (409, "This has changed"),
    actions.NotYourBrakeError: (403, "You may not do this"),
    cases.CaseClosedError: (409, "This case is closed"),
    cases.CaseBusyError: (409, "Too many changes at once"),
    cases.UnknownMacroError: (404, "Not found"),
    cases.MacroValueError: (422, "Something is not filled in"),
    cases.RootCauseNeededError: (409, "The root cause is missing"),
    NotStoppedError: (409, "It does not stand still"),
    cases.SameCaseError: (422, "This is the same case"),
    cases.OtherCustomerError: (409, "These are different customers"),
    cases.NotAGuestError: (409, "This case belongs to a customer"),
    cases.NothingToSplitError: (422, "Nothing to split"),
    cases.BadTagError: (422, "This is no tag"),
    cases.BadCopyError: (422, "An address in copy cannot be used"),
    cases.SnoozedPastError: (422, "This time cannot be used"),
    cases.TooManyCasesError: (422, "Too many cases at once"),
    cases.FileTooLargeError: (413, "A file is too large"),
    cases.TooMuchAttachedError: (413, "Too much is attached"),
    cases.AttachmentError: (422, "A file cannot be kept"),
    cases.NotFailedError: (409, "This mail has not failed"),
    cases.BadRecipientError: (422, "No mail can go there"),
    cases.views.ViewNameError: (422, "The view needs a name"),
    cases.views.ViewNameTakenError: (409, "This name is taken"),
    cases.views.TooManyViewsError: (409, "Too many views"),
    cases.views.NotYourViewError: (403, "This is not your view"),
    cases.views.OwnViewsOnlyError: (403, "This view cannot be shared by you"),
    cases.views.UnknownCustomerError: (422, "There is no such customer"),
    **OF_PEOPLE,
    people.OnlyLooksError: (422, "They may only look"),
    people.UnknownColleagueError: (422, "Nobody here has this id"),
    cases.EmptyTextError: (422, "The text is empty"),
    cases.UnknownChoiceError: (404, "Not found"),
    cases.TextTooLongError: (422, "The text is too long"),
    audit.NotSealedError: (409, "Not sealed yet"),
    audit.NoSuchHeadError: (404, "Not found"),
    audit.DamagedTreeError: (500, "The audit log is damaged"),
    KeyReusedError: (409, "Idempotency-Key was used before"),
    NotOfferedError: (409, "Not needed, or not possible"),
    ChoiceNeededError: (422, "Something has to be chosen"),
    BadChoiceError: (422, "Something that was chosen does not fit"),
}
_NAMED = (actions.BadRequestError, people.profiles.BadProfileError)
"""Their own words say more than their docstring."""
_AWAY = (OperationalError, PoolTimeout, PoolClosed)


def install_problems(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    for kind in STATUS_OF:
        app.add_exception_handler(kind, _on_known)
    for away in _AWAY:
        app.add_exception_handler(away, _on_away)


def problem(
    request: Request,
    *,
    status: int,
    title: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """Answer with a document (RFC 9457) where machines call, with a page where people do."""
    if not request.url.path.startswith(FOR_MACHINES):
        typed = words_of(request)
        return problem_page(request, status=status, detail=detail, typed=typed, headers=headers)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body |= {"instance": request.url.path, **more}
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


async def _on_http(request: Request, error: Any) -> Response:
    await find_words(request)
    if isinstance(error, Problem):
        title, detail = error.title, error.detail
    else:
        title = http.HTTPStatus(error.status_code).phrase.capitalize()
        detail = _OF_THE_FRAMEWORK.get(error.status_code, title)
    headers = _challenge(error.status_code) | dict(error.headers or {})
    if error.status_code == http.HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"allow": ", ".join(methods_at(request))}
    return problem(request, status=error.status_code, title=title, detail=detail, headers=headers)


async def _on_validation(request: Request, error: Any) -> Response:
    found = error.errors()[:MAX_ERRORS]
    kind = NotJsonError if any(one["type"] == "json_invalid" for one in found) else UnusableError
    errors = [{"field": _field(one["loc"]), "problem": _words(one)} for one in found]
    told = "; ".join(f"{one['field']}: {one['problem']}" for one in errors if one["field"])
    detail = f"{told}." if told and kind is UnusableError else sentence_of(kind)
    more: dict[str, Any] = {"errors": errors} if kind is UnusableError else {}
    return problem(request, status=kind.status, title=kind.title, detail=detail, **more)


async def _on_known(request: Request, error: Exception) -> Response:
    kind = next(one for one in type(error).__mro__ if one in STATUS_OF)
    status, title = STATUS_OF[kind]
    names_what = kind in _NAMED and bool(error.args)
    detail = str(error) if names_what else sentence_of(type(error))
    return problem(request, status=status, title=title, detail=detail, headers=_challenge(status))


def _challenge(status: int) -> dict[str, str]:
    return {"www-authenticate": "Bearer"} if status == http.HTTPStatus.UNAUTHORIZED else {}


async def _on_away(request: Request, error: Exception) -> Response:
    log.warning("database away", error=repr(error)[:200])
    await find_words(request)
    headers = {"retry-after": "5"}
    detail = sentence_of(AwayError)
    return problem(
        request, status=AwayError.status, title=AwayError.title, detail=detail, headers=headers
    )


class LastResort:
    """What nobody foresaw is logged with its trace and answered without it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except Exception as error:
            if started:
                raise
            response = await _answer(Request(scope, receive), error)
            await response(scope, receive, send)


async def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return await _on_http(request, error)
    if isinstance(error, _AWAY):
        return await _on_away(request, error)
    if isinstance(error, tuple(STATUS_OF)):
        return await _on_known(request, error)
    log.error("request failed", method=request.method, exc_info=error)
    return problem(request, status=500, title="Something went wrong", detail=INTERNAL)


_OF_THE_FRAMEWORK = {
    400: "The request cannot be read. Check how it is written, then send it again.",
    404: "There is nothing here, or it is not yours.",
    405: "This address does not take that method.",
}


def _field(loc: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in loc if part not in {"body", "query", "path", "header"})


def _words(error: Mapping[str, Any]) -> str:
    known = {"missing": "is missing", "extra_forbidden": "is not a field we know"}
    return known.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
