"""What customers and the company do at Stripe, day by day, drawn from a seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import stripe

from prunella_sandbox.company.account import Account
from prunella_sandbox.company.cast import cast
from prunella_sandbox.company.catalogue import create_catalogue
from prunella_sandbox.company.subscriber import Profile, Subscriber

CODES = ("insufficient_funds", "do_not_honor", "lost_card", "expired_card", "processing_error")
CHANCES = {
    "bank_refuses": 0.012,
    "gets_another_card": 0.06,
    "changes_plan": 0.003,
    "cancels": 0.001,
    "disputes": 0.001,
    "is_refunded": 0.004,
    "buys": 0.006,
    "invoice_is_voided": 0.001,
    "leaves": 0.0007,
}
"""How likely each is for a customer on a day."""
A_DAY = timedelta(hours=23, minutes=45)
BETWEEN_ARRIVALS = timedelta(seconds=40)


@dataclass
class Crowd:
    """Everyone who lives in the account. What Stripe refuses is counted and forgotten."""

    account: Account
    rng: random.Random
    let_pass: Callable[[timedelta], None]
    members: list[Subscriber] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def move_in(self, *, customers: int, seed: int) -> None:
        self.account.configure(account_name="TAI", after_last_retry="unpaid")
        catalogue = create_catalogue(self.account.stripe)
        for known in cast(customers=customers, seed=seed):
            self.let_pass(BETWEEN_ARRIVALS)
            paid = known.plan if known.plan != "free" else "starter"
            profile = Profile(name=known.name, place=known.place, plan=paid, state="healthy")
            member = Subscriber(self.account, catalogue, profile)
            member.arrive()
            member.add_card(self.rng.choice(("visa", "mastercard", "amex")))
            member.subscribe(trial_period_days=self.rng.randint(1, 28))
            self.members.append(member)

    def live_a_day(self) -> None:
        """One after the other, until the company looks at its day."""
        between = A_DAY / (len(self.members) + 1)
        for member in list(self.members):
            self.let_pass(between)
            for name, chance in CHANCES.items():
                if self.rng.random() < chance:
                    self._do(name, member)

    def _do(self, name: str, member: Subscriber) -> None:
        verbs: dict[str, Callable[[], object]] = {
            "bank_refuses": partial(member.bank_refuses, self.rng.choice(CODES)),
            "gets_another_card": partial(member.add_card, "visa"),
            "changes_plan": partial(self._change_plan, member),
            "cancels": member.cancel,
            "disputes": partial(self._with_charge, member, member.dispute),
            "is_refunded": partial(self._with_charge, member, partial(self._refund, member)),
            "buys": partial(member.buy, "custom_rule"),
            "invoice_is_voided": partial(self._void, member),
            "leaves": partial(self._leave, member),
        }
        with suppress(stripe.StripeError, OSError, LookupError):
            verbs[name]()
            self.done[name] += 1

    def _leave(self, member: Subscriber) -> None:
        member.leave()
        self.members.remove(member)

    def _with_charge(self, member: Subscriber, verb: Callable[[str], None]) -> None:
        charges = member.api.v1.charges.list(params={"customer": member.id, "limit": 5}).data
        good = [one.id for one in charges if one.status == "succeeded" and not one.disputed]
        verb(self.rng.choice(good))  # an IndexError of an empty list is a LookupError

    def _refund(self, member: Subscriber, charge: str) -> None:
        params: Any = {"charge": charge, "amount": self.rng.randint(100, 9_900)}
        member.api.v1.refunds.create(params=params)

    def _void(self, member: Subscriber) -> None:
        params: Any = {"customer": member.id, "status": "open", "limit": 1}
        member.api.v1.invoices.void_invoice(member.api.v1.invoices.list(params=params).data[0].id)

    def _change_plan(self, member: Subscriber) -> None:
        subscription = member.api.v1.subscriptions.retrieve(member.ids["subscription"])
        wanted: Any = self.rng.choice(("starter", "professional"))
        price = member.catalogue.price(wanted, member.profile.place.currency)
        item = {"id": subscription["items"].data[0].id, "price": price}
        params: Any = {"items": [item]}
        member.api.v1.subscriptions.update(subscription.id, params=params)
