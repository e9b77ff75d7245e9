"""The account's balance, and each movement of it."""

from __future__ import annotations

from prunella_sandbox.billing import funds
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/balance_transactions"


def retrieve(world: World, _params: Params, *, transaction: str) -> Obj:
    return world.need(funds.KIND, transaction)


def index(world: World, params: Params) -> Obj:
    return page(world, funds.KIND, params, url=URL, equal=("currency", "source", "type"))


def balance(world: World, _params: Params) -> Obj:
    sums = funds.sums(world) or {"usd": {"available": 0, "pending": 0}}
    return {
        "object": "balance",
        "livemode": False,
        **{when: [_part(c, s[when]) for c, s in sums.items()] for when in ("available", "pending")},
    }


def _part(currency: str, amount: int) -> Obj:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


ROUTES = (
    Route("GET", "/v1/balance", balance),
    Route("GET", URL, index),
    Route("GET", URL + "/{transaction}", retrieve),
)
