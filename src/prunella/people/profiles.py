"""Accounts that the company's own people and programs make and change.

What Stripe knows of an account follows Stripe: `update_billing_details` changes it there. The
zone, the plan and who looks after them are ours to say for every account.
"""

import re
from collections.abc import Mapping
from typing import Any

from prunella import audit
from prunella.connectors.mail import is_public
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import roster, store
from prunella.people.customer import (
    DEFAULT_LOCALE,
    FREE,
    Customer,
    add_customer,
    find_customer,
    set_profile,
)
from prunella.people.zones import UnknownZoneError, is_country, is_zone

CHANGED = "customer.profile_changed"
"""Their name or address is another one; the event's subject is our id."""
OF_STRIPE = ("name", "email", "country", "locale")
OURS = ("time_zone", "plan")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MAY_WRITE = frozenset({"staff", "service"})
_TOLD = ("country", "locale", "time_zone", "plan")
"""What the audit log may hold; of a name or an address only that it is another one."""


class BadProfileError(ValueError):
    """Something in the profile does not fit."""


class StripeKnowsError(ValueError):
    """Stripe holds this account's name, address, country and language. Change them there.

    The action update_billing_details does it; what it says is here within seconds.
    """


class GuestProfileError(ValueError):
    """This is a guest: somebody who wrote to us and has no account. They have no profile."""


class NotYourProfilesError(PermissionError):
    """Only the company's own people and programs make and change accounts."""


async def create(tx: Tx, given: Mapping[str, Any]) -> Customer:
    """Add an account that does not exist at Stripe: `name`, and what else is known.

    Raises BadProfileError, UnknownZoneError, UnknownColleagueError, NotYourProfilesError.
    """
    _check(tx, given)
    fields = {name: given.get(name) for name in ("email", "country", "time_zone")}
    made = await add_customer(
        tx,
        name=given["name"].strip(),
        locale=given.get("locale") or DEFAULT_LOCALE,
        plan=given.get("plan") or FREE,
        **fields,
    )
    await audit.record(tx, "customer.created", made.id, customer=made.id, after=_told(given))
    if given.get("csm"):
        await roster.set_csm(tx, made.id, given["csm"])
    return await find_customer(tx, made.id) or made


async def change(tx: Tx, customer: Customer, given: Mapping[str, Any]) -> Customer:
    """Change what is given, null where there is none any more; the rest stays.

    Raises what `create` does, and StripeKnowsError, GuestProfileError.
    """
    _check(tx, given)
    if customer.guest:
        raise GuestProfileError
    row = (await store.hold(tx, [customer.id]))[customer.id]
    news = {name: value for name, value in given.items() if name in row and row[name] != value}
    news.pop("csm", None)
    if customer.stripe_customer and any(name in news for name in OF_STRIPE):
        raise StripeKnowsError
    if news:
        await _keep(tx, customer, {**row, **news}, news)
        was = {name: row[name] for name in news}
        before, after = _told(was), _told(news)
        await audit.record(
            tx, "customer.changed", customer.id, customer=customer.id, before=before, after=after
        )
    if "csm" in given:
        await roster.set_csm(tx, customer.id, given["csm"])
    return await find_customer(tx, customer.id) or customer


async def _keep(
    tx: Tx, customer: Customer, now: Mapping[str, Any], news: Mapping[str, Any]
) -> None:
    if any(name in news for name in OF_STRIPE):
        await store.keep_copies(tx, customer.id, {name: now[name] for name in OF_STRIPE})
        await tx.emit(Event(CHANGED, customer.id, customer.id))
    if any(name in news for name in OURS):
        plan = now["plan"] or (None if customer.stripe_customer else FREE)
        await set_profile(tx, customer, time_zone=now["time_zone"], plan=plan)


def _check(tx: Tx, given: Mapping[str, Any]) -> None:
    if tx.actor.kind not in _MAY_WRITE:
        raise NotYourProfilesError
    if "name" in given and not (given["name"] or "").strip():
        _refuse("name is empty.")
    if given.get("email") and not is_public(given["email"]):
        _refuse("email is no address that a mail can get to.")
    if given.get("country") and not is_country(given["country"]):
        _refuse("country is the two capital letters of a country, like DE.")
    if given.get("locale") and not _LOCALE.fullmatch(given["locale"]):
        _refuse("locale is a language, like en or de-AT.")
    if given.get("time_zone") and not is_zone(given["time_zone"]):
        raise UnknownZoneError(given["time_zone"])


def _refuse(why: str) -> None:
    raise BadProfileError(why)


def _told(given: Mapping[str, Any]) -> dict[str, audit.Value]:
    figures: dict[str, audit.Value] = {name: given[name] for name in _TOLD if name in given}
    return figures | {"given": sorted(name for name in given if given[name] is not None)}
