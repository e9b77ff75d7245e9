"""Stripe: reads for everyone, writes behind the one door."""

from prunella.connectors.stripe.errors import (
    StripeAway,
    StripeNotFound,
    StripeProblem,
    StripeRefused,
    StripeUnreachable,
)
from prunella.connectors.stripe.reads import Reads

__all__ = [
    "Reads",
    "StripeAway",
    "StripeNotFound",
    "StripeProblem",
    "StripeRefused",
    "StripeUnreachable",
]
