"""Compares Stripe's lists with the mirror, and mends what no webhook told."""
