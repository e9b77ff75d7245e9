"""All routes of the API, one line a resource."""

from __future__ import annotations

from prunella_sandbox.resources import (
    balance_changes,
    charges,
    checkout_sessions,
    customers,
    disputes,
    events,
    invoice_items,
    invoice_payments,
    invoices,
    meter_events,
    meters,
    payment_intents,
    payment_methods,
    portal_sessions,
    prices,
    products,
    refunds,
    setup_intents,
    sources,
    subscription_items,
    subscriptions,
    webhook_endpoints,
)
from prunella_sandbox.routes import Route

ALL_ROUTES: tuple[Route, ...] = (
    *balance_changes.ROUTES,
    *charges.ROUTES,
    *checkout_sessions.ROUTES,
    *customers.ROUTES,
    *disputes.ROUTES,
    *events.ROUTES,
    *invoice_items.ROUTES,
    *invoice_payments.ROUTES,
    *invoices.ROUTES,
    *meter_events.ROUTES,
    *meters.ROUTES,
    *payment_intents.ROUTES,
    *payment_methods.ROUTES,
    *portal_sessions.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *refunds.ROUTES,
    *setup_intents.ROUTES,
    *sources.ROUTES,
    *subscription_items.ROUTES,
    *subscriptions.ROUTES,
    *webhook_endpoints.ROUTES,
)
