"""Changing an account: its billing details, its plans, and sending it an invoice again."""

from collections.abc import Mapping
from typing import Any

from prunella.connectors.stripe.writes.sending import Done, Sending

_GO_ON: Mapping[str, Mapping[str, Any]] = {
    "keep": {"cancel_at_period_end": False},
    "stay": {"cancel_at": ""},
    "collect": {"pause_collection": ""},
}
ADDRESS = ("line1", "line2", "city", "postal_code", "state", "country")


class Accounts(Sending):
    """Customers, subscriptions, invoices that are sent."""

    __slots__ = ()

    async def send_invoice(self, *, invoice: str, key: str) -> Done:
        """Have Stripe mail an open invoice once more to the customer's own address."""
        sent = await self._send(
            self.client.v1.invoices.send_invoice_async(invoice, {}, self._options(key))
        )
        return Done({"invoice": sent.id, "status": sent.status})

    async def update_billing_details(
        self, *, customer: str, details: Mapping[str, str], key: str
    ) -> Done:
        """Set name, mail and address, and put the tax id right: it first, for it can be refused.

        A tax id takes the place of those of its kind; with `tax_remove` they go.
        """
        if "tax_type" in details:
            await self._put_tax_id(customer, details, key=f"{key}:tax_id")
        held: Any = {name: details[name] for name in ("name", "email") if name in details}
        if "country" in details:
            held["address"] = {name: details.get(name, "") for name in ADDRESS}
        if held:
            await self._send(
                self.client.v1.customers.update_async(customer, held, self._options(key))
            )
        return Done({"customer": customer, "changed": len(details)})

    async def _put_tax_id(self, customer: str, details: Mapping[str, str], *, key: str) -> None:
        """Look first: what was sent before may have got an error and happened.

        The new one comes before the old one goes: a refusal leaves what there was.
        """
        tax_ids = self.client.v1.customers.tax_ids
        kind, wanted = details["tax_type"], details.get("tax_id")
        once: Any = {"max_network_retries": 0}
        listed = await self._send(tax_ids.list_async(customer, {"limit": 100}, once))
        known = {one.id: one.value for one in listed.data if one.type == kind}
        if wanted and wanted not in known.values():
            added: Any = {"type": kind, "value": wanted}
            await self._send(tax_ids.create_async(customer, added, self._options(key)))
        for tax_id, value in known.items():
            if value != wanted:
                await self._send(tax_ids.delete_async(customer, tax_id, {}, once))

    async def resume_subscription(self, *, subscription: str, how: str, key: str) -> Done:
        """Start a paused plan again, now; or keep one that is set to end, or collect for it."""
        plans, options = self.client.v1.subscriptions, self._options(key)
        if how == "resume":
            # A new period begins now: Stripe's default.
            known = await self._send(plans.resume_async(subscription, {}, options))
        else:
            change: Any = _GO_ON[how]
            known = await self._send(plans.update_async(subscription, change, options))
        return Done({"subscription": known.id, "status": known.status, "how": how})

    async def change_plan(
        self, *, subscription: str, item: str, price: str, proration_date: int, key: str
    ) -> Done:
        """Move one item to another price, as it was previewed. A bank's no changes nothing."""
        asked: Any = {
            "items": [{"id": item, "price": price}],
            "proration_behavior": "always_invoice",
            "proration_date": proration_date,
            "payment_behavior": "error_if_incomplete",
        }
        known = await self._send(
            self.client.v1.subscriptions.update_async(subscription, asked, self._options(key))
        )
        return Done({"subscription": known.id, "status": known.status, "price": price})
