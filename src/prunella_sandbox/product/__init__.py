"""The made-up company's own system: what its customers may use, beside what Stripe says."""

from prunella_sandbox.product.entitlements import Entitlements, Usable
from prunella_sandbox.product.routes import Way, product_routes

__all__ = ["Entitlements", "Usable", "Way", "product_routes"]
