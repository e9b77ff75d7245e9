"""Opening Stripe's own pages for one customer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from prunella.connectors.stripe.writes.sending import Done, Sending
from prunella.kit.clock import system_now

PORTAL_LASTS = timedelta(minutes=5)
CHECKOUT_LASTS = timedelta(hours=1)


class Pages(Sending):
    """Portal and Checkout."""

    __slots__ = ()

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
