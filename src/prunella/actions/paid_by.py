"""Which payments an invoice was paid with. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]
Known = Mapping[str, Sequence[Object]]


def charges_of(invoice: str, known: Known) -> list[Object]:
    """Return the charges that took money for this invoice."""
    intents = intents_of(invoice, known)
    return [
        one
        for one in known["charge"]
        if id_of(one.get("payment_intent")) in intents and one.get("status") == "succeeded"
    ]


def invoices_of(charge: Object, known: Known) -> list[Object]:
    """Return the invoices that this charge paid: rarely more than one."""
    intent = id_of(charge.get("payment_intent"))
    return [one for one in known["invoice"] if intent in intents_of(one["id"], known)]


def intents_of(invoice: str, known: Known) -> set[str]:
    payments = [one for one in known["invoice_payment"] if id_of(one.get("invoice")) == invoice]
    held = (id_of((one.get("payment") or {}).get("payment_intent")) for one in payments)
    return {name for name in held if name}


def id_of(held: Any) -> Any:
    """Stripe shows a thing by its id, or whole."""
    return held.get("id") if isinstance(held, dict) else held
