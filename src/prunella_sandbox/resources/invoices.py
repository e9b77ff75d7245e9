"""Invoices."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import closing, collecting, cycle, drafts, waiting
from prunella_sandbox.billing.finalizing import finalize as open_draft
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page, paged
from prunella_sandbox.params import Params
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/invoices"
METHODS = ("charge_automatically", "send_invoice")
STATUSES = ("draft", "open", "paid", "uncollectible", "void")
DEFAULT_CURRENCY = "usd"


def create(world: World, params: Params) -> Obj:
    customer = world.need("customer", params.need_text("customer"), param="customer")
    subscription = _subscription(world, params)
    method = params.choice("collection_method", METHODS) or "charge_automatically"
    invoice = drafts.draft(
        world,
        customer=customer,
        currency=params.text("currency") or customer["currency"] or DEFAULT_CURRENCY,
        subscription=subscription,
        collection_method=method,
        _days_until_due=params.integer("days_until_due"),
        _subscription=subscription["id"] if subscription else None,
        **_details(world, params, customer=customer, metadata={}),
    )
    if params.choice("pending_invoice_items_behavior", ("exclude", "include")) == "include":
        owner = subscription["id"] if subscription else None
        invoice = drafts.take_pending_items(world, invoice, subscription=owner)
    if subscription:
        cycle.own(world, subscription, invoice)
    return drafts.finalize_later(world, invoice) if params.flag("auto_advance") else invoice


def _subscription(world: World, params: Params) -> Obj | None:
    name = params.text("subscription")
    return world.need("subscription", name, param="subscription") if name else None


def _details(
    world: World, params: Params, *, customer: Obj, metadata: dict[str, str]
) -> dict[str, Any]:
    changes = {
        **params.given(params.text, "description", "footer", "statement_descriptor", "number"),
        **params.given(params.integer, "due_date", "effective_at"),
        "metadata": params.metadata(over=metadata),
    }
    chosen = params.text("default_payment_method")
    if chosen:
        method = payment_methods.of_customer(
            world, chosen, customer=customer, param="default_payment_method"
        )
        changes["default_payment_method"] = method["id"]
    return changes


def retrieve(world: World, _params: Params, *, invoice: str) -> Obj:
    return world.need("invoice", invoice)


def update(world: World, params: Params, *, invoice: str) -> Obj:
    before = world.need("invoice", invoice)
    customer = world.need("customer", before["customer"])
    changes = _details(world, params, customer=customer, metadata=before["metadata"])
    if before["status"] != "draft" and {"footer", "number", "effective_at"} & changes.keys():
        message = "Finalized invoices can't be updated in this way"
        raise InvalidRequestError(message=message, code="invoice_not_editable")
    if params.has("days_until_due"):
        changes["_days_until_due"] = params.integer("days_until_due")
    changes |= params.given(lambda n: params.choice(n, METHODS), "collection_method")
    changes |= params.given(params.flag, "auto_advance")
    after = world.update(before, **changes)
    if params.has("auto_advance"):
        after = _advance(world, after)
    emit(world, "invoice.updated", after, before=before)
    return after


def _advance(world: World, invoice: Obj) -> Obj:
    """Switch automatic collection on or off."""
    if not invoice["auto_advance"]:
        return closing.stop_collecting(world, invoice)
    return drafts.finalize_later(world, invoice) if invoice["status"] == "draft" else invoice


def delete(world: World, _params: Params, *, invoice: str) -> Obj:
    before = world.need("invoice", invoice)
    if before["status"] != "draft":
        message = "You can only delete draft invoices."
        raise InvalidRequestError(message=message, code="invoice_not_editable")
    world.agenda.disarm("finalize", invoice)
    emit(world, "invoice.deleted", before)
    for item in reversed(list(world.newest_first_of("invoiceitem", "invoice", invoice))):
        waiting.put(world, world.update(item, invoice=None))
    gone = {"id": invoice, "object": "invoice", "deleted": True}
    world.store.put("invoice", invoice, gone)
    return gone


def finalize(world: World, params: Params, *, invoice: str) -> Obj:
    opened = open_draft(world, world.need("invoice", invoice))
    if params.has("auto_advance"):
        opened = world.update(opened, auto_advance=params.flag("auto_advance"))
    if not opened["amount_due"]:
        return collecting.collect(world, opened)
    if opened["auto_advance"] and opened["collection_method"] == "charge_automatically":
        return collecting.collect(world, opened)
    return opened


def pay(world: World, params: Params, *, invoice: str) -> Obj:
    current = world.need("invoice", invoice)
    chosen = params.text("payment_method") or params.text("source")
    off_stripe = params.flag("paid_out_of_band")
    off_session = params.flag("off_session") is not False
    params.flag("forgive")
    if current["status"] == "draft":
        current = open_draft(world, current)
    collecting.refuse_unpayable(current)
    if off_stripe:
        return collecting.settle(world, current, off_stripe=True)
    if not current["amount_remaining"]:
        return collecting.collect(world, current, is_automatic=False)
    method = _method(world, current, chosen)
    paid = collecting.charge(
        world, current, method=method, off_session=off_session, is_automatic=False
    )
    if collecting.is_refused(world, paid):
        raise collecting.failure_of(world, paid)
    return paid


def _method(world: World, invoice: Obj, chosen: str | None) -> Obj:
    if chosen:
        customer = world.need("customer", invoice["customer"])
        return payment_methods.of_customer(world, chosen, customer=customer)
    method = collecting.method_for(world, invoice)
    if method is None:
        raise collecting.nothing_to_charge()
    return method


def send(world: World, _params: Params, *, invoice: str) -> Obj:
    current = world.need("invoice", invoice)
    if current["collection_method"] != "send_invoice":
        message = (
            "You can only manually send an invoice if its collection method is 'send_invoice'."
        )
        raise InvalidRequestError(message=message)
    sent = open_draft(world, current) if current["status"] == "draft" else current
    emit(world, "invoice.sent", sent)
    return sent


def void(world: World, _params: Params, *, invoice: str) -> Obj:
    return closing.void(world, world.need("invoice", invoice))


def mark_uncollectible(world: World, _params: Params, *, invoice: str) -> Obj:
    return closing.mark_uncollectible(world, world.need("invoice", invoice))


def lines(world: World, params: Params, *, invoice: str) -> Obj:
    found = world.need("invoice", invoice)
    return paged(found["lines"]["data"], params, url=f"{URL}/{invoice}/lines")


def index(world: World, params: Params) -> Obj:
    status, subscription = params.choice("status", STATUSES), params.text("subscription")

    def is_wanted(invoice: Obj) -> bool:
        if subscription and invoice["_subscription"] != subscription:
            return False
        return status is None or bool(invoice["status"] == status)

    return page(
        world,
        "invoice",
        params,
        url=URL,
        equal=("customer", "collection_method"),
        times=("created", "due_date"),
        where=is_wanted,
    )


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{invoice}", retrieve),
    Route("POST", URL + "/{invoice}", update),
    Route("DELETE", URL + "/{invoice}", delete),
    Route("GET", URL + "/{invoice}/lines", lines),
    Route("POST", URL + "/{invoice}/finalize", finalize),
    Route("POST", URL + "/{invoice}/pay", pay),
    Route("POST", URL + "/{invoice}/send", send),
    Route("POST", URL + "/{invoice}/void", void),
    Route("POST", URL + "/{invoice}/mark_uncollectible", mark_uncollectible),
)
