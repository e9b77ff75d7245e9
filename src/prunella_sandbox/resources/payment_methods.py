"""Payment methods: cards, stored with a customer or not.

`metadata[sandbox_decline]=<code>` makes every charge of a card fail with this code (and
`sandbox_decline_advice` sets its advice code); removing it lets the next charge pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prunella_sandbox.cards import TestCard, card_of_name, card_of_number
from prunella_sandbox.declines import Decline, decline, test_card_decline
from prunella_sandbox.errors import CardRefusedError, InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/payment_methods"
CARD_YEARS = 4
MONTHS = 12
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
CONTACT = ("email", "name", "phone", "tax_id")


@dataclass(frozen=True, kw_only=True)
class CardEntry:
    """A card as somebody types it into a form."""

    number: str
    exp_month: int = MONTHS
    exp_year: int = 2034
    cvc: str | None = "123"
    name: str | None = None
    email: str | None = None
    postal_code: str | None = None


def create(world: World, params: Params) -> Obj:
    if params.need_text("type") != "card":
        raise params.invalid(
            name="type", message="The sandbox knows payment methods of type card only."
        )
    return _from_params(world, params)


def _from_params(world: World, params: Params) -> Obj:
    sent = params.nested("card")
    details = read_billing_details(params.nested("billing_details"))
    metadata = params.metadata()
    token = sent.text("token")
    if token:
        known = card_of_name(token)
        if known is None:
            raise sent.invalid(name="token", message=f"No such token: '{token}'")
        return store_card(world, known, billing_details=details, metadata=metadata)
    entry = CardEntry(
        number=sent.need_text("number"),
        exp_month=sent.need_integer("exp_month"),
        exp_year=sent.need_integer("exp_year"),
        cvc=sent.text("cvc"),
    )
    return enter_card(world, entry, billing_details=details, metadata=metadata)


def enter_card(
    world: World,
    entry: CardEntry,
    *,
    billing_details: Obj | None = None,
    metadata: dict[str, str] | None = None,
) -> Obj:
    """Store a card that somebody typed.

    Raises:
        CardRefusedError: no card has this number, or the date is past.
    """
    card = card_of_number(entry.number)
    if card is None:
        raise _refused(test_card_decline("incorrect_number"), param="number")
    if not 1 <= entry.exp_month <= MONTHS:
        raise _refused(test_card_decline("invalid_expiry_month"), param="exp_month")
    if is_past(world, month=entry.exp_month, year=entry.exp_year):
        raise _refused(test_card_decline("invalid_expiry_year"), param="exp_year")
    details = billing_details or _typed_details(entry)
    return store_card(
        world,
        card,
        exp_month=entry.exp_month,
        exp_year=entry.exp_year,
        billing_details=details,
        metadata=metadata,
    )


def _typed_details(entry: CardEntry) -> Obj:
    address: Obj = dict.fromkeys(ADDRESS)
    return {
        "address": address | {"postal_code": entry.postal_code},
        "email": entry.email,
        "name": entry.name,
        "phone": None,
        "tax_id": None,
    }


def store_card(
    world: World,
    card: TestCard,
    *,
    exp_month: int = MONTHS,
    exp_year: int | None = None,
    billing_details: Obj | None = None,
    metadata: dict[str, str] | None = None,
) -> Obj:
    year = exp_year or _date(world).year + CARD_YEARS
    return world.insert(
        "payment_method",
        allow_redisplay="unspecified",
        billing_details=billing_details or read_billing_details(Params({})),
        card=_card_hash(card, exp_month=exp_month, exp_year=year),
        customer=None,
        customer_account=None,
        livemode=False,
        metadata=metadata or {},
        type="card",
        _number=card.number,
        _is_set_up=False,
    )


def _card_hash(card: TestCard, *, exp_month: int, exp_year: int) -> Obj:
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": exp_month,
        "exp_year": exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def read_billing_details(params: Params) -> Obj:
    address = params.nested("address")
    return {
        "address": {name: address.text(name) for name in ADDRESS},
        **{name: params.text(name) for name in CONTACT},
    }


def card_of(method: Obj) -> TestCard:
    card = card_of_number(method["_number"])
    if card is None:
        raise LookupError(method["_number"])
    return card


def usable(world: World, name: str, *, param: str = "payment_method") -> Obj:
    """Find a PaymentMethod by id; `pm_card_…` makes a new one each time, as at Stripe."""
    card = card_of_name(name)
    return store_card(world, card) if card else world.need("payment_method", name, param=param)


def of_customer(world: World, name: str, *, customer: Obj, param: str = "payment_method") -> Obj:
    """Find a PaymentMethod that belongs to this customer.

    Raises:
        InvalidRequestError: it belongs to nobody or to somebody else.
    """
    if card_of_name(name):
        return attached(world, name, customer=customer)
    method = world.need("payment_method", name, param=param)
    if method["customer"] != customer["id"]:
        message = (
            f"The customer does not have a payment method with the ID {method['id']}. The payment "
            "method must be attached to the customer."
        )
        raise InvalidRequestError(message=message, code="resource_missing", param=param)
    return method


def attached(world: World, name: str, *, customer: Obj) -> Obj:
    """Store the card with the customer.

    Raises:
        CardRefusedError: the bank refuses the card already here.
    """
    before = usable(world, name)
    if before["customer"] == customer["id"]:
        return before
    if before["customer"]:
        message = "The payment method you provided has already been attached to a customer."
        raise InvalidRequestError(message=message, code="resource_already_exists")
    refusal = card_of(before).at_attach
    if refusal:
        raise _refused(refusal)
    method = world.update(before, customer=customer["id"])
    emit(world, "payment_method.attached", method)
    return method


def _refused(refusal: Decline, *, param: str | None = None) -> CardRefusedError:
    known = {"decline_code": refusal.decline_code, "advice_code": refusal.advice_code}
    extra = {name: value for name, value in known.items() if value}
    return CardRefusedError(message=refusal.message, code=refusal.code, param=param, extra=extra)


def attach(world: World, params: Params, *, payment_method: str) -> Obj:
    customer = world.need("customer", params.need_text("customer"), param="customer")
    return attached(world, payment_method, customer=customer)


def detach(world: World, _params: Params, *, payment_method: str) -> Obj:
    method = world.need("payment_method", payment_method)
    if not method["customer"]:
        message = (
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible."
        )
        raise InvalidRequestError(message=message)
    return detach_from_customer(world, method)


def detach_from_customer(world: World, method: Obj) -> Obj:
    owner = world.find("customer", method["customer"])
    if owner and not owner.get("deleted"):
        _forget_default(world, owner, method["id"])
    detached = world.update(method, customer=None)
    emit(world, "payment_method.detached", detached, before=method)
    return detached


def _forget_default(world: World, customer: Obj, method_id: str) -> None:
    chosen = customer["invoice_settings"]
    if chosen["default_payment_method"] == method_id:
        without = world.update(customer, invoice_settings=chosen | {"default_payment_method": None})
        emit(world, "customer.updated", without, before=customer)


def retrieve(world: World, _params: Params, *, payment_method: str) -> Obj:
    return world.need("payment_method", payment_method)


def update(world: World, params: Params, *, payment_method: str) -> Obj:
    before = world.need("payment_method", payment_method)
    sent = params.nested("card")
    dates = sent.given(sent.integer, "exp_month", "exp_year")
    changes: dict[str, Any] = {"metadata": params.metadata(over=before["metadata"])}
    if params.has("billing_details"):
        changes["billing_details"] = read_billing_details(params.nested("billing_details"))
    if dates:
        changes["card"] = before["card"] | dates
    changed = world.update(before, **changes)
    emit(world, "payment_method.updated", changed, before=before)
    return changed


def index(world: World, params: Params) -> Obj:
    return page(world, "payment_method", params, url=URL, equal=("customer", "type"))


def refusal_when_charged(world: World, method: Obj) -> Decline | None:
    """Tell how the bank refuses this card now, or None."""
    wanted = method["metadata"].get("sandbox_decline")
    if wanted:
        return decline(wanted, advice=method["metadata"].get("sandbox_decline_advice"))
    refusal = card_of(method).at_charge
    if refusal:
        return refusal
    card = method["card"]
    if is_past(world, month=card["exp_month"], year=card["exp_year"]):
        return decline("expired_card")
    return None


def is_past(world: World, *, month: int, year: int) -> bool:
    today = _date(world)
    return (year, month) < (today.year, today.month)


def _date(world: World) -> datetime:
    return datetime.fromtimestamp(world.clock.now(), tz=UTC)


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{payment_method}", retrieve),
    Route("POST", URL + "/{payment_method}", update),
    Route("POST", URL + "/{payment_method}/attach", attach),
    Route("POST", URL + "/{payment_method}/detach", detach),
)
