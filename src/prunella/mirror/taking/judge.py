"""What the events of one object mean for the mirror. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from prunella.connectors.stripe.paths import PATHS
from prunella.mirror.inbox.store import Claimed
from prunella.mirror.objects.seen import Object, Seen, unfold_event
from prunella.mirror.objects.store import Mirrored

Plan = Literal["put", "look", "keep"]
"""put: the payload is newer. look: only Stripe can say. keep: there is nothing to store."""

DELETIONS = frozenset({"customer.deleted", "invoice.deleted", "price.deleted", "product.deleted"})
SAME_AS: Mapping[str, str] = MappingProxyType({"card": "payment_method"})
"""Cards of the older shape are read, and kept, as the payment methods that they also are."""
PREVIEWS = frozenset({"invoice.upcoming"})
"""What these carry does not exist at Stripe yet."""
PAYMENTS = frozenset(
    {
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice.payment_failed",
        "invoice.payment_action_required",
    }
)
ON_THEIR_WAY = frozenset({"payment_intent.processing"})
_A_SECOND = timedelta(seconds=1)


class UnknownKindError(Exception):
    """The event is about a kind of object that this version does not know."""


class UnfitPayloadError(Exception):
    """The event's payload is not what its envelope says."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One event with its payload read."""

    event: Claimed
    data: Object
    previous: Mapping[str, Any]


@dataclass(slots=True)
class Work:
    """The events of one object in one batch, and what to do with them."""

    notices: list[Notice]
    known: Mirrored | None
    plan: Plan
    put: Seen | None = None
    extras: list[Seen] = field(default_factory=list)

    @property
    def first(self) -> Claimed:
        return self.notices[0].event

    @property
    def event_ids(self) -> list[str]:
        return [notice.event.event_id for notice in self.notices]

    @property
    def latest(self) -> datetime:
        return self.notices[-1].event.created

    @property
    def sights(self) -> list[Seen]:
        return [self.put, *self.extras] if self.put else self.extras

    @property
    def needs(self) -> set[tuple[str, str]]:
        return set().union(*(seen.needs for seen in self.sights))

    @property
    def payment_of(self) -> str | None:
        """The invoice whose payments belong in the mirror together with these events."""
        paid = any(notice.event.type in PAYMENTS for notice in self.notices)
        return self.first.object_id if paid and self.first.kind == "invoice" else None

    @property
    def on_its_way(self) -> str | None:
        """A payment that a bank works on, for days maybe. It does not say what it pays."""
        slow = any(notice.event.type in ON_THEIR_WAY for notice in self.notices)
        return self.first.object_id if slow else None

    @property
    def balance_of(self) -> str | None:
        """The customer whose balance moved: what moved it has no events of its own."""
        moved = any("balance" in notice.previous for notice in self.notices)
        return self.first.object_id if moved and self.first.kind == "customer" else None

    @property
    def gone_customer(self) -> str | None:
        """The customer that was deleted: what becomes of its cards and plans is not always told."""
        gone = self.first.kind == "customer" and any(
            n.event.type in DELETIONS for n in self.notices
        )
        return self.first.object_id if gone else None


def read_notice(event: Claimed, *, known_kinds: frozenset[str]) -> Notice:
    """Read the payload. Raises UnknownKindError or UnfitPayloadError."""
    if event.kind not in known_kinds:
        raise UnknownKindError(event.kind)
    body = json.loads(event.payload)["data"]
    data, previous = body["object"], body.get("previous_attributes") or {}
    if data.get("object") != event.kind or not isinstance(previous, dict):
        raise UnfitPayloadError
    return Notice(event=event, data=data, previous=previous)


def judge(notices: Sequence[Notice], known: Mirrored | None, *, api_version: str) -> Work:
    """Say what these events of one object ask for; `known` is what the mirror has of it."""
    ordered = sorted(notices, key=lambda notice: (notice.event.created, notice.event.event_id))
    newest = [n for n in ordered if n.event.created == ordered[-1].event.created]
    work = Work(notices=ordered, known=known, plan=_plan(newest, known, api_version))
    if work.plan == "put":
        gone = any(notice.event.type in DELETIONS for notice in newest)
        first, *work.extras = unfold_event(newest[-1].data, newest[-1].event.created)
        work.put = replace(first, deleted=gone)
    return work


def _plan(newest: Sequence[Notice], known: Mirrored | None, api_version: str) -> Plan:
    event = newest[-1].event
    if event.object_id is None or event.type in PREVIEWS:
        return "keep"
    if event.kind not in PATHS:
        return "look" if event.kind in SAME_AS else "keep"
    return _plan_of_mirrored(newest, known, api_version)


def _plan_of_mirrored(newest: Sequence[Notice], known: Mirrored | None, api_version: str) -> Plan:
    event = newest[-1].event
    if known and event.created + _A_SECOND <= known.as_of:
        return "keep"
    if any(notice.event.api_version != api_version for notice in newest):
        return "look"
    if any(notice.data != newest[0].data for notice in newest):
        return "look"
    if known and event.created < known.as_of_until:
        same = newest[0].data == known.data and event.type not in DELETIONS
        return "keep" if same and not known.deleted else "look"
    return "put"
