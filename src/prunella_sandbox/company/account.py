"""The company's Stripe account, reached as any company reaches Stripe, and the sandbox's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

import httpx
import stripe

TIMEOUT_S = 60.0
MAX_RETRIES = 2


class _Http(stripe.HTTPXClient):
    """The SDK's client, passing the body to httpx by the name that httpx wants it under."""

    def _get_request_args_kwargs(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any
    ) -> Any:
        args, details = super()._get_request_args_kwargs(method, url, headers, post_data)
        body = details.pop("data")
        return args, details | {"content": body or None}


class Account:
    """`with Account(base_url, api_key) as account:` opens one connection and closes it."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        stripe_http: stripe.HTTPClient | None = None,
    ) -> None:
        """Reach a sandbox by its address, or by other ways that are passed in."""
        self._http = httpx.Client(base_url=base_url, timeout=TIMEOUT_S, transport=transport)
        self._stripe_http = stripe_http or _Http(timeout=TIMEOUT_S, allow_sync_methods=True)
        self.stripe = stripe.StripeClient(
            api_key,
            base_addresses={"api": base_url},
            http_client=self._stripe_http,
            max_network_retries=MAX_RETRIES,
        )

    def now(self) -> datetime:
        answer = self._http.get("/_sandbox/clock").raise_for_status()
        return datetime.fromtimestamp(answer.json()["now"], tz=UTC)

    def wait_until(self, moment: datetime) -> None:
        """Let the sandbox's time pass; what falls due on the way happens."""
        seconds = (moment - self.now()).total_seconds()
        if seconds > 0:
            clock = {"advance_seconds": seconds}
            self._http.post("/_sandbox/clock", json=clock).raise_for_status()

    def configure(self, **settings: str) -> None:
        """Set what an account sets in Stripe's dashboard."""
        self._http.post("/_sandbox/settings", json=settings).raise_for_status()

    def dispute(self, charge: str) -> None:
        self._http.post("/_sandbox/disputes", json={"charge": charge}).raise_for_status()

    def bill_again(self, subscription: str) -> str:
        """Bill the running period once more, by mistake; returns the invoice."""
        sent = {"subscription": subscription}
        answer = self._http.post("/_sandbox/misbill", json=sent).raise_for_status()
        return str(answer.json()["id"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._stripe_http.close()  # type: ignore[no-untyped-call]  # the SDK left it so
