"""Where a set-up link leads."""

from prunella.settings import Settings


def setup_address(settings: Settings, secret: str) -> str:
    return f"{settings.public_url}/join/{secret}"
