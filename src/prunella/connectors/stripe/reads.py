"""Everything we read from Stripe: plain dicts, one rate limit, bounded tries."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote

import stripe

from prunella.connectors.stripe.errors import (
    StripeAway,
    StripeNotFound,
    StripeProblem,
    StripeRateLimited,
    StripeUnreachable,
    problem_of,
)
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.paths import EXPAND_PAYMENT, OF_CUSTOMER, PATHS
from prunella.kit.clock import Clock, system_now

MAX_TRIES = 5
PAGE_SIZE = 100
MAX_PAGES = 100_000
_BEFORE = timedelta(seconds=1)
_AFTER = timedelta(seconds=2)
"""A Date header is cut to the second, and may come from a server's cache of that second."""

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What Stripe said. It was so at some moment between `since` and `until`, in Stripe's time."""

    data: Object
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh page of an invoice. Whoever holds the address may pay: never in a log or audit."""

    url: str | None
    pdf: str | None


class Contact:
    """When Stripe last answered, and why it last did not."""

    answered_at: datetime | None = None
    failed_at: datetime | None = None
    problem: str | None = None


class Reads:
    """Stripe, to look at. Raises the tree of `errors`; a missing or deleted object is None."""

    def __init__(self, client: stripe.StripeClient, *, pace: Pace, clock: Clock) -> None:
        self._client = client
        self.pace = pace
        self._clock = clock
        self.contact = Contact()

    async def get(self, kind: str, id: str, *, expand: Sequence[str] = ()) -> Object | None:  # noqa: A002 Stripe's word
        reply = await self.look(kind, id, expand=expand)
        return reply.data if reply else None

    async def look(self, kind: str, id: str, *, expand: Sequence[str] = ()) -> Reply | None:  # noqa: A002 Stripe's word
        """Read one object, with when it was so."""
        try:
            path = f"{PATHS[kind]}/{quote(id, safe='')}"
            reply = await self.fetch(path, _expanded({}, expand))
        except StripeNotFound:
            return None
        return None if reply.data.get("deleted") else reply

    async def page(self, kind: str, *, expand: Sequence[str] = (), **filters: Any) -> Reply:
        """Read one page, newest first: `data["data"]` and `data["has_more"]`."""
        return await self.fetch(PATHS[kind], _expanded({"limit": PAGE_SIZE, **filters}, expand))

    async def newest(
        self, kind: str, *, most: int, expand: Sequence[str] = (), **filters: Any
    ) -> list[Object]:
        """Read up to `most` objects, newest first."""
        found: list[Object] = []
        limit = min(most, PAGE_SIZE)
        async for reply in self.pages(kind, expand=expand, limit=limit, **filters):
            found += reply.data["data"]
            if len(found) >= most:
                break
        return found[:most]

    async def pages(
        self, kind: str, *, expand: Sequence[str] = (), **filters: Any
    ) -> AsyncIterator[Reply]:
        for _ in range(MAX_PAGES):
            reply = await self.page(kind, expand=expand, **filters)
            yield reply
            if not reply.data["has_more"] or not reply.data["data"]:
                return
            filters["starting_after"] = reply.data["data"][-1]["id"]

    async def events(self, *, since: int = 0) -> AsyncIterator[Reply]:
        """Read what happened since a Unix time, newest first, 30 days back at most."""
        filters: dict[str, Any] = {"limit": PAGE_SIZE, "created": {"gte": since}}
        for _ in range(MAX_PAGES):
            reply = await self.fetch("/v1/events", filters)
            yield reply
            if not reply.data["has_more"] or not reply.data["data"]:
                return
            filters["starting_after"] = reply.data["data"][-1]["id"]

    async def invoice_payments(self, invoice: str) -> Reply:
        """Read what pays an invoice, with intents, their newest charges and methods inside."""
        return await self.page("invoice_payment", expand=EXPAND_PAYMENT, invoice=invoice)

    async def invoices_paid_by(self, intent: str) -> Reply:
        """Read which invoices a payment pays, in the shape of `invoice_payments`."""
        paid_by = {"type": "payment_intent", "payment_intent": intent}
        return await self.page("invoice_payment", expand=EXPAND_PAYMENT, payment=paid_by)

    async def payment_methods(self, customer: str) -> Reply:
        return await self.fetch(f"/v1/customers/{customer}/payment_methods", {"limit": PAGE_SIZE})

    async def balance_transactions(self, customer: str, *, limit: int = PAGE_SIZE) -> Reply:
        """Read what moved the customer's balance, newest first."""
        path = OF_CUSTOMER["customer_balance_transaction"].format(customer=customer)
        return await self.fetch(path, {"limit": limit})

    async def balance_movements(self, customer: str, *, since: int, most: int) -> list[Object]:
        """Read what moved the customer's balance since a Unix time, newest first."""
        path = OF_CUSTOMER["customer_balance_transaction"].format(customer=customer)
        filters: dict[str, Any] = {"limit": PAGE_SIZE, "created": {"gte": since}}
        found: list[Object] = []
        while len(found) < most:
            page = (await self.fetch(path, filters)).data
            found += page["data"]
            if not page["has_more"] or not page["data"]:
                break
            filters["starting_after"] = page["data"][-1]["id"]
        return found[:most]

    async def fresh_invoice_link(self, invoice: str) -> Link | None:
        """Re-read the invoice: Stripe's answer carries an address good for ten days and more."""
        found = await self.get("invoice", invoice)
        if found is None:
            return None
        return Link(url=found.get("hosted_invoice_url"), pdf=found.get("invoice_pdf"))

    async def checkout_session(self, session: str) -> Object | None:
        return await self.get("checkout.session", session)

    async def line_items(self, session: str) -> list[Object]:
        path = f"/v1/checkout/sessions/{session}/line_items"
        found: list[Object] = (await self.fetch(path, {"limit": PAGE_SIZE})).data["data"]
        return found

    async def tax_ids(self, customer: str) -> list[Object]:
        path = f"/v1/customers/{customer}/tax_ids"
        found: list[Object] = (await self.fetch(path, {"limit": PAGE_SIZE})).data["data"]
        return found

    async def preview_change(
        self, *, subscription: str, item: str, price: str, proration_date: int
    ) -> Object | None:
        """Reckon what another price costs at once: a POST at Stripe that changes nothing."""
        details = {
            "items": [{"id": item, "price": price}],
            "proration_behavior": "always_invoice",
            "proration_date": proration_date,
        }
        asked = {"subscription": subscription, "subscription_details": details}
        try:
            return (await self.fetch("/v1/invoices/create_preview", asked, method="post")).data
        except StripeNotFound:
            return None

    async def account(self) -> Object:
        return (await self.fetch("/v1/account", {})).data

    async def fetch(
        self, path: str, params: Mapping[str, Any], *, method: Literal["get", "post"] = "get"
    ) -> Reply:
        """Ask, within the rate limit, up to `MAX_TRIES` times."""
        for attempt in range(MAX_TRIES):
            await self.pace.turn()
            try:
                reply = await self._ask(method, path, params)
            except (StripeRateLimited, StripeUnreachable) as problem:
                if attempt + 1 == MAX_TRIES:
                    self.pace.slow_down(attempt=attempt, retry_after_s=None)
                    raise
                await self._wait(problem, attempt)
            else:
                self.pace.speed_up()
                return reply
        raise StripeUnreachable

    async def _wait(self, problem: StripeAway, attempt: int) -> None:
        if isinstance(problem, StripeRateLimited):
            self.pace.slow_down(attempt=attempt, retry_after_s=problem.retry_after_s)
        else:
            await self.pace.rest(attempt)

    async def _ask(self, method: str, path: str, params: Mapping[str, Any]) -> Reply:
        started = time.monotonic()
        try:
            response = await self._client.raw_request_async(method, path, **params)
        except stripe.StripeError as error:
            raise self._note(problem_of(error)) from error
        self.contact.answered_at, self.contact.problem = self._clock.now(), None
        elapsed = timedelta(seconds=time.monotonic() - started)
        date = self._date(response.headers)
        return Reply(dict(response.data), since=date - elapsed - _BEFORE, until=date + _AFTER)

    def _note(self, problem: StripeProblem) -> StripeProblem:
        if isinstance(problem, StripeAway):
            self.contact.failed_at, self.contact.problem = self._clock.now(), str(problem)
        else:
            self.contact.answered_at, self.contact.problem = self._clock.now(), None
        return problem

    def _date(self, headers: Mapping[str, str]) -> datetime:
        """Return Stripe's time of the answer; where time was moved, moved as much."""
        moved = self._clock.now() - system_now()
        try:
            return parsedate_to_datetime(headers["date"]) + moved
        except (KeyError, ValueError):
            return self._clock.now()


def _expanded(params: Mapping[str, Any], expand: Sequence[str]) -> dict[str, Any]:
    return {**params, "expand": list(expand)} if expand else dict(params)
