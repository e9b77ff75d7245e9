"""Invoice items: what waits to be put on an invoice, or was added to a draft."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from prunella_sandbox.billing import waiting
from prunella_sandbox.billing.drafts import with_lines
from prunella_sandbox.billing.lines import item_line, pricing_of
from prunella_sandbox.billing.pricing import amount_for
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/invoiceitems"
DEFAULT_CURRENCY = "usd"


def create(world: World, params: Params) -> Obj:
    customer = world.need("customer", params.need_text("customer"), param="customer")
    invoice = _draft(world, params)
    subscription = params.text("subscription")
    if subscription:
        world.need("subscription", subscription, param="subscription")
    return added(world, params, customer=customer, invoice=invoice, subscription=subscription)


def added(
    world: World,
    params: Params,
    *,
    customer: Obj,
    subscription: str | None,
    invoice: Obj | None = None,
) -> Obj:
    """Store an item on this draft, or let it wait for the next invoice."""
    currency = params.text("currency")
    if invoice and currency and currency != invoice["currency"]:
        raise params.invalid(
            name="currency", message="The currency must match that of the invoice."
        )
    item = world.insert(
        "invoiceitem",
        customer=customer["id"],
        customer_account=None,
        date=world.clock.unix(),
        description=params.text("description"),
        discountable=params.flag("discountable") is not False,
        discounts=[],
        invoice=invoice["id"] if invoice else None,
        livemode=False,
        metadata=params.metadata(),
        parent=_parent(subscription),
        period=_period(world, params),
        proration=False,
        proration_details=None,
        tax_rates=[],
        test_clock=customer["test_clock"],
        **_priced(world, params, currency=currency or customer["currency"] or DEFAULT_CURRENCY),
    )
    if invoice:
        with_lines(world, invoice, [item_line(world, item)])
    else:
        waiting.put(world, item)
    emit(world, "invoiceitem.created", item)
    return item


def _draft(world: World, params: Params) -> Obj | None:
    name = params.text("invoice")
    if not name:
        return None
    invoice = world.need("invoice", name, param="invoice")
    if invoice["status"] != "draft":
        message = "You cannot add invoice items to an invoice that is no draft."
        raise InvalidRequestError(message=message, code="invoice_not_editable")
    return invoice


def _priced(world: World, params: Params, *, currency: str) -> Obj:
    quantity = params.integer("quantity") or 1
    if params.has("pricing"):
        name = params.nested("pricing").need_text("price")
        price = world.need("price", name, param="pricing[price]")
        amount, pricing, currency = (
            amount_for(price, quantity),
            pricing_of(price),
            price["currency"],
        )
    else:
        amount, pricing = _plain(params, quantity)
    return {
        "amount": amount,
        "currency": currency,
        "net_amount": amount,
        "pricing": pricing,
        "quantity": quantity,
        "quantity_decimal": str(quantity),
    }


def _plain(params: Params, quantity: int) -> tuple[int, Obj]:
    unit, amount = params.number("unit_amount_decimal"), params.integer("amount")
    if unit is None:
        whole = params.need_integer("amount") if amount is None else amount
        unit = Decimal(whole)
    else:
        whole = int((unit * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    shape = {"price_details": None, "type": "price_details", "unit_amount_decimal": f"{unit:f}"}
    return whole, shape


def _parent(subscription: str | None) -> Obj | None:
    if subscription is None:
        return None
    details = {"subscription": subscription, "subscription_item": None}
    return {"subscription_details": details, "type": "subscription_details"}


def _period(world: World, params: Params) -> Obj:
    now = world.clock.unix()
    sent = params.nested("period")
    return {"end": sent.integer("end") or now, "start": sent.integer("start") or now}


def retrieve(world: World, _params: Params, *, invoiceitem: str) -> Obj:
    return world.need("invoiceitem", invoiceitem)


def update(world: World, params: Params, *, invoiceitem: str) -> Obj:
    before = world.need("invoiceitem", invoiceitem)
    if before["invoice"]:
        message = "The sandbox changes only invoice items that are not on an invoice yet."
        raise InvalidRequestError(message=message)
    changes = params.given(params.text, "description")
    changes |= params.given(params.flag, "discountable")
    if {"amount", "quantity", "unit_amount_decimal", "pricing"} & params.names():
        changes |= _priced(world, params, currency=before["currency"])
    if params.has("period"):
        changes["period"] = _period(world, params)
    return world.update(before, metadata=params.metadata(over=before["metadata"]), **changes)


def delete(world: World, _params: Params, *, invoiceitem: str) -> Obj:
    before = world.need("invoiceitem", invoiceitem)
    if before["invoice"]:
        message = "Invoice items that are on an invoice cannot be deleted here."
        raise InvalidRequestError(message=message)
    gone = {"id": invoiceitem, "object": "invoiceitem", "deleted": True}
    world.store.put("invoiceitem", invoiceitem, gone)
    waiting.take(world, invoiceitem)
    emit(world, "invoiceitem.deleted", before)
    return gone


def index(world: World, params: Params) -> Obj:
    pending = params.flag("pending")
    return page(
        world,
        "invoiceitem",
        params,
        url=URL,
        equal=("customer", "invoice"),
        times=(),
        where=lambda item: pending is None or (item["invoice"] is None) == pending,
    )


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{invoiceitem}", retrieve),
    Route("POST", URL + "/{invoiceitem}", update),
    Route("DELETE", URL + "/{invoiceitem}", delete),
)
