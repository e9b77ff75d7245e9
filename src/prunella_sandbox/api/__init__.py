"""Stripe's API over HTTP, and the sandbox's own controls beside it."""
