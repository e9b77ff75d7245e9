"""Taking money, setting what is charged, and giving money back."""

from typing import Any

from prunella.connectors.stripe.writes.problems import Refused, Unsure
from prunella.connectors.stripe.writes.sending import Done, Sending

MARK = "prunella_action"
"""Our action's id in the metadata of what it made: how it is found again."""
ON_ITS_WAY = frozenset({"pending", "requires_action"})


class Payments(Sending):
    """Payments and refunds."""

    __slots__ = ()

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

    async def refund(
        self, *, charge: str, amount: int, currency: str, reason: str | None, key: str
    ) -> Done:
        """Give back part of a charge, or all of it, to the card that paid. `amount` in minor units.

        One that takes days, or waits for the customer, is `Unsure` until it is through.
        """
        asked: Any = {"charge": charge, "amount": amount, "metadata": {MARK: key}}
        if reason:
            asked["reason"] = reason
        made = await self._send(self.client.v1.refunds.create_async(asked, self._options(key)))
        facts = {"refund": made.id, "charge": charge, "status": made.status}
        if made.status in ON_ITS_WAY:
            message = "refund_pending"
            raise Unsure(message, facts=facts)
        if made.status != "succeeded":
            raise Refused(kind="refused", code=f"refund_{made.status}", refund=made.id)
        return Done({**facts, "amount": made.amount, "currency": currency})
