"""The cookies: who a customer is, the same inside another site, who of the staff."""

from typing import Literal

from fastapi import Request
from starlette.responses import Response

from prunella.settings import Settings

Kind = Literal["customer", "embed", "staff"]

_NAMES: dict[Kind, str] = {
    "customer": "prunella",
    "embed": "prunella_embed",
    "staff": "prunella_staff",
}


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


def put_partitioned(response: Response, settings: Settings, *, secret: str) -> None:
    """For a frame inside another site: a cookie of that site's own jar, sent nowhere else (CHIPS).

    It needs `Secure`, which browsers also take from a loopback address.
    """
    name = _name(settings, "embed")
    rest = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
    response.headers.append("set-cookie", f"{name}={secret}; {rest}")


def take_away(response: Response, settings: Settings, *, kind: Kind) -> None:
    response.delete_cookie(
        _name(settings, kind), secure=_secure(settings), httponly=True, samesite="lax"
    )


def _secure(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _name(settings: Settings, kind: Kind) -> str:
    """With `__Host-` no neighbouring subdomain can plant a cookie; it needs https."""
    return f"__Host-{_NAMES[kind]}" if _secure(settings) else _NAMES[kind]
