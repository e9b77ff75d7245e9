"""What is asked for, what becomes of it, and what is wrong with a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prunella.actions.states import OPEN, State
from prunella.kit.actor import Actor


class BadRequestError(Exception):
    """This request cannot be understood. Check its kind and what belongs to that kind."""


class UnknownKindError(BadRequestError):
    """There is no action of this kind."""


class NotTheirsError(Exception):
    """This customer has no such object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequest:
    """Ask for one change outside.

    `customer` is our id or `cus_…`; `target` the Stripe id it is about; `amount` in minor units.
    `params` depend on the kind: `payment_method` (set_payment_method; retry_payment: pay with
    it), `flow` (open_portal), `mode` or `copy_of` (open_checkout), `return_path` (both: where on
    our pages the customer comes back to). `business_key` names the attempt: while one is open,
    asking again gives it back. `actor` is who asks, where a listener goes on for them; else the
    transaction's.
    """

    kind: str
    customer: str
    target: str
    business_key: str
    reason: str = ""
    amount: int | None = None
    currency: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    contact: str | None = None
    case: str | None = None
    actor: Actor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A request with its decision and what came of it.

    `decision` is {verdict, rules, explanation, explanation_for_staff, content}; `result` holds
    Stripe's ids and facts; `error` {class, code, decline_code, advice_code, charge, words}, with
    words that a customer may read. Its id is the key that Stripe knows the attempt by.
    """

    id: str
    kind: str
    customer: str
    target: str
    amount: int | None
    currency: str | None
    reason: str
    params: dict[str, str]
    requested_by: Actor
    state: State
    decision: dict[str, Any]
    business_key: str
    contact: str | None
    case: str | None
    created_at: datetime
    submitted_at: datetime | None
    attempts: int
    looks: int
    settled_at: datetime | None
    result: dict[str, Any]
    error: dict[str, Any] | None

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def error_code(self) -> str | None:
        """What anyone may read; the bank's own `decline_code` may be concealed."""
        return (self.error.get("code") or self.error["class"]) if self.error else None


@dataclass(frozen=True, slots=True)
class Step:
    """One state in the life of an action, since when, and why."""

    state: State
    at: datetime
    because: str
