"""Webhooks on their way out: signed, retried, and in whatever order a test wants."""
