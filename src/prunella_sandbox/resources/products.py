"""Products."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing.priced import priced
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/products"
TEXTS = ("name", "description", "unit_label", "url", "statement_descriptor")


def create(world: World, params: Params) -> Obj:
    params.need_text("name")
    product = register(world, id=params.text("id"), **_details(params, metadata={}))
    emit(world, "product.created", product)
    if params.has("default_price_data"):
        price = priced(world, params.nested("default_price_data"), product=product["id"])
        before, product = product, world.update(product, default_price=price["id"])
        emit(world, "product.updated", product, before=before)
    return product


def register(world: World, **details: Any) -> Obj:
    known: Obj = dict.fromkeys((*TEXTS, "default_price", "package_dimensions", "shippable"))
    known |= {
        "active": True,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "tax_code": None,
        "type": "service",
        "updated": world.clock.unix(),
    }
    return world.insert("product", **(known | details))


def retrieve(world: World, _params: Params, *, product: str) -> Obj:
    return world.need("product", product)


def update(world: World, params: Params, *, product: str) -> Obj:
    before = world.need("product", product)
    changes = _details(params, metadata=before["metadata"])
    if params.has("default_price"):
        price = world.need("price", params.need_text("default_price"), param="default_price")
        changes["default_price"] = price["id"]
    changed = world.update(before, updated=world.clock.unix(), **changes)
    emit(world, "product.updated", changed, before=before)
    return changed


def delete(world: World, _params: Params, *, product: str) -> Obj:
    before = world.need("product", product)
    if any(price["product"] == product for price in world.store.table("price").values()):
        message = "This product cannot be deleted because it has one or more user-created prices."
        raise InvalidRequestError(message=message)
    emit(world, "product.deleted", before)
    gone = {"id": product, "object": "product", "deleted": True}
    world.store.put("product", product, gone)
    return gone


def index(world: World, params: Params) -> Obj:
    active = params.flag("active")
    return page(
        world,
        "product",
        params,
        url=URL,
        where=lambda product: active is None or product["active"] == active,
    )


def _details(params: Params, *, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        **params.given(params.text, *TEXTS),
        **params.given(params.flag, "active", "shippable"),
        **params.given(params.texts, "images"),
        "metadata": params.metadata(over=metadata),
    }


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{product}", retrieve),
    Route("POST", URL + "/{product}", update),
    Route("DELETE", URL + "/{product}", delete),
)
