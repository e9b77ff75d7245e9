"""Stripe: reads for everyone, writes behind the one door."""
