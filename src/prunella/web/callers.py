"""How often one caller may come: a bucket for each token, one for each address.

Stripe's webhooks are never limited (docs/decisions), nor is who asks whether we live. Wrong
sign-ins and wrong links have a small bucket of their own; right ones cost nothing there.
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prunella.settings import Settings
from prunella.web.buckets import Buckets
from prunella.web.errors import Problem

ALWAYS_OPEN = ("/webhooks/", "/healthz", "/readyz", "/static/")
BURST_S = 4.0
"""A bucket holds what comes in this many seconds: a page with all that belongs to it."""
WRONG_AT_ONCE = 10.0
A_MINUTE_S = 60.0
UNAUTHORIZED = 401
IPV6_NETWORK_BITS = 64


class TooFastError(Problem):
    """Too many requests in a short time, so this one was not done."""

    status = 429
    title = "Too many requests"

    def __init__(self, wait_s: float) -> None:
        seconds = max(1, math.ceil(wait_s))
        words = f"{TooFastError.__doc__} Wait {seconds} seconds, then send it again."
        super().__init__(words, {"retry-after": str(seconds)})


@dataclass(frozen=True, slots=True)
class _Rates:
    """The buckets of one process."""

    tokens: Buckets
    addresses: Buckets
    wrong: Buckets


class Callers:
    """Refuse who comes too often, before anything of the request is read."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        per_token, per_address = settings.rate_per_token, settings.rate_per_address
        wrong = settings.rate_wrong_sign_ins / A_MINUTE_S
        self._rates = _Rates(
            tokens=Buckets(per_token, burst=per_token * BURST_S, monotonic=monotonic),
            addresses=Buckets(per_address, burst=per_address * BURST_S, monotonic=monotonic),
            wrong=Buckets(wrong, burst=WRONG_AT_ONCE, monotonic=monotonic),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS_OPEN):
            await self.app(scope, receive, send)
            return
        address = address_of(scope)
        for buckets, caller in self._asked(scope, address):
            if wait_s := buckets.take(caller):
                raise TooFastError(wait_s)
        if not is_door(scope):
            await self.app(scope, receive, send)
            return

        async def send_weighed(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != UNAUTHORIZED:
                self._rates.wrong.give_back(address)
            await send(message)

        await self.app(scope, receive, send_weighed)

    def _asked(self, scope: Scope, address: str) -> Iterator[tuple[Buckets, str]]:
        yield self._rates.addresses, address
        if token := token_of(scope):
            yield self._rates.tokens, token
        if is_door(scope):
            yield self._rates.wrong, address


def is_door(scope: Scope) -> bool:
    """Whether somebody shows a token, a password or a link to come in with."""
    path, method = scope["path"], scope["method"]
    if path.startswith(("/l/", "/join/")) or (path.startswith("/sign-in") and method == "POST"):
        return True
    return path in {"/billing", "/embed/billing"} and "token" in QueryParams(scope["query_string"])


def address_of(scope: Scope) -> str:
    """An IPv6 caller has a whole network of addresses: all of them count as one."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - IPV6_NETWORK_BITS))
    return str(getattr(address, "ipv4_mapped", None) or address)


def token_of(scope: Scope) -> str:
    """A bearer token or a session, as a digest: nothing here is worth stealing."""
    headers = Headers(scope=scope)
    shown = headers.get("authorization") or headers.get("cookie") or ""
    return hashlib.sha256(shown.encode()).hexdigest()[:32] if shown else ""
