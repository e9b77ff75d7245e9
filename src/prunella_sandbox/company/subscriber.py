"""One customer of TAI and what it can do, each through the API as a person or TAI would do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import stripe

from prunella_sandbox.company.account import Account
from prunella_sandbox.company.catalogue import Catalogue, Plan
from prunella_sandbox.company.names import Place, address_of

HOSTED = "https://tai.example"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Who a customer is, before it does anything; its story is that of its state, or its own."""

    name: str
    place: Place
    plan: Plan
    state: str
    story: str = ""
    card: str = "visa"
    email: str = ""

    @property
    def told(self) -> str:
        return self.story or self.state

    @property
    def address(self) -> str:
        return self.email or address_of(self.name, mailbox="pay")


@dataclass(frozen=True, kw_only=True)
class Resident:
    """A customer as it is in the end: `ids` name what its state is about."""

    name: str
    id: str
    state: str
    plan: Plan
    currency: str
    email: str
    time_zone: str
    ids: dict[str, str]


@dataclass
class Subscriber:
    account: Account
    catalogue: Catalogue
    profile: Profile
    id: str = ""
    card: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def api(self) -> stripe.StripeClient:
        return self.account.stripe

    def arrive(self) -> None:
        """Become a customer, as yet without a card."""
        place = self.profile.place
        details: Any = {
            "name": self.profile.name,
            "email": self.profile.address,
            "address": {"city": place.city, "country": place.country},
            "metadata": {"time_zone": place.time_zone, "plan": self.profile.plan},
            "preferred_locales": [place.language],
        }
        self.id = self.api.v1.customers.create(params=details).id

    def add_card(self, name: str, **card: Any) -> None:
        """Store one of Stripe's test cards and use it from now on."""
        created = self.api.v1.payment_methods.create(
            params={"type": "card", "card": {"token": f"tok_{name}"}}
        )
        if card:
            self._update_card(created.id, card=card)
        self.api.v1.payment_methods.attach(created.id, params={"customer": self.id})
        self.api.v1.customers.update(
            self.id, params={"invoice_settings": {"default_payment_method": created.id}}
        )
        self.card = created.id

    def change_card(self, **card: int) -> None:
        """New dates on the card that is stored."""
        self._update_card(self.card, card=card)

    def bank_refuses(self, decline_code: str) -> None:
        """From now on the bank says no to the card that is stored."""
        self._update_card(self.card, metadata={"sandbox_decline": decline_code})

    def bank_takes_its_time(self) -> None:
        """From now on a payment with the card that is stored takes days."""
        self._update_card(self.card, metadata={"sandbox_processing": "succeeds"})

    def _update_card(self, card_id: str, **details: Any) -> None:
        params: Any = details
        self.api.v1.payment_methods.update(card_id, params=params)

    def remove_card(self) -> None:
        self.api.v1.payment_methods.detach(self.card)

    def subscribe(self, **terms: Any) -> None:
        """Take the plan of the profile; `terms` are Stripe's."""
        price = self.catalogue.price(self.profile.plan, self.profile.place.currency)
        items = [{"price": price}, *terms.pop("more", [])]
        details: Any = {"customer": self.id, "items": items, **terms}
        self.ids["subscription"] = self.api.v1.subscriptions.create(params=details).id

    def use(self, *, amount: int, text: str) -> None:
        """Something that the next invoice bills."""
        self.api.v1.invoice_items.create(
            params={
                "customer": self.id,
                "amount": amount,
                "currency": self.profile.place.currency,
                "description": text,
            }
        )

    def has_rules(self, quantity: int) -> None:
        """So many custom rules above those included, from the next month on."""
        price = self.catalogue.price("custom_rule", self.profile.place.currency)
        subscription = self.api.v1.subscriptions.retrieve(self.ids["subscription"])
        item = next(item for item in subscription["items"].data if item.price.id == price)
        self.api.v1.subscriptions.update(
            subscription.id,
            params={
                "items": [{"id": item.id, "quantity": quantity}],
                "proration_behavior": "none",
            },
        )

    def buy(self, sold: str) -> str:
        """Pay once for an add-on, with the card that is stored; returns the charge."""
        price = self.api.v1.prices.retrieve(self.catalogue.price(sold, self.profile.place.currency))
        intent = self.api.v1.payment_intents.create(
            params={
                "amount": price.unit_amount or 0,
                "currency": price.currency,
                "customer": self.id,
                "payment_method": self.card,
                "description": price.nickname or sold,
                "off_session": True,
                "confirm": True,
            }
        )
        return str(intent.latest_charge)

    def is_refunded_slowly(self, charge: str) -> None:
        """Money back that stays pending."""
        self.ids["charge"] = charge
        refund = self.api.v1.refunds.create(
            params={"charge": charge, "metadata": {"sandbox_refund": "pending"}}
        )
        self.ids["refund"] = refund.id

    def is_refunded_in_vain(self, charge: str) -> None:
        """Money back that the bank sent back."""
        self.ids["charge"] = charge
        refund = self.api.v1.refunds.create(
            params={"charge": charge, "metadata": {"sandbox_refund": "pending"}}
        )
        self.api.v1.refunds.update(refund.id, params={"metadata": {"sandbox_refund": "failed"}})
        self.ids["refund"] = refund.id

    def change_plan(self, plan: Plan) -> None:
        """Move to another plan in mid-month; the difference stands on the next bill."""
        price = self.catalogue.price(plan, self.profile.place.currency)
        subscription = self.api.v1.subscriptions.retrieve(self.ids["subscription"])
        item = subscription["items"].data[0].id
        self.api.v1.subscriptions.update(
            subscription.id, params={"items": [{"id": item, "price": price}]}
        )

    def is_credited(self, amount: int, text: str) -> None:
        """Money in the customer's favour, for the next bill."""
        self.api.v1.customers.balance_transactions.create(
            self.id,
            params={
                "amount": -amount,
                "currency": self.profile.place.currency,
                "description": text,
            },
        )

    def wants_to_leave(self) -> None:
        """End the plan with its period."""
        self.api.v1.subscriptions.update(
            self.ids["subscription"], params={"cancel_at_period_end": True}
        )

    def dispute(self, charge: str) -> None:
        self.ids["charge"] = charge
        self.account.dispute(charge)

    def open_checkout(self, sold: str, *, until: datetime) -> None:
        """A payment link for an add-on, as TAI mails it."""
        price = self.catalogue.price(sold, self.profile.place.currency)
        details: Any = {
            "mode": "payment",
            "customer": self.id,
            "line_items": [{"price": price, "quantity": 1}],
            "success_url": f"{HOSTED}/bought",
            "cancel_url": f"{HOSTED}/add-ons",
            "expires_at": int(until.timestamp()),
            "after_expiration": {"recovery": {"enabled": True}},
        }
        self.ids["checkout_session"] = self.api.v1.checkout.sessions.create(params=details).id

    def is_invoiced(self, *, amount: int, text: str, days: int) -> None:
        """An invoice by mail, to be paid within so many days."""
        self.use(amount=amount, text=text)
        draft = self.api.v1.invoices.create(
            params={
                "customer": self.id,
                "collection_method": "send_invoice",
                "days_until_due": days,
                "pending_invoice_items_behavior": "include",
                "currency": self.profile.place.currency,
            }
        )
        self.ids["invoice"] = draft.id
        self.api.v1.invoices.send_invoice(draft.id)

    def newest_invoice(self) -> str:
        return self.api.v1.invoices.list(params={"customer": self.id, "limit": 1}).data[0].id

    def is_forgiven(self, invoice: str) -> None:
        """TAI gives up on an invoice."""
        self.api.v1.invoices.mark_uncollectible(invoice)

    def is_billed_untried(self, draft: str) -> None:
        """An invoice goes out, and no card is asked for it."""
        self.api.v1.invoices.finalize_invoice(draft, params={"auto_advance": False})

    def cancel(self) -> None:
        self.api.v1.subscriptions.cancel(self.ids["subscription"])

    def leave(self) -> None:
        self.api.v1.customers.delete(self.id)

    def as_resident(self) -> Resident:
        return Resident(
            name=self.profile.name,
            id=self.id,
            state=self.profile.state,
            plan=self.profile.plan,
            currency=self.profile.place.currency,
            email=self.profile.address,
            time_zone=self.profile.place.time_zone,
            ids=dict(self.ids),
        )

    def now(self) -> datetime:
        return self.account.now()

    def in_days(self, days: float) -> datetime:
        return self.now() + timedelta(days=days)
