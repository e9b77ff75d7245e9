"""The lines of a credit note: parts of an invoice's lines, or described freely."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from prunella_sandbox.errors import no_such
from prunella_sandbox.params import Params
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

TYPES = ("custom_line_item", "invoice_line_item")


def read_lines(world: World, params: Params, invoice: Obj) -> list[Obj]:
    """Read `lines`, or make one of `amount`."""
    entries = params.entries("lines")
    amount = params.integer("amount")
    if bool(entries) == (amount is not None):
        raise params.invalid(name="amount", message="Specify exactly one of amount and lines.")
    if amount is not None:
        return [_line(world, type="custom_line_item", amount=amount, description=None)]
    return [_read(world, entry, invoice) for entry in entries]


def _read(world: World, entry: Params, invoice: Obj) -> Obj:
    kind = entry.choice("type", TYPES) or entry.need_text("type")
    unit, quantity = _unit(entry), entry.integer("quantity")
    if kind == "custom_line_item":
        return _line(
            world,
            type=kind,
            amount=_amount(entry, unit, quantity),
            description=entry.need_text("description"),
            metadata=entry.metadata(),
            **_per_unit(unit, quantity),
        )
    credited = _of_invoice(entry, invoice)
    if unit is None and quantity and credited["quantity"]:
        unit = Decimal(credited["amount"]) / credited["quantity"]
    return _line(
        world,
        type=kind,
        amount=_amount(entry, unit, quantity),
        description=entry.text("description") or credited["description"],
        invoice_line_item=credited["id"],
        metadata=entry.metadata(),
        **_per_unit(unit, quantity),
    )


def _of_invoice(entry: Params, invoice: Obj) -> Obj:
    wanted = entry.need_text("invoice_line_item")
    for line in invoice["lines"]["data"]:
        if line["id"] == wanted:
            return dict(line)
    raise no_such(kind="invoice line item", object_id=wanted, param="lines")


def _unit(entry: Params) -> Decimal | None:
    whole = entry.integer("unit_amount")
    return entry.number("unit_amount_decimal") if whole is None else Decimal(whole)


def _amount(entry: Params, unit: Decimal | None, quantity: int | None) -> int:
    if unit is None or not quantity:
        return entry.need_integer("amount")
    return int((unit * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _per_unit(unit: Decimal | None, quantity: int | None) -> dict[str, Any]:
    whole = unit is not None and unit == unit.to_integral_value()
    return {
        "quantity": quantity,
        "unit_amount": int(unit) if unit is not None and whole else None,
        "unit_amount_decimal": None if unit is None else f"{unit:f}",
    }


def _line(world: World, *, amount: int, **fields: Any) -> Obj:
    blank = {
        "id": world.new_id("credit_note_line_item"),
        "object": "credit_note_line_item",
        "amount": amount,
        "discount_amount": 0,
        "discount_amounts": [],
        "invoice_line_item": None,
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": None,
        "tax_rates": [],
        "taxes": [],
        "unit_amount": None,
        "unit_amount_decimal": None,
    }
    return blank | fields
