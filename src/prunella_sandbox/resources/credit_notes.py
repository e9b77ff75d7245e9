"""Credit notes."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import crediting
from prunella_sandbox.billing.crediting import KIND, Ways
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page, paged
from prunella_sandbox.params import Params
from prunella_sandbox.resources.credit_note_lines import read_lines
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/credit_notes"
REASONS = ("duplicate", "fraudulent", "order_change", "product_unsatisfactory")
AMOUNTS = ("refund_amount", "credit_amount", "out_of_band_amount")


def create(world: World, params: Params) -> Obj:
    invoice = world.need("invoice", params.need_text("invoice"), param="invoice")
    params.choice("email_type", ("credit_note", "none"))
    return crediting.issue(
        world,
        invoice,
        lines=read_lines(world, params, invoice),
        ways=_ways(world, params),
        reason=params.choice("reason", REASONS),
        memo=params.text("memo"),
        metadata=params.metadata(),
        **params.given(params.integer, "effective_at"),
    )


def _ways(world: World, params: Params) -> Ways:
    amounts: dict[str, Any] = {name: _amount(params, name) for name in AMOUNTS}
    refunds = tuple(_refund(world, entry) for entry in params.entries("refunds"))
    return Ways(**amounts, refunds=refunds)


def _amount(params: Params, name: str) -> int:
    amount = params.integer(name) or 0
    if amount < 0:
        raise params.invalid(name=name, message="This value must be 0 or more.")
    return amount


def _refund(world: World, entry: Params) -> tuple[Obj, int]:
    entry.choice("type", ("refund",))
    refund = world.need("refund", entry.need_text("refund"), param="refunds")
    amount = entry.integer("amount_refunded")
    return refund, refund["amount"] if amount is None else amount


def preview(world: World, params: Params) -> Obj:
    """Issue the note and undo it."""
    with world.rehearse():
        return create(world, params)


def preview_lines(world: World, params: Params) -> Obj:
    with world.rehearse():
        lines = create(world, params)["lines"]["data"]
    return paged(lines, params, url=f"{URL}/preview/lines")


def retrieve(world: World, _params: Params, *, credit_note: str) -> Obj:
    return world.need(KIND, credit_note)


def update(world: World, params: Params, *, credit_note: str) -> Obj:
    before = world.need(KIND, credit_note)
    changes = params.given(params.text, "memo")
    after = world.update(before, metadata=params.metadata(over=before["metadata"]), **changes)
    emit(world, "credit_note.updated", after, before=before)
    return after


def void(world: World, _params: Params, *, credit_note: str) -> Obj:
    return crediting.void(world, world.need(KIND, credit_note))


def lines(world: World, params: Params, *, credit_note: str) -> Obj:
    found = world.need(KIND, credit_note)
    return paged(found["lines"]["data"], params, url=f"{URL}/{credit_note}/lines")


def index(world: World, params: Params) -> Obj:
    return page(world, KIND, params, url=URL, equal=("customer", "invoice"))


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", f"{URL}/preview", preview),
    Route("GET", f"{URL}/preview/lines", preview_lines),
    Route("GET", URL + "/{credit_note}", retrieve),
    Route("POST", URL + "/{credit_note}", update),
    Route("GET", URL + "/{credit_note}/lines", lines),
    Route("POST", URL + "/{credit_note}/void", void),
)
