"""What a colleague asks for at the desk besides giving money: what there is, and the request."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from prunella import actions, mirror
from prunella.actions import ActionRequest, details
from prunella.actions.policy import Decision
from prunella.cases import Case
from prunella.diagnostics import gather
from prunella.kit.money import Money
from prunella.people import Customer
from prunella.people.plans import plan_prices
from prunella.tiers.selfheal.errands import is_number
from prunella.web.errors import BadRequestError, NotFoundError
from prunella.web.forms import Fields
from prunella.web.giving import (
    WHYS,
    BadAmountError,
    NoReasonError,
    amount_in,
    reason_in,
    where_decided,
)
from prunella.web.views.doable import CHOICES, DETAILS, PLAN, Choice, Known, choices_of
from prunella.web.views.saying import Saying
from prunella.web.visits import Shift

Why = Literal["asked_for", "billed_wrong", "put_right", "not_wanted", "goodwill", "other"]
WHYS_OF_CHANGES: tuple[Why, ...] = get_args(Why)
GIVES = "credit_note"
TYPED = frozenset({GIVES, "correct_invoice"})
"""Kinds whose amount is typed; of the others it is known, or there is none."""
Part = Callable[[Shift, str, Fields, Known], Awaitable[dict[str, Any]]]
"""Reads a part of a form: fields of the request. Raises `WrongError`."""
_PREVIEWED = ("price", "item", "proration_date")


class WrongError(ValueError):
    """Something in the form cannot be right: a sentence's key for each field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice with what policy would decide right now."""

    choice: Choice
    decision: Decision


def whys_of(kind: str) -> Sequence[str]:
    """Money has its own reasons, the same as on a case."""
    return WHYS if kind == GIVES else WHYS_OF_CHANGES


async def known_of(here: Shift, customer: Customer, saying: Saying) -> Known:
    """Raises `NotFoundError` for who is not at Stripe."""
    if customer.stripe_customer is None:
        raise NotFoundError
    facts = await gather(here.tx, customer)
    return Known(customer.stripe_customer, facts, saying, await plan_prices(here.tx))


async def offers(here: Shift, customer: Customer, kind: str, known: Known) -> list[Offered]:
    """Return what there is to choose, each weighed as if it were asked for now."""
    found = []
    for choice in choices_of(kind, known):
        if kind == PLAN and not choice.params:
            continue  # nothing is sold that this plan could become
        asked = await _to_weigh(here, customer, kind, choice)
        found.append(Offered(choice, await here.site.rooms.door.weigh(here.tx, asked)))
    return found


async def _to_weigh(here: Shift, customer: Customer, kind: str, choice: Choice) -> ActionRequest:
    """As little as can be asked for: what stands in its way stands in the way of more."""
    params = dict(choice.params)
    if kind == PLAN:
        at = str(int(here.tx.now.timestamp()))
        params |= {"item": await first_item(here, choice.target), "proration_date": at}
    amount = choice.amount
    if kind in TYPED:
        amount = Money(1, await currency_of(here, choice.target))
    return ActionRequest(
        kind=kind,
        customer=customer.id,
        target=choice.target,
        amount=amount.amount if amount else 0 if kind == PLAN else None,
        currency=amount.currency if amount else None,
        params=params,
        business_key=f"weigh:{choice.value}"[:200],
    )


async def first_item(here: Shift, subscription: str) -> str:
    """Return the item that would change; of several, policy says that a person has to."""
    raw = await mirror.get(here.tx, subscription)
    items = ((raw.data if raw else {}).get("items") or {}).get("data") or [{}]
    return str(items[0].get("id") or "none")


async def currency_of(here: Shift, invoice: str) -> str:
    raw = await mirror.get(here.tx, invoice)
    if raw is None:
        raise NotFoundError
    return str(raw.data["currency"])


async def request_of(  # noqa: PLR0917 who asks, for whom, where, and what
    here: Shift, customer: Customer, case: Case | None, kind: str, fields: Fields, known: Known
) -> ActionRequest:
    """Make the request of a form. Raises `WrongError` with everything that is wrong in it."""
    wrong: dict[str, str] = {}
    asked: dict[str, Any] = {}
    for part in (_reason, _of_kind(kind)):
        try:
            asked |= await part(here, kind, fields, known)
        except WrongError as problem:
            wrong |= problem.fields
    if wrong:
        raise WrongError(wrong)
    request = ActionRequest(
        kind=kind,
        customer=customer.id,
        business_key="later",
        case=where_decided(case) if case else None,
        **asked,
    )
    return replace(request, business_key=await _attempt(here, request))


async def _attempt(here: Shift, asked: ActionRequest) -> str:
    """The same again from another page is the same attempt, while the first is open."""
    said = asked.params.get("price") or f"{asked.amount}{asked.currency}"
    if asked.kind == DETAILS:
        told = "|".join(f"{name}={text}" for name, text in sorted(asked.params.items()))
        said = hashlib.sha256(told.encode()).hexdigest()[:32]
    return await actions.business_key_of(
        here.tx,
        kind=asked.kind,
        target=asked.target,
        payment_method=asked.params.get("payment_method"),
        key=said,
        amount=asked.amount,
        currency=asked.currency,
    )


async def _reason(_here: Shift, kind: str, fields: Fields, _known: Known) -> dict[str, Any]:
    try:
        return {"reason": reason_in(fields, whys_of(kind))}
    except NoReasonError as problem:
        raise WrongError({"why": "page.do.wrong_why"}) from problem


def _of_kind(kind: str) -> Part:
    if kind == DETAILS:
        return _details
    return _previewed if kind == PLAN else _chosen


async def _details(_here: Shift, _kind: str, fields: Fields, known: Known) -> dict[str, Any]:
    typed = details.tidy(fields)
    wrong = details.wrong_with(typed)
    if wrong:
        raise WrongError(dict.fromkeys(wrong, ""))
    return {"target": known.account, "params": typed}


async def _previewed(_here: Shift, _kind: str, fields: Fields, known: Known) -> dict[str, Any]:
    """What was previewed, to the cent."""
    amount, target = fields.get("amount", ""), fields.get("target", "")
    if not is_number(amount):
        raise BadRequestError
    if any(not fields.get(name) for name in (*_PREVIEWED, "currency")):
        raise BadRequestError
    if known.facts.subscription(target) is None:
        raise NotFoundError
    return {
        "target": target,
        "amount": int(amount),
        "currency": fields["currency"],
        "params": {name: fields[name] for name in _PREVIEWED},
    }


async def _chosen(here: Shift, kind: str, fields: Fields, known: Known) -> dict[str, Any]:
    """What was chosen as it stood: where that has changed, it is chosen again."""
    picked = fields.get("choice", "")
    if not picked:
        raise WrongError({"choice": "page.do.wrong_none"} | _without_amount(kind, fields))
    choice = next((one for one in choices_of(kind, known) if one.value == picked), None)
    if choice is None:
        raise WrongError({"choice": "page.do.wrong_changed"})
    amount = choice.amount
    if kind in TYPED:
        amount = _typed(fields, await currency_of(here, choice.target))
    return {
        "target": choice.target,
        "params": dict(choice.params),
        "amount": amount.amount if amount else None,
        "currency": amount.currency if amount else None,
    }


def _without_amount(kind: str, fields: Fields) -> dict[str, str]:
    return {"amount": "page.do.wrong_amount"} if kind in TYPED and not fields.get("amount") else {}


def _typed(fields: Fields, currency: str) -> Money:
    try:
        return amount_in(fields.get("amount", ""), currency)
    except BadAmountError as problem:
        raise WrongError({"amount": "page.do.wrong_amount"}) from problem


def is_kind(kind: str) -> bool:
    return kind in CHOICES
