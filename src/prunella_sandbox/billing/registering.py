"""New customers, whoever brings them: the API, or a page where somebody pays."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

TEXTS = ("name", "email", "phone", "description", "business_name", "individual_name")


def register(world: World, **details: Any) -> Obj:
    """Store a new customer; the event is the caller's."""
    blank: Obj = dict.fromkeys((*TEXTS, "address", "shipping", "currency", "test_clock"))
    known = blank | {
        "balance": 0,
        "default_source": None,
        "delinquent": False,
        "discount": None,
        "invoice_prefix": world.new_secret(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
        "customer_account": None,
    }
    return world.insert("customer", **(known | details))
