"""Accounts: made by the company's own people and programs, seen and changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import StringConstraints

from prunella.people import Customer, Plan, profiles
from prunella.web.api.bodies import Body, Id, Line
from prunella.web.api.once import OptionalKey, once
from prunella.web.visits import call

router = APIRouter(prefix="/v1/customers", tags=["customers"])

Email = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Country = Annotated[str, StringConstraints(min_length=2, max_length=2)]
Locale = Annotated[str, StringConstraints(min_length=2, max_length=20)]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class CustomerBody(Body):
    """An account without Stripe. `plan` is free unless said; `csm` is a colleague's id."""

    name: Line
    email: Email | None = None
    country: Country | None = None
    time_zone: Zone | None = None
    locale: Locale | None = None
    plan: Plan | None = None
    csm: Id | None = None


class CustomerChange(Body):
    """What is left out stays; null takes it away."""

    name: Line | None = None
    email: Email | None = None
    country: Country | None = None
    time_zone: Zone | None = None
    locale: Locale | None = None
    plan: Plan | None = None
    csm: Id | None = None


@router.post("", status_code=201)
async def create(request: Request, body: CustomerBody, key: OptionalKey) -> dict[str, Any]:
    """Make an account that does not exist at Stripe.

    Its `id` is the `sub` of the tokens that the product signs for it. Once it pays, Stripe's
    customer names it in the metadata `prunella_customer`, and both are one account.
    """
    async with call(request) as here:
        here.must_be_able_to_work()
        given = body.model_dump(exclude_unset=True)

        async def do() -> dict[str, Any]:
            return {"id": (await profiles.create(here.tx, given)).id}

        known = await once(here, key, {"customer": given}, do)
        return _shown(await here.customer(known["id"]))


@router.get("/{customer}")
async def show(request: Request, customer: str) -> dict[str, Any]:
    async with call(request) as here:
        found = await here.customer(customer)
        return _shown(found) | ({} if here.own else {"csm": found.csm})


@router.patch("/{customer}")
async def change(request: Request, customer: str, body: CustomerChange) -> dict[str, Any]:
    """Change the profile.

    Where Stripe knows the account, its name, mail, country and language are changed there, by the
    action `update_billing_details`.
    """
    async with call(request) as here:
        here.must_be_able_to_work()
        known = await here.customer(customer)
        found = await profiles.change(here.tx, known, body.model_dump(exclude_unset=True))
        return _shown(found) | {"csm": found.csm}


def _shown(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "stripe_customer": customer.stripe_customer,
        "name": customer.name,
        "email": customer.email,
        "country": customer.country,
        "time_zone": customer.time_zone,
        "locale": customer.locale or None,
        "plan": customer.plan,
        "guest": customer.guest,
    }
