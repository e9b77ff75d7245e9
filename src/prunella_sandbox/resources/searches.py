"""Search, over the kinds that Stripe can search."""

from __future__ import annotations

from functools import partial

from prunella_sandbox.routes import Route
from prunella_sandbox.searching import matching

URLS = {
    "charge": "/v1/charges/search",
    "customer": "/v1/customers/search",
    "invoice": "/v1/invoices/search",
    "payment_intent": "/v1/payment_intents/search",
    "price": "/v1/prices/search",
    "product": "/v1/products/search",
    "subscription": "/v1/subscriptions/search",
}

ROUTES = tuple(
    Route("GET", url, partial(matching, kind=kind, url=url)) for kind, url in URLS.items()
)
