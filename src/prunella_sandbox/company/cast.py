"""Who lives in the company: the named ones first, then one of each state, the rest healthy."""

from __future__ import annotations

import random

from prunella_sandbox.company.catalogue import Plan
from prunella_sandbox.company.names import (
    CHICAGO,
    KUWAIT,
    OSAKA,
    PLACES,
    Place,
    company_names,
)
from prunella_sandbox.company.stories import STORIES
from prunella_sandbox.company.subscriber import Profile

NORTHBECK = Profile(
    name="Northbeck Outfitters",
    place=CHICAGO,
    plan="starter",
    state="insufficient_funds",
    story="northbeck",
    email="pay@northbeck.example",
)
BRAMLEY = Profile(
    name="Bramley Tack & Feed",
    place=CHICAGO,
    plan="professional",
    state="charged_twice",
    card="visa_debit",
    email="pay@bramley.example",
)
ALDER_LANE = Profile(
    name="Alder Lane Grocers",
    place=CHICAGO,
    plan="starter",
    state="healthy",
    email="pay@alderlane.example",
)
NAMED = (NORTHBECK, BRAMLEY, ALDER_LANE)

CARDS = ("visa", "mastercard", "visa_debit", "amex", "mastercard_debit", "discover")
PLANS: tuple[Plan, ...] = (
    "starter",
    "starter",
    "starter",
    "professional",
    "professional",
    "enterprise",
)
FREE_IN_EACH_FIFTY = 4
FROM_THE_SECOND_FIFTY = {
    "billed_twice",
    "billed_while_unpaid",
    "consent_withdrawn",
    "credited",
    "leaving",
    "paid_twice",
    "payment_processing",
    "recovering",
    "refund_failed",
    "signup_unfinished",
    "subscription_past_due",
    "upgraded",
}
STARTERS = {"upgraded", "zero_decimal_failure", "three_decimal_failure"}
SPECIAL = {"zero_decimal_failure": OSAKA, "three_decimal_failure": KUWAIT}


def cast(*, customers: int, seed: int) -> list[Profile]:
    """So many profiles, the same for the same seed; each fifty after the first has every state."""
    chance = random.Random(seed)  # noqa: S311 - made-up names
    names = company_names(chance, besides={profile.name for profile in NAMED})
    states = _states(customers)
    others = [_profile(chance, name, state) for name, state in zip(names, states, strict=False)]
    return [*NAMED, *others][:customers]


def _states(customers: int) -> list[str]:
    told = {profile.told for profile in NAMED} | {"free", "healthy"}
    common = [state for state in STORIES if state not in told | FROM_THE_SECOND_FIFTY]
    later = [*common, *sorted(FROM_THE_SECOND_FIFTY)]
    return _fifty(common)[: 50 - len(NAMED)] + _fifty(later) * (customers // 50)


def _fifty(states: list[str]) -> list[str]:
    told = [*states, *["free"] * FREE_IN_EACH_FIFTY]
    return told + ["healthy"] * (50 - len(told))


def _profile(chance: random.Random, name: str, state: str) -> Profile:
    place: Place = SPECIAL.get(state) or chance.choice(PLACES)
    plan: Plan = "free" if state == "free" else chance.choice(PLANS)
    if state in STARTERS:
        plan = "starter"
    return Profile(name=name, place=place, plan=plan, state=state, card=chance.choice(CARDS))
