"""Cards in the older shape that customers' `sources` still have.

The sandbox keeps them as PaymentMethods whose id begins with `card_`, which is also how Stripe
lets them be used.
"""

from __future__ import annotations

from prunella_sandbox.store import Obj

BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "MasterCard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def is_source(method: Obj) -> bool:
    return str(method["id"]).startswith("card_")


def as_source(method: Obj) -> Obj:
    card, details = method["card"], method["billing_details"]
    address = details["address"] or {}
    copied = ("country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    return {
        "id": method["id"],
        "object": "card",
        **{f"address_{name}": address.get(name) for name in ("city", "country", "state")},
        **{f"address_{name}": address.get(name) for name in ("line1", "line2")},
        "address_line1_check": None,
        "address_zip": address.get("postal_code"),
        "address_zip_check": None,
        "allow_redisplay": "unspecified",
        "brand": BRANDS[card["brand"]],
        **{name: card[name] for name in copied},
        "customer": method["customer"],
        "cvc_check": "pass",
        "dynamic_last4": None,
        "metadata": method["metadata"],
        "name": details["name"],
        "regulated_status": "unregulated",
        "tokenization_method": None,
    }
