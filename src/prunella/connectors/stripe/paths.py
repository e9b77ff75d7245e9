"""Where the objects that we mirror live in Stripe's API. A kind is Stripe's `object`."""

from collections.abc import Mapping
from types import MappingProxyType

import stripe
from stripe._object_classes import OBJECT_CLASSES

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "product": "/v1/products",
        "price": "/v1/prices",
        "customer": "/v1/customers",
        "payment_method": "/v1/payment_methods",
        "subscription": "/v1/subscriptions",
        "invoice": "/v1/invoices",
        "invoice_payment": "/v1/invoice_payments",
        "payment_intent": "/v1/payment_intents",
        "setup_intent": "/v1/setup_intents",
        "charge": "/v1/charges",
        "refund": "/v1/refunds",
        "dispute": "/v1/disputes",
        "credit_note": "/v1/credit_notes",
        "checkout.session": "/v1/checkout/sessions",
    }
)

OF_CUSTOMER: Mapping[str, str] = MappingProxyType(
    {"customer_balance_transaction": "/v1/customers/{customer}/balance_transactions"}
)
"""Kinds that Stripe lists and shows only under their customer."""

KNOWN_KINDS = frozenset(OBJECT_CLASSES)
"""Every kind of object that the pinned SDK knows, mirrored or not."""

API_VERSION = stripe.api_version
"""The shape of data that this code reads: the version that the pinned SDK was made for."""

EXPAND_PAYMENT = (
    "data.payment.payment_intent.latest_charge",
    "data.payment.payment_intent.payment_method",
)
"""What stands behind an invoice payment: the intent, its newest charge, the method used."""

EXPAND_CUSTOMER = ("invoice_settings.default_payment_method",)
