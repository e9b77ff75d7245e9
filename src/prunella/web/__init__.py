"""The web: pages, API, webhooks, sign-in."""

from prunella.web.app import create_app

__all__ = ["create_app"]
