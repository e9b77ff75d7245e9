"""A stand-in for Stripe with state, for one process, in memory.

`create_app` gives an ASGI app that the official SDK talks to; `World` is what it stands on.
"""

from prunella_sandbox.api.app import create_app
from prunella_sandbox.clock import Clock
from prunella_sandbox.settings import Settings
from prunella_sandbox.world import World

__all__ = ["Clock", "Settings", "World", "create_app"]
