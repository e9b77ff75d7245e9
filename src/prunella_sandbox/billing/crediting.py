"""Credit notes: what is taken off an open invoice, or given back of a paid one, never too much."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from prunella_sandbox.billing import balances, collecting, refunding
from prunella_sandbox.billing.finalizing import payment_of
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.rendering import list_of
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

KIND = "credit_note"


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How a paid invoice is credited: to the card, to the balance, outside of Stripe."""

    refund_amount: int = 0
    credit_amount: int = 0
    out_of_band_amount: int = 0
    refunds: tuple[tuple[Obj, int], ...] = field(default=())

    @property
    def total(self) -> int:
        linked = sum(amount for _, amount in self.refunds)
        return self.refund_amount + self.credit_amount + self.out_of_band_amount + linked


def issue(world: World, invoice: Obj, *, lines: list[Obj], ways: Ways, **details: Any) -> Obj:
    """Credit lines of an invoice.

    Raises:
        InvalidRequestError: the invoice cannot be credited, or not by so much, or not in this way.
    """
    amount = sum(line["amount"] for line in lines)
    _refuse(world, invoice, amount=amount, ways=ways)
    is_open = invoice["status"] == "open"
    note = _record(world, invoice, lines, amount=amount, is_open=is_open, ways=ways, **details)
    note = _reduced(world, invoice, note) if is_open else _given_back(world, invoice, note, ways)
    emit(world, "credit_note.created", note)
    return note


def _refuse(world: World, invoice: Obj, *, amount: int, ways: Ways) -> None:
    if invoice["status"] not in {"open", "paid"}:
        message = f"Only open and paid invoices can be credited; this one is {invoice['status']}."
        raise InvalidRequestError(message=message, param="invoice")
    if amount <= 0:
        raise InvalidRequestError(message="The amount must be greater than 0.", param="amount")
    most = creditable(world, invoice)
    if amount > most:
        message = f"The amount ({amount}) is greater than what can still be credited ({most})."
        raise InvalidRequestError(message=message, param="amount")
    expected = 0 if invoice["status"] == "open" else amount
    if ways.total != expected:
        message = (
            "The sum of credit_amount, refund_amount, refunds and out_of_band_amount "
            f"({ways.total}) must equal the post-payment amount ({expected})."
        )
        raise InvalidRequestError(message=message)


def creditable(world: World, invoice: Obj) -> int:
    """What is left to credit: refunds made without a credit note count as given back."""
    if invoice["status"] == "open":
        return int(invoice["amount_remaining"])
    paid = max(0, invoice["total"]) - invoice["pre_payment_credit_notes_amount"]
    refunded = sum(r["amount"] - r.get("_credited", 0) for r in _refunds(world, invoice))
    return int(paid - invoice["post_payment_credit_notes_amount"] - refunded)


def _refunds(world: World, invoice: Obj) -> list[Obj]:
    intent = invoice["_payment_intent"]
    return [
        refund
        for refund in world.newest_first_of("refund", "payment_intent", intent or "")
        if refund["status"] not in refunding.GIVEN_BACK
    ]


def _record(
    world: World,
    invoice: Obj,
    lines: list[Obj],
    *,
    amount: int,
    is_open: bool,
    ways: Ways,
    **details: Any,
) -> Obj:
    note_id = world.new_id(KIND)
    count = 1 + len(list(world.newest_first_of(KIND, "invoice", invoice["id"])))
    known: Obj = _sums(amount, is_open=is_open) | {
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "effective_at": world.clock.unix(),
        "id": note_id,
        "invoice": invoice["id"],
        "lines": list_of(lines, url=f"/v1/credit_notes/{note_id}/lines"),
        "livemode": False,
        "number": f"{invoice['number']}-CN-{count:02d}",
        "out_of_band_amount": ways.out_of_band_amount or None,
        "pdf": f"{world.public_url}/credit_notes/{note_id}/pdf",
        "refunds": [],
        "shipping_cost": None,
        "status": "issued",
        "type": "pre_payment" if is_open else "post_payment",
        "voided_at": None,
    }
    return world.insert(KIND, **(known | details))


def _sums(amount: int, *, is_open: bool) -> Obj:
    """What a note comes to; the sandbox knows neither tax nor discount nor shipping."""
    return {
        "amount": amount,
        "amount_shipping": 0,
        "discount_amount": 0,
        "discount_amounts": [],
        "post_payment_amount": 0 if is_open else amount,
        "pre_payment_amount": amount if is_open else 0,
        "pretax_credit_amounts": [],
        "subtotal": amount,
        "subtotal_excluding_tax": amount,
        "total": amount,
        "total_excluding_tax": amount,
        "total_taxes": [],
    }


def _reduced(world: World, invoice: Obj, note: Obj) -> Obj:
    """Take the amount off what is due; what nothing is left of is paid."""
    after = _owe(world, invoice, less=note["amount"])
    if not after["amount_remaining"]:
        collecting.settle(world, after, is_free=True)
    return note


def _owe(world: World, invoice: Obj, *, less: int) -> Obj:
    before = world.fresh(invoice)
    due = before["amount_due"] - less
    credited = before["pre_payment_credit_notes_amount"] + less
    after = world.update(
        before,
        amount_due=due,
        amount_remaining=before["amount_remaining"] - less,
        pre_payment_credit_notes_amount=credited,
    )
    intent, payment = (
        world.find("payment_intent", before["_payment_intent"]),
        payment_of(world, before),
    )
    if intent and payment and due:
        world.update(intent, amount=due)
        world.update(payment, amount_requested=due)
    emit(world, "invoice.updated", after, before=before)
    return after


def _given_back(world: World, invoice: Obj, note: Obj, ways: Ways) -> Obj:
    before = world.fresh(invoice)
    credited = before["post_payment_credit_notes_amount"] + note["amount"]
    after = world.update(before, post_payment_credit_notes_amount=credited)
    emit(world, "invoice.updated", after, before=before)
    made = [_refund(world, invoice, ways.refund_amount)] if ways.refund_amount else []
    linked = [(_link(world, refund, amount), amount) for refund, amount in ways.refunds]
    linked += [(refund, refund["amount"]) for refund in made]
    changes: Obj = {"refunds": [_shown(refund, amount) for refund, amount in linked]}
    if ways.credit_amount:
        changes["customer_balance_transaction"] = _to_balance(world, note, ways.credit_amount)
    return world.update(note, **changes)


def _refund(world: World, invoice: Obj, amount: int) -> Obj:
    intent = world.find("payment_intent", invoice["_payment_intent"])
    charge = world.find("charge", intent["latest_charge"]) if intent else None
    if charge is None or charge["status"] != "succeeded":
        message = "This invoice was not paid by a charge, so there is nothing to refund."
        raise InvalidRequestError(message=message, param="refund_amount")
    made = refunding.refund(world, charge, amount=amount, reason=None, metadata={})
    return _link(world, made, amount)


def _link(world: World, refund: Obj, amount: int) -> Obj:
    """Remember what of a refund belongs to a credit note.

    Raises:
        InvalidRequestError: it belongs to others already.
    """
    linked = refund.get("_credited", 0) + amount
    if not 0 < amount <= refund["amount"] or linked > refund["amount"]:
        message = f"Not that much of refund {refund['id']} is without a credit note."
        raise InvalidRequestError(message=message, param="refunds")
    return world.update(refund, _credited=linked)


def _shown(refund: Obj, amount: int) -> Obj:
    return {
        "amount_refunded": amount,
        "payment_record_refund": None,
        "refund": refund["id"],
        "type": "refund",
    }


def _to_balance(world: World, note: Obj, amount: int) -> str:
    moved = balances.change(
        world,
        world.need("customer", note["customer"]),
        amount=-amount,
        currency=note["currency"],
        kind="credit_note",
        credit_note=note["id"],
        invoice=note["invoice"],
    )
    return str(moved["id"])


def void(world: World, note: Obj) -> Obj:
    """Undo a credit note of an invoice that is still open.

    Raises:
        InvalidRequestError: it is void already, or the invoice is no longer open.
    """
    invoice = world.need("invoice", note["invoice"])
    if note["status"] == "void" or invoice["status"] != "open":
        message = "You can only void issued credit notes of open invoices."
        raise InvalidRequestError(message=message)
    _owe(world, invoice, less=-note["amount"])
    voided = world.update(note, status="void", voided_at=world.clock.unix())
    emit(world, "credit_note.voided", voided)
    return voided
