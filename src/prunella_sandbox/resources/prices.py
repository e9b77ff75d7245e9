"""Prices: per unit or in tiers, once or recurring."""

from __future__ import annotations

from prunella_sandbox.billing.priced import priced
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/prices"


def create(world: World, params: Params) -> Obj:
    return priced(world, params, product=_product(world, params))


def _product(world: World, params: Params) -> str:
    if params.has("product_data"):
        return new_product(world, params.nested("product_data"))
    product = world.need("product", params.need_text("product"), param="product")
    return str(product["id"])


def new_product(world: World, params: Params) -> str:
    """Store a product that is named only in passing."""
    blank: Obj = dict.fromkeys(
        ("default_price", "description", "package_dimensions", "shippable", "url")
    )
    product = world.insert(
        "product",
        **blank,
        active=True,
        images=[],
        livemode=False,
        marketing_features=[],
        metadata=params.metadata(),
        name=params.need_text("name"),
        statement_descriptor=None,
        tax_code=None,
        type="service",
        unit_label=params.text("unit_label"),
        updated=world.clock.unix(),
    )
    emit(world, "product.created", product)
    return str(product["id"])


def retrieve(world: World, _params: Params, *, price: str) -> Obj:
    return world.need("price", price)


def update(world: World, params: Params, *, price: str) -> Obj:
    before = world.need("price", price)
    changes = params.given(params.text, "nickname", "lookup_key")
    changes |= params.given(params.flag, "active")
    changed = world.update(before, metadata=params.metadata(over=before["metadata"]), **changes)
    emit(world, "price.updated", changed, before=before)
    return changed


def index(world: World, params: Params) -> Obj:
    active, keys = params.flag("active"), params.texts("lookup_keys")
    return page(
        world,
        "price",
        params,
        url=URL,
        equal=("product", "type", "currency"),
        where=lambda price: (
            (active is None or price["active"] == active)
            and (not keys or price["lookup_key"] in keys)
        ),
    )


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{price}", retrieve),
    Route("POST", URL + "/{price}", update),
)
