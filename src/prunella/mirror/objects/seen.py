"""One sight of an object: what was seen, and between which moments it was so. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from prunella.connectors.stripe.paths import PATHS
from prunella.kit.clock import from_unix

Object = dict[str, Any]

# Fields that Stripe may send as an id or, expanded, as the object itself. The mirror holds the
# id here and the object in a row of its own, so that a field has one shape whoever filled it.
_EXPANDABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "customer": ("invoice_settings.default_payment_method",),
        "payment_method": ("customer",),
        "price": ("product",),
        "subscription": ("customer", "default_payment_method", "latest_invoice"),
        "invoice": ("customer", "default_payment_method"),
        "invoice_payment": ("invoice", "payment.payment_intent", "payment.charge"),
        "payment_intent": ("customer", "payment_method", "latest_charge"),
        "setup_intent": ("customer", "payment_method"),
        "charge": ("customer", "payment_intent"),
        "refund": ("charge", "payment_intent"),
        "dispute": ("charge", "payment_intent"),
        "credit_note": ("customer", "invoice"),
        "customer_balance_transaction": ("customer", "invoice", "credit_note"),
        "checkout.session": (
            "customer",
            "invoice",
            "payment_intent",
            "setup_intent",
            "subscription",
        ),
    }
)
_PARENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "invoice_payment": ("invoice",),
        "refund": ("charge", "payment_intent"),
        "dispute": ("charge", "payment_intent"),
    }
)
_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "customer": ("invoice_settings.default_payment_method", "default_source"),
        "subscription": ("customer", "default_payment_method", "default_source"),
        "invoice": ("customer", "default_payment_method", "default_source"),
        "payment_intent": ("customer", "payment_method"),
        "setup_intent": ("customer", "payment_method"),
        "charge": ("customer",),
        "credit_note": ("customer", "invoice"),
        "checkout.session": ("customer",),
        "invoice_payment": ("invoice",),
        "refund": ("charge",),
        "dispute": ("charge",),
    }
)
_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "cus_": "customer",
        "pm_": "payment_method",
        "card_": "payment_method",
        "in_": "invoice",
        "ch_": "charge",
    }
)
_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as it was at some moment from `since` to `until`, in Stripe's time."""

    kind: str
    id: str
    data: Object
    since: datetime
    until: datetime
    deleted: bool = False

    @property
    def customer(self) -> str | None:
        return self.id if self.kind == "customer" else _text(self.data.get("customer"))

    @property
    def parent(self) -> str | None:
        """The object that knows the customer, where this one does not."""
        names = (_text(self.data.get(name)) for name in _PARENTS.get(self.kind, ()))
        return next((name for name in names if name), None)

    @property
    def status(self) -> str | None:
        return _text(self.data.get("status"))

    @property
    def created(self) -> datetime | None:
        created = self.data.get("created")
        return from_unix(created) if isinstance(created, int) else None

    @property
    def needs(self) -> set[tuple[str, str]]:
        """Kind and id of what must be in the mirror for this one to be understood."""
        names = (_text(_at(self.data, path)) for path in _NEEDED.get(self.kind, ()))
        return {(kind, name) for name in names if name and (kind := kind_of(name))}


def unfold_event(data: Object, created: datetime) -> list[Seen]:
    """An event's payload is so in the second in which the event was created."""
    return unfold(data, since=created, until=created + _A_SECOND)


def missing(kind: str, id: str, *, at: datetime, last: Object | None = None) -> Seen:  # noqa: A002 Stripe's word
    """What is known of an object that Stripe does not have, or no more: what it was at `last`."""
    data = {**(last or {}), "id": id, "object": kind, "deleted": True}
    return Seen(kind, id, data, since=at, until=at, deleted=True)


def unfold(data: Object, *, since: datetime, until: datetime) -> list[Seen]:
    """The object, and one more for each that came expanded inside it."""
    inner: list[Seen] = []
    flat = dict(data)
    for path in _EXPANDABLE.get(data["object"], ()):
        found = _at(flat, path)
        if not isinstance(found, dict) or "id" not in found:
            continue
        flat = _with(flat, path.split("."), found["id"])
        if found.get("object") in PATHS and not found.get("deleted"):
            inner += unfold(found, since=since, until=until)
    gone = bool(flat.get("deleted"))
    return [Seen(flat["object"], flat["id"], flat, since, until, deleted=gone), *inner]


def unfold_page(data: Object, *, since: datetime, until: datetime) -> Iterator[Seen]:
    for item in data["data"]:
        yield from unfold(item, since=since, until=until)


def kind_of(id: str) -> str | None:  # noqa: A002 Stripe's word
    return next((kind for prefix, kind in _PREFIXES.items() if id.startswith(prefix)), None)


def _at(data: Object, path: str) -> Any:
    found: Any = data
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _with(data: Object, path: list[str], value: str) -> Object:
    first, *rest = path
    return {**data, first: _with(data[first], rest, value) if rest else value}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
