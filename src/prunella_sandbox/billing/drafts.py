"""Draft invoices and what stands on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prunella_sandbox.billing import balances, waiting
from prunella_sandbox.billing.lines import item_line
from prunella_sandbox.events import emit
from prunella_sandbox.rendering import list_of
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

HOUR = 3600
_SUMS = (
    "amount_due",
    "amount_overpaid",
    "amount_paid",
    "amount_remaining",
    "amount_shipping",
    "post_payment_credit_notes_amount",
    "pre_payment_credit_notes_amount",
    "starting_balance",
    "subtotal",
    "subtotal_excluding_tax",
    "total",
    "total_excluding_tax",
)
_EMPTY = (
    "account_tax_ids",
    "application",
    "automatically_finalizes_at",
    "custom_fields",
    "customer_account",
    "default_payment_method",
    "default_source",
    "description",
    "due_date",
    "effective_at",
    "ending_balance",
    "footer",
    "from_invoice",
    "last_finalization_error",
    "latest_revision",
    "next_payment_attempt",
    "number",
    "on_behalf_of",
    "receipt_number",
    "rendering",
    "shipping_cost",
    "shipping_details",
    "statement_descriptor",
    "webhooks_delivered_at",
    "_payment_intent",
    "_subscription",
    "_held",
    "_first_failure_at",
    "_days_until_due",
)


def draft(
    world: World,
    *,
    customer: Obj,
    currency: str,
    subscription: Obj | None = None,
    lines: Iterable[Obj] = (),
    **details: Any,
) -> Obj:
    """Store a draft with these lines; the event is written here, too."""
    known = unsaved(world, customer=customer, subscription=subscription, currency=currency)
    invoice = world.insert("invoice", **(known | details))
    invoice = with_lines(world, invoice, lines)
    emit(world, "invoice.created", invoice)
    return invoice


def draft_of_plan(
    world: World, subscription: Obj, *, lines: Iterable[Obj], billing_reason: str, **details: Any
) -> Obj:
    """Store a draft for a plan, collected as the plan is, with what waits for its next invoice."""
    invoice = draft(
        world,
        customer=world.need("customer", subscription["customer"]),
        currency=subscription["currency"],
        subscription=subscription,
        lines=lines,
        billing_reason=billing_reason,
        collection_method=subscription["collection_method"],
        _subscription=subscription["id"],
        _days_until_due=subscription["days_until_due"],
        **details,
    )
    return take_pending_items(world, invoice, subscription=subscription["id"])


def unsaved(
    world: World,
    *,
    customer: Obj,
    subscription: Obj | None,
    lines: Iterable[Obj] = (),
    currency: str | None = None,
) -> Obj:
    """Draw up an invoice that is not stored."""
    now = world.clock.unix()
    currency = currency or (subscription or {}).get("currency") or ""
    shape = (
        _blank(world)
        | _of_customer(customer)
        | {
            "created": now,
            "currency": currency,
            "id": world.new_id("invoice"),
            "object": "invoice",
            "parent": _parent(subscription),
            "period_end": now,
            "period_start": now,
            "starting_balance": balances.of_invoice(world, customer, currency=currency),
        }
    )
    return shape | _summed(shape, lines)


def _blank(world: World) -> Obj:
    return (
        dict.fromkeys(_EMPTY)
        | dict.fromkeys(_SUMS, 0)
        | {
            "account_country": world.settings.account_country,
            "account_name": world.settings.account_name,
            "attempt_count": 0,
            "attempted": False,
            "auto_advance": False,
            "automatic_tax": {
                "disabled_reason": None,
                "enabled": False,
                "liability": None,
                "provider": None,
                "status": None,
            },
            "billing_reason": "manual",
            "collection_method": "charge_automatically",
            "default_tax_rates": [],
            "discounts": [],
            "issuer": {"type": "self"},
            "lines": list_of([], url=""),
            "livemode": False,
            "metadata": {},
            "payment_settings": {
                "default_mandate": None,
                "payment_method_options": None,
                "payment_method_types": None,
            },
            "status": "draft",
            "status_transitions": {
                "finalized_at": None,
                "marked_uncollectible_at": None,
                "paid_at": None,
                "voided_at": None,
            },
            "total_discount_amounts": [],
            "total_pretax_credit_amounts": [],
            "total_taxes": [],
        }
    )


def _of_customer(customer: Obj) -> Obj:
    return {
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": customer["shipping"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
        "test_clock": customer["test_clock"],
    }


def _parent(subscription: Obj | None) -> Obj | None:
    if subscription is None:
        return None
    return {
        "quote_details": None,
        "subscription_details": {
            "metadata": subscription["metadata"],
            "subscription": subscription["id"],
        },
        "type": "subscription_details",
    }


def with_lines(world: World, invoice: Obj, lines: Iterable[Obj]) -> Obj:
    """Add lines to a draft and sum it up again."""
    return world.update(invoice, **_summed(invoice, lines))


def _summed(invoice: Obj, lines: Iterable[Obj]) -> Obj:
    added = [line | {"invoice": invoice["id"]} for line in lines]
    every = [*invoice["lines"]["data"], *added]
    total = sum(line["amount"] for line in every)
    due = max(0, total + invoice["starting_balance"])
    return {
        "amount_due": due,
        "amount_remaining": due,
        "lines": list_of(every, url=f"/v1/invoices/{invoice['id']}/lines"),
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_excluding_tax": total,
    }


def take_pending_items(world: World, invoice: Obj, *, subscription: str | None) -> Obj:
    """Put the customer's waiting invoice items onto this draft."""
    items = waiting.of_owner(world, invoice, subscription=subscription)
    for item in items:
        world.update(item, invoice=invoice["id"])
        waiting.take(world, item["id"])
    return with_lines(world, invoice, [item_line(world, item) for item in items])


def finalize_later(world: World, invoice: Obj) -> Obj:
    """Leave a draft open for changes for an hour, as Stripe does, then finalise it."""
    at = world.clock.unix() + world.settings.draft_hours * HOUR
    world.agenda.arm("finalize", invoice["id"], at=at)
    return world.update(
        invoice, auto_advance=True, automatically_finalizes_at=at, next_payment_attempt=at
    )
