"""`invoices/create_preview`: what an invoice would be."""

from __future__ import annotations

from prunella_sandbox.billing import items, previewing
from prunella_sandbox.billing.subscribing import subscribe
from prunella_sandbox.params import Params
from prunella_sandbox.resources import invoice_items
from prunella_sandbox.resources.item_changes import changed_items, read_change
from prunella_sandbox.resources.subscription_params import read_anchor, refuse_ended, refuse_mixed
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/invoices/create_preview"


def create(world: World, params: Params) -> Obj:
    params.choice("preview_mode", ("next",))
    subscription = _subscription(world, params)
    customer = _customer(world, params, subscription)
    with world.rehearse():
        for entry in params.entries("invoice_items"):
            owner = subscription["id"] if subscription else None
            invoice_items.added(world, entry, customer=customer, subscription=owner)
        if subscription:
            return _of_subscription(world, params.nested("subscription_details"), subscription)
        if params.has("subscription_details"):
            return _of_new(world, params.nested("subscription_details"), customer)
        return previewing.pending_invoice(world, customer)


def _subscription(world: World, params: Params) -> Obj | None:
    name = params.text("subscription")
    return world.need("subscription", name, param="subscription") if name else None


def _customer(world: World, params: Params, subscription: Obj | None) -> Obj:
    if subscription and not params.has("customer"):
        return world.need("customer", subscription["customer"])
    customer = world.need("customer", params.need_text("customer"), param="customer")
    if subscription and subscription["customer"] != customer["id"]:
        raise params.invalid(name="customer", message="It does not own the subscription.")
    return customer


def _of_subscription(world: World, sent: Params, subscription: Obj) -> Obj:
    refuse_ended(subscription)
    anchor = read_anchor(sent)
    fields: Obj = sent.given(sent.flag, "cancel_at_period_end")
    if sent.has("items"):
        fields["items"] = changed_items(world, sent.entries("items"), subscription)
    change = read_change(world, sent, fields=fields, restarts=anchor == "now")
    if sent.flag("cancel_now"):
        prorates = change.proration.is_wanted
        return previewing.last_invoice(world, subscription, prorates=prorates)
    return previewing.next_invoice(world, subscription, change)


def _of_new(world: World, sent: Params, customer: Obj) -> Obj:
    """Preview the first invoice of a subscription that does not exist yet."""
    entries = [items.read_item(world, entry) for entry in sent.entries("items")]
    if not entries:
        raise sent.missing(name="items")
    refuse_mixed(entries)
    subscription = subscribe(
        world,
        customer=customer,
        entries=entries,
        behavior="default_incomplete",
        trial_end=None if sent.text("trial_end") == "now" else sent.integer("trial_end"),
    )
    first = world.need("invoice", subscription["latest_invoice"])
    return previewing.as_preview(world, first, at=None)


ROUTES = (Route("POST", URL, create),)
