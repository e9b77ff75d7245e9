"""What a change of plan costs, before anybody asks for it."""

from typing import Any

from fastapi import APIRouter, Request

from prunella import mirror
from prunella.people import Customer
from prunella.people.plans import plan_prices
from prunella.web.api.bodies import Body, Id
from prunella.web.errors import NotFoundError
from prunella.web.previews import reckon, the_item
from prunella.web.site import site_of
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/customers/{customer}/plan-previews", tags=["actions"])


class PreviewBody(Body):
    """`price`: one that plans.toml offers."""

    subscription: Id
    price: Id


@router.post("")
async def preview(request: Request, customer: str, body: PreviewBody) -> dict[str, Any]:
    """Say what it costs at once, as Stripe reckons it now; `action` is what asks for it.

    `POST /v1/actions` takes `action` with a `reason` beside it. After an hour, or once the sum
    is another one, it asks to look again.
    """
    async with call(request) as here:
        known = await here.customer(customer)
        here.must_be_able_to_act()
        await _must_be_theirs(here, known, body.subscription)
        offered = {one.price for one in await plan_prices(here.tx)}
        if body.price not in offered:
            raise NotFoundError
        item, at = await the_item(here.tx, body.subscription), int(here.tx.now.timestamp())
    found = await reckon(
        site_of(request),
        subscription=body.subscription,
        item=item,
        price=body.price,
        proration_date=at,
    )
    due, total = found["amount_due"], found.get("total") or 0
    action = {
        "kind": "change_plan",
        "customer": known.address,
        "target": body.subscription,
        "amount": due,
        "currency": found["currency"],
        "params": {"price": body.price, "item": item, "proration_date": str(at)},
    }
    return {
        "amount": due,
        "currency": found["currency"],
        "credit": max(-total, 0),
        "action": action,
    }


async def _must_be_theirs(here: Call, customer: Customer, subscription: str) -> None:
    found = await mirror.get(here.tx, subscription)
    if found is None or found.kind != "subscription" or found.deleted:
        raise NotFoundError
    if found.customer is None or found.customer != customer.stripe_customer:
        raise NotFoundError
