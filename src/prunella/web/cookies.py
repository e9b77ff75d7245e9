"""The two cookies: who a customer is, who of the staff."""

from fastapi import Request
from starlette.responses import Response

from prunella.people.sessions import Kind
from prunella.settings import Settings

_NAMES: dict[Kind, str] = {"customer": "prunella", "staff": "prunella_staff"}


def secret_in(request: Request, settings: Settings, kind: Kind) -> str:
    return request.cookies.get(_name(settings, kind), "")


def put(response: Response, settings: Settings, *, kind: Kind, secret: str) -> None:
    """Until the browser closes; the session itself ends earlier or later in the database."""
    response.set_cookie(
        _name(settings, kind),
        secret,
        secure=_secure(settings),
        httponly=True,
        samesite="lax",
        path="/",
    )


def take_away(response: Response, settings: Settings, *, kind: Kind) -> None:
    response.delete_cookie(
        _name(settings, kind), secure=_secure(settings), httponly=True, samesite="lax"
    )


def _secure(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _name(settings: Settings, kind: Kind) -> str:
    """With `__Host-` no neighbouring subdomain can plant a cookie; it needs https."""
    return f"__Host-{_NAMES[kind]}" if _secure(settings) else _NAMES[kind]
