"""The made-up company's own system: what its customers may use, beside what Stripe says."""

from prunella_sandbox.product.entitlements import Entitlements, Usable

__all__ = ["Entitlements", "Usable"]
