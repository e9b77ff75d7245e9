"""A customer's balance transactions."""

from __future__ import annotations

from prunella_sandbox.billing import balances
from prunella_sandbox.errors import no_such
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/customers/{customer}/balance_transactions"


def create(world: World, params: Params, *, customer: str) -> Obj:
    owner = world.need("customer", customer)
    currency = params.need_text("currency").lower()
    if owner["currency"] not in {None, currency}:
        message = f"The customer's balance is kept in {owner['currency']}, not in {currency}."
        raise params.invalid(name="currency", message=message)
    return balances.change(
        world,
        owner,
        amount=params.need_integer("amount"),
        currency=currency,
        kind="adjustment",
        description=params.text("description"),
        metadata=params.metadata(),
    )


def retrieve(world: World, _params: Params, *, customer: str, transaction: str) -> Obj:
    found = world.find(balances.KIND, transaction)
    if found is None or found["customer"] != customer:
        raise no_such(kind=balances.KIND, object_id=transaction, param=None)
    return found


def update(world: World, params: Params, *, customer: str, transaction: str) -> Obj:
    before = retrieve(world, params, customer=customer, transaction=transaction)
    changes = params.given(params.text, "description")
    return world.update(before, metadata=params.metadata(over=before["metadata"]), **changes)


def index(world: World, params: Params, *, customer: str) -> Obj:
    world.need("customer", customer)
    return page(
        world,
        balances.KIND,
        params,
        url=f"/v1/customers/{customer}/balance_transactions",
        equal=("invoice",),
        among=world.newest_first_of(balances.KIND, "customer", customer),
    )


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{transaction}", retrieve),
    Route("POST", URL + "/{transaction}", update),
)
