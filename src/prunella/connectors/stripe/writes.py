"""Everything we change at Stripe: a method a kind, each under a key that was stored before.

Nothing here tries twice: what may have happened is settled by looking, never by sending.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

import httpx
import stripe

from prunella.connectors.stripe.errors import code_of
from prunella.kit.clock import system_now

TIMEOUT_S = 40.0
PORTAL_LASTS = timedelta(minutes=5)
CHECKOUT_LASTS = timedelta(hours=1)

T = TypeVar("T")
RefusedClass = Literal["declined", "needs_customer", "refused", "key_refused"]


class WriteProblem(Exception):  # noqa: N818 the tree is named after what is wrong
    """Stripe did not do what it was asked."""


class Later(WriteProblem):
    """Certainly nothing happened; the same request may be sent again later."""


class Unsure(WriteProblem):
    """It may have happened: look before anything else.

    `answered`: Stripe has ended its work on the request, so nothing more can come of it by itself.
    """

    def __init__(self, message: str, *, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


class Refused(WriteProblem):
    """Certainly not: Stripe or the bank said no."""

    def __init__(self, *, kind: RefusedClass, code: str | None = None, **facts: str | None) -> None:
        super().__init__(kind, code)
        self.kind = kind
        self.code = code
        self.facts = {name: value for name, value in facts.items() if value}


@dataclass(frozen=True, slots=True)
class Done:
    """Stripe's ids and facts. Whoever holds `url` may pay or change a card: never log it."""

    facts: dict[str, Any]
    url: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Writes:
    """Stripe, to change. Raises `Later`, `Unsure` or `Refused`."""

    client: stripe.StripeClient
    timeout_s: float = TIMEOUT_S

    async def retry_payment(
        self, *, invoice: str, payment_method: str | None, off_session: bool, key: str
    ) -> Done:
        """Pay an open invoice, with the payment method given or the one that is set.

        A payment that takes days (a debit) is `Unsure` until it is through.
        """
        params: Any = {"off_session": off_session}
        if payment_method:
            params["payment_method"] = payment_method
        paid = await self._send(
            self.client.v1.invoices.pay_async(invoice, params, self._options(key))
        )
        if paid.status != "paid":
            message = "payment_pending"
            raise Unsure(message)
        facts = {"invoice": paid.id, "status": paid.status, "amount_paid": paid.amount_paid}
        return Done({**facts, "payment_method": payment_method} if payment_method else facts)

    async def set_payment_method(
        self, *, owner: str, customer: str, payment_method: str, key: str
    ) -> Done:
        """Put a payment method where `owner`, a subscription or the customer, is charged by."""
        await self._attach(payment_method, customer=customer, key=key)
        held: Any = {"default_payment_method": payment_method}
        if owner == customer:
            within: Any = {"invoice_settings": held}
            await self._send(
                self.client.v1.customers.update_async(owner, within, self._options(key))
            )
        else:
            await self._send(
                self.client.v1.subscriptions.update_async(owner, held, self._options(key))
            )
        return Done({"owner": owner, "payment_method": payment_method})

    async def open_portal(self, *, customer: str, return_url: str, flow: str, key: str) -> Done:
        """Open Stripe's own pages for one customer; with a `flow`, only that one task."""
        params: Any = {"customer": customer, "return_url": return_url}
        if flow:
            after = {"type": "redirect", "redirect": {"return_url": return_url}}
            params["flow_data"] = {"type": flow, "after_completion": after}
        opened = await self._send(
            self.client.v1.billing_portal.sessions.create_async(params, self._options(key))
        )
        return Done({"portal_session": opened.id}, opened.url, system_now() + PORTAL_LASTS)

    async def open_card_page(self, *, customer: str, return_url: str, key: str) -> Done:
        """Open a Checkout page on which a card is kept and nothing is paid."""
        return await self._open_checkout(
            {"mode": "setup", "customer": customer, "allowed_payment_method_types": ["card"]},
            return_url=return_url,
            metadata={},
            key=key,
        )

    async def open_checkout_again(
        self,
        *,
        customer: str,
        expired: Mapping[str, Any],
        items: Sequence[Mapping[str, Any]],
        return_url: str,
        key: str,
    ) -> Done:
        """Open a new Checkout page for what stood on an expired one.

        The company's own metadata and reference go along: its product finds its order by them.
        """
        params = {
            "mode": expired["mode"],
            "customer": customer,
            "line_items": [_line(item) for item in items],
        }
        if expired.get("client_reference_id"):
            params["client_reference_id"] = expired["client_reference_id"]
        metadata = expired.get("metadata") or {}
        return await self._open_checkout(params, return_url=return_url, metadata=metadata, key=key)

    async def _open_checkout(
        self, params: dict[str, Any], *, return_url: str, metadata: Mapping[str, str], key: str
    ) -> Done:
        urls = {"success_url": return_url, "cancel_url": return_url}
        ours = {"metadata": {**metadata, "prunella_action": key}}
        asked: Any = {**params, **urls, **ours}
        opened = await self._send(
            self.client.v1.checkout.sessions.create_async(asked, self._options(key))
        )
        facts = {"checkout_session": opened.id, "mode": opened.mode}
        return Done(facts, opened.url, system_now() + CHECKOUT_LASTS)

    async def _attach(self, payment_method: str, *, customer: str, key: str) -> None:
        found = await self._send(
            self.client.v1.payment_methods.retrieve_async(
                payment_method, options={"max_network_retries": 0}
            )
        )
        owner = found.customer if isinstance(found.customer, str | None) else found.customer.id
        if owner == customer:
            return
        if owner is not None:
            raise Refused(kind="refused", code="payment_method_of_another_customer")
        await self._send(
            self.client.v1.payment_methods.attach_async(
                payment_method, {"customer": customer}, self._options(f"{key}:attach")
            )
        )

    def _options(self, key: str) -> stripe.RequestOptions:
        return {"idempotency_key": key, "max_network_retries": 0}

    async def _send(self, request: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self.timeout_s):
                return await request
        except TimeoutError as error:
            message = "time_out"
            raise Unsure(message) from error
        except stripe.StripeError as error:
            raise problem_of_write(error) from error


def problem_of_write(error: stripe.StripeError) -> WriteProblem:
    """Say whether it can have happened. What is not known for certain is `Unsure`."""
    code, status = code_of(error), error.http_status or 0
    match error:
        case stripe.APIConnectionError():
            return _not_connected(error)
        case stripe.RateLimitError():
            return Later("rate_limit")
        case stripe.CardError():
            return _declined(error, code)
        case stripe.AuthenticationError() | stripe.PermissionError():
            return Refused(kind="key_refused", code=code)
        case stripe.InvalidRequestError() if status != httpx.codes.CONFLICT:
            return _invalid(code)
    ended = status >= httpx.codes.INTERNAL_SERVER_ERROR
    return Unsure(code or f"status_{status}", answered=ended)


def _invalid(code: str | None) -> WriteProblem:
    if code in {"rate_limit", "lock_timeout"}:
        return Later(code)
    return Refused(kind="needs_customer" if code in _ASKS_CUSTOMER else "refused", code=code)


_ASKS_CUSTOMER = frozenset(
    {
        "authentication_required",
        "invoice_payment_intent_requires_action",
        "subscription_payment_intent_requires_action",
    }
)
# What fails before a request is on its way.
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def _not_connected(error: stripe.APIConnectionError) -> WriteProblem:
    if isinstance(error.__cause__, _BEFORE_SENDING):
        return Later("not_connected")
    return Unsure("connection_lost")


def _declined(error: stripe.CardError, code: str | None) -> Refused:
    body = error.json_body
    told = body.get("error", {}) if isinstance(body, dict) else {}
    intent = told.get("payment_intent") or {}
    decline_code = told.get("decline_code")
    asks = bool(_ASKS_CUSTOMER & {code, decline_code})
    return Refused(
        kind="needs_customer" if asks else "declined",
        code=code,
        decline_code=decline_code,
        advice_code=told.get("advice_code"),
        charge=told.get("charge") or _id_of(intent.get("latest_charge")),
        payment_intent=intent.get("id"),
    )


def _id_of(held: Any) -> str | None:
    """Return the id of what Stripe gave as an id or, expanded, as the object."""
    return held.get("id") if isinstance(held, dict) else held


def _line(item: Mapping[str, Any]) -> dict[str, Any]:
    """One line of a new session. A price that was made for the old one alone is made again."""
    price = item["price"]
    if price.get("active"):
        return {"price": price["id"], "quantity": item["quantity"]}
    made: dict[str, Any] = {
        "currency": price["currency"],
        "unit_amount_decimal": price["unit_amount_decimal"],
        "product_data": {"name": item["description"]},
    }
    if price.get("recurring"):
        recurring = price["recurring"]
        made["recurring"] = {name: recurring[name] for name in ("interval", "interval_count")}
    return {"price_data": made, "quantity": item["quantity"]}
