"""The mailbox as JSON, under `/_sandbox/mail`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from json import JSONDecodeError
from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prunella_sandbox.mailbox.box import FaultKind, Mailbox, MailFault

_MAX_FAULTS = 100_000
_LOWEST_REFUSAL, _HIGHEST_REFUSAL = 400, 599


def mail_routes(mailbox: Mailbox) -> list[Route]:
    """Routes for a Starlette or FastAPI application."""
    return [
        Route("/_sandbox/mail", _list(mailbox), methods=["GET"]),
        Route("/_sandbox/mail", _empty(mailbox), methods=["DELETE"]),
        Route("/_sandbox/mail/counts", _counts(mailbox), methods=["GET"]),
        Route("/_sandbox/mail/faults", _fail(mailbox), methods=["POST"]),
        Route("/_sandbox/mail/{letter}", _one(mailbox), methods=["GET"]),
        Route("/_sandbox/mail/{letter}/raw", _raw(mailbox), methods=["GET"]),
    ]


Endpoint = Callable[[Request], Awaitable[Response]]


def _list(mailbox: Mailbox) -> Endpoint:
    async def respond(request: Request) -> Response:
        letters = mailbox.letters(to=request.query_params.get("to"))
        return JSONResponse({"data": [letter.summary() for letter in letters]})

    return respond


def _empty(mailbox: Mailbox) -> Endpoint:
    async def respond(_: Request) -> Response:
        mailbox.empty()
        return Response(status_code=204)

    return respond


def _counts(mailbox: Mailbox) -> Endpoint:
    async def respond(_: Request) -> Response:
        return JSONResponse(mailbox.counts())

    return respond


def _one(mailbox: Mailbox) -> Endpoint:
    async def respond(request: Request) -> Response:
        letter = mailbox.letter(request.path_params["letter"])
        return _no_letter() if letter is None else JSONResponse(letter.whole())

    return respond


def _raw(mailbox: Mailbox) -> Endpoint:
    async def respond(request: Request) -> Response:
        letter = mailbox.letter(request.path_params["letter"])
        if letter is None:
            return _no_letter()
        return Response(letter.raw, media_type="text/plain; charset=utf-8")

    return respond


def _fail(mailbox: Mailbox) -> Endpoint:
    async def respond(request: Request) -> Response:
        try:
            mailbox.fail_next(_fault_in(await request.json()))
        except (JSONDecodeError, TypeError, ValueError, AttributeError):
            return _no("send {kind: refuse|lost_answer, code: 400 to 599, count}", 400)
        return Response(status_code=204)

    return respond


def _fault_in(body: dict[str, object]) -> MailFault:
    kind, code = body.get("kind", "refuse"), int(str(body.get("code", 451)))
    count = int(str(body.get("count", 1)))
    known = kind in get_args(FaultKind) and _LOWEST_REFUSAL <= code <= _HIGHEST_REFUSAL
    if not known or not 0 <= count <= _MAX_FAULTS:
        raise ValueError(body)
    return MailFault(kind=kind, code=code, count=count)  # type: ignore[arg-type]  # looked up above


def _no_letter() -> Response:
    return _no("there is no such letter", 404)


def _no(message: str, status: int) -> Response:
    return JSONResponse({"error": {"message": message}}, status_code=status)
