"""What `prunella sync` reads, and how each kind is listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Listing:
    """Filters and expansions of one kind's list. Default payment methods come along expanded."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    expand: tuple[str, ...] = ()


SYNCED: Mapping[str, Listing] = MappingProxyType(
    {
        "product": Listing(),
        "price": Listing(),
        "customer": Listing(expand=("data.invoice_settings.default_payment_method",)),
        "subscription": Listing({"status": "all"}, ("data.default_payment_method",)),
        "invoice": Listing(expand=("data.default_payment_method",)),
        "invoice_payment": Listing(),
        "payment_intent": Listing(),
        "setup_intent": Listing(),
        "charge": Listing(),
        "refund": Listing(),
        "dispute": Listing(),
        "credit_note": Listing(),
        "checkout.session": Listing(),
    }
)
