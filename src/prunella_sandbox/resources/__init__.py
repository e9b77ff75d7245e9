"""Stripe's resources, one a file: its shape, its verbs, its routes."""
