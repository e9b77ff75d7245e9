"""Invoice payments: which payment stands behind an invoice."""

from __future__ import annotations

from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/invoice_payments"


def retrieve(world: World, _params: Params, *, invoice_payment: str) -> Obj:
    return world.need("invoice_payment", invoice_payment)


def index(world: World, params: Params) -> Obj:
    sent = params.nested("payment")
    sent.text("type")
    intent = sent.text("payment_intent")
    return page(
        world,
        "invoice_payment",
        params,
        url=URL,
        equal=("invoice", "status"),
        where=lambda payment: not intent or payment["payment"]["payment_intent"] == intent,
    )


ROUTES = (
    Route("GET", URL, index),
    Route("GET", URL + "/{invoice_payment}", retrieve),
)
