"""All routes of the API, one line a resource."""

from __future__ import annotations

from prunella_sandbox.resources import (
    charges,
    checkout_sessions,
    customers,
    disputes,
    events,
    invoice_items,
    invoice_payments,
    invoices,
    payment_intents,
    payment_methods,
    portal_sessions,
    prices,
    products,
    refunds,
    setup_intents,
    sources,
    subscriptions,
    webhook_endpoints,
)
from prunella_sandbox.routes import Route

ALL_ROUTES: tuple[Route, ...] = (
    *charges.ROUTES,
    *checkout_sessions.ROUTES,
    *customers.ROUTES,
    *disputes.ROUTES,
    *events.ROUTES,
    *invoice_items.ROUTES,
    *invoice_payments.ROUTES,
    *invoices.ROUTES,
    *payment_intents.ROUTES,
    *payment_methods.ROUTES,
    *portal_sessions.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *refunds.ROUTES,
    *setup_intents.ROUTES,
    *sources.ROUTES,
    *subscriptions.ROUTES,
    *webhook_endpoints.ROUTES,
)
