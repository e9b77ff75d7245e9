"""Cards as they are typed, stored, kept with a customer and judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from prunella_sandbox.cards import TestCard, card_of_name, card_of_number
from prunella_sandbox.declines import Decline, decline, test_card_decline
from prunella_sandbox.errors import CardRefusedError, InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.params import Params
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

CARD_YEARS = 4
MONTHS = 12
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
CONTACT = ("email", "name", "phone", "tax_id")


@dataclass(frozen=True, kw_only=True)
class CardEntry:
    """A card as somebody types it into a form; without a year it is good for some years."""

    number: str
    exp_month: int = MONTHS
    exp_year: int | None = None
    cvc: str | None = "123"
    name: str | None = None
    email: str | None = None
    postal_code: str | None = None


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
        raise refused(test_card_decline("incorrect_number"), param="number")
    if not 1 <= entry.exp_month <= MONTHS:
        raise refused(test_card_decline("invalid_expiry_month"), param="exp_month")
    if entry.exp_year and is_past(world, month=entry.exp_month, year=entry.exp_year):
        raise refused(test_card_decline("invalid_expiry_year"), param="exp_year")
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
    kind: str = "payment_method",
    exp_month: int = MONTHS,
    exp_year: int | None = None,
    billing_details: Obj | None = None,
    metadata: dict[str, str] | None = None,
) -> Obj:
    year = exp_year or _date(world).year + CARD_YEARS
    return world.insert(
        "payment_method",
        id=world.new_id(kind),
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


def usable(world: World, name: str, *, param: str = "payment_method") -> Obj:
    """Find a PaymentMethod by id; `pm_card_…` makes a new one each time, as at Stripe."""
    card = card_of_name(name)
    return store_card(world, card) if card else world.need("payment_method", name, param=param)


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
        raise refused(refusal)
    method = world.update(before, customer=customer["id"])
    emit(world, "payment_method.attached", method)
    return method


def card_of(method: Obj) -> TestCard:
    card = card_of_number(method["_number"])
    if card is None:
        raise LookupError(method["_number"])
    return card


def refused(refusal: Decline, *, param: str | None = None) -> CardRefusedError:
    known = {"decline_code": refusal.decline_code, "advice_code": refusal.advice_code}
    extra = {name: value for name, value in known.items() if value}
    return CardRefusedError(message=refusal.message, code=refusal.code, param=param, extra=extra)


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
