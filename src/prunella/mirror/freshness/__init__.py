"""How fresh the mirror is, and whether Stripe can be reached."""
