"""All routes of the API, one line a resource."""

from __future__ import annotations

from prunella_sandbox.resources import (
    charges,
    customers,
    events,
    invoice_items,
    invoice_payments,
    invoices,
    payment_intents,
    payment_methods,
    prices,
    products,
    subscriptions,
    webhook_endpoints,
)
from prunella_sandbox.routes import Route

ALL_ROUTES: tuple[Route, ...] = (
    *charges.ROUTES,
    *customers.ROUTES,
    *events.ROUTES,
    *invoice_items.ROUTES,
    *invoice_payments.ROUTES,
    *invoices.ROUTES,
    *payment_intents.ROUTES,
    *payment_methods.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *subscriptions.ROUTES,
    *webhook_endpoints.ROUTES,
)
