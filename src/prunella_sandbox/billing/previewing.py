"""Previews: what an invoice would be, found by doing it and undoing it again.

So a preview equals, to the cent, what happens when the same is then done at the same moment.
"""

from __future__ import annotations

from dataclasses import replace

from prunella_sandbox.billing import cycle, drafts, items, leaving, updating
from prunella_sandbox.billing.updating import Change
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.rendering import list_of
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def next_invoice(world: World, subscription: Obj, change: Change | None = None) -> Obj:
    """Draw up the invoice that a change makes at once, or else the next renewal.

    Raises:
        InvalidRequestError: there would be none.
    """
    with world.rehearse():
        before = world.fresh(subscription)
        if change:
            quiet = replace(change, payment_behavior="default_incomplete")
            after = updating.change_subscription(world, before, quiet)
            if after["latest_invoice"] != before["latest_invoice"]:
                return _previewed(world, after, at=None)
        return _renewal(world, world.fresh(before))


def last_invoice(world: World, subscription: Obj, *, prorates: bool) -> Obj:
    """Draw up what is billed when a subscription is cancelled now."""
    with world.rehearse():
        nobody: dict[str, str | None] = {}
        ended = leaving.cancel_now(
            world, subscription, invoices=True, prorates=prorates, details=nobody
        )
        if ended["latest_invoice"] == subscription["latest_invoice"]:
            raise _nothing_upcoming()
        return _previewed(world, ended, at=None)


def pending_invoice(world: World, customer: Obj) -> Obj:
    """Draw up an invoice of what waits for a customer without a subscription."""
    with world.rehearse():
        currency = customer["currency"] or "usd"
        draft = drafts.draft(world, customer=customer, currency=currency)
        draft = drafts.take_pending_items(world, draft, subscription=None)
        if not draft["lines"]["data"]:
            raise _nothing_upcoming()
        return as_preview(world, draft, at=world.clock.unix())


def _renewal(world: World, subscription: Obj) -> Obj:
    end = items.period_end(subscription)
    if subscription["status"] not in cycle.RENEWED:
        raise _nothing_upcoming()
    with world.clock.at(end):
        cycle.renew(world, subscription["id"])
        renewed = world.fresh(subscription)
        if renewed["latest_invoice"] == subscription["latest_invoice"]:
            raise _nothing_upcoming()
    return _previewed(world, renewed, at=end)


def _previewed(world: World, subscription: Obj, *, at: int | None) -> Obj:
    invoice = world.need("invoice", subscription["latest_invoice"])
    return as_preview(world, invoice, at=at)


def as_preview(world: World, invoice: Obj, *, at: int | None) -> Obj:
    """Show an invoice as one that does not exist; `at` is when it will, None for at once."""
    both = invoice["total"] + invoice["starting_balance"]
    due = max(0, both)
    later = world.settings.draft_hours * drafts.HOUR
    is_automatic = invoice["collection_method"] == "charge_automatically"
    return invoice | {
        "id": f"upcoming_in_1{world.new_secret(23)}",
        "amount_due": due,
        "amount_paid": 0,
        "amount_remaining": due,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": False,
        "automatically_finalizes_at": None,
        "billing_reason": "upcoming",
        "created": invoice["created"] if at is None else at,
        "due_date": None,
        "effective_at": None,
        "ending_balance": min(0, both),
        "lines": list_of(invoice["lines"]["data"], url="/v1/invoices/upcoming/lines"),
        "next_payment_attempt": at + later if at and is_automatic else None,
        "number": None,
        "status": "draft",
        "status_transitions": dict.fromkeys(invoice["status_transitions"]),
    }


def _nothing_upcoming() -> InvalidRequestError:
    return InvalidRequestError(message="No upcoming invoices", code="invoice_upcoming_none")


def announce_renewal(world: World, subscription_id: str) -> None:
    """Send `invoice.upcoming`: what the next invoice will be, if nothing changes."""
    subscription = world.need("subscription", subscription_id)
    if subscription["status"] not in cycle.RENEWED or subscription["cancel_at_period_end"]:
        return
    emit(world, "invoice.upcoming", next_invoice(world, subscription))
