"""Credits, bills that are put right or withdrawn, plans that end.

Each object that is made carries the action's id: how it is found again when the answer is lost
and the key long forgotten.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from prunella.connectors.stripe.writes.payments import MARK
from prunella.connectors.stripe.writes.sending import Done, Sending

DAYS_UNTIL_DUE = 30


class Billing(Sending):
    """Balances, credit notes, invoices, the end of subscriptions."""

    __slots__ = ()

    async def credit_balance(self, *, customer: str, amount: int, currency: str, key: str) -> Done:
        """Put `amount`, in minor units, to the customer's credit: the next invoice takes it up."""
        asked: Any = {"amount": -amount, "currency": currency, "metadata": {MARK: key}}
        made = await self._send(
            self.client.v1.customers.balance_transactions.create_async(
                customer, asked, self._options(key)
            )
        )
        return Done(
            {"balance_transaction": made.id, "customer": customer, **_money(amount, currency)}
        )

    async def credit_note(
        self, *, invoice: str, amount: int, currency: str, to_balance: bool, key: str
    ) -> Done:
        """Take `amount` off an open invoice; off a paid one, put it to the customer's credit.

        What was open when it was asked and is paid by now is refused, and the other way round.
        """
        asked: Any = {
            "invoice": invoice,
            "amount": amount,
            "email_type": "none",
            "metadata": {MARK: key},
        }
        if to_balance:
            asked["credit_amount"] = amount
        made = await self._send(self.client.v1.credit_notes.create_async(asked, self._options(key)))
        facts = {"credit_note": made.id, "number": made.number, "invoice": invoice}
        return Done({**facts, **_money(amount, currency)})

    async def void_invoice(self, *, invoice: str, key: str) -> Done:
        """Withdraw an open invoice: nothing of it is ever collected."""
        known = await self._send(
            self.client.v1.invoices.void_invoice_async(invoice, {}, self._options(key))
        )
        return Done({"invoice": known.id, "status": known.status})

    async def cancel_subscription(self, *, subscription: str, how: str, key: str) -> Done:
        """End a plan: `period_end`, or `now`, which puts what is left of the period to credit.

        Stripe keeps no key for the second; it refuses to end a plan twice.
        """
        plans, options = self.client.v1.subscriptions, self._options(key)
        if how == "now":
            asked: Any = {"prorate": True, "invoice_now": True}
            known = await self._send(plans.cancel_async(subscription, asked, options))
        else:
            asked = {"cancel_at_period_end": True}
            known = await self._send(plans.update_async(subscription, asked, options))
        return Done({"subscription": known.id, "status": known.status, "how": how})

    async def correct_invoice(
        self,
        *,
        corrected: Mapping[str, Any],
        begun: Mapping[str, Any] | None,
        amount: int,
        currency: str,
        key: str,
    ) -> Done:
        """Bill what an invoice missed, on one of its own, collected as the first one was.

        Three steps, and `begun` is what an earlier try has made. Until the third one it is a
        draft, which nobody pays or sees.
        """
        bill = _Bill(**{name: begun[name] for name in _Bill._fields}) if begun else None
        if bill is None:
            bill = await self._draft(corrected, currency=currency, key=key)
        if bill.status == "draft":
            if not bill.total:
                await self._add_item(bill.id, corrected, _money(amount, currency), key=key)
            bill = await self._finalize(bill.id, key=key)
        facts = {"invoice": bill.id, "corrects": corrected["id"], "status": bill.status}
        return Done({**facts, **_money(amount, currency)})

    async def _draft(self, corrected: Mapping[str, Any], *, currency: str, key: str) -> "_Bill":
        asked: Any = {
            "customer": corrected["customer"],
            "currency": currency,
            "auto_advance": False,
            "pending_invoice_items_behavior": "exclude",
            "collection_method": corrected["collection_method"],
            "metadata": {MARK: key, "corrects": corrected["id"]},
        }
        if corrected["collection_method"] == "send_invoice":
            asked["days_until_due"] = DAYS_UNTIL_DUE
        made = await self._send(self.client.v1.invoices.create_async(asked, self._options(key)))
        return _Bill(made.id, made.status, made.total)

    async def _add_item(
        self, draft: str, corrected: Mapping[str, Any], money: Mapping[str, Any], *, key: str
    ) -> None:
        asked: Any = {
            **money,
            "customer": corrected["customer"],
            "invoice": draft,
            "description": f"Missing on invoice {corrected.get('number') or corrected['id']}",
            "metadata": {MARK: key},
        }
        await self._send(
            self.client.v1.invoice_items.create_async(asked, self._options(f"{key}:item"))
        )

    async def _finalize(self, draft: str, *, key: str) -> "_Bill":
        asked: Any = {"auto_advance": True}
        made = await self._send(
            self.client.v1.invoices.finalize_invoice_async(
                draft, asked, self._options(f"{key}:finalize")
            )
        )
        return _Bill(made.id, made.status, made.total)


class _Bill(NamedTuple):
    id: str
    status: str | None
    total: int


def _money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}
