"""Other programs are told what happens here, by the Standard Webhooks scheme."""

from prunella.tiers.desk.hooks import store as log
from prunella.tiers.desk.hooks.endpoint import (
    EVENTS,
    Endpoint,
    UnknownEventError,
    add,
    change,
    change_secret,
    find,
    listed,
    send_again,
)
from prunella.tiers.desk.hooks.telling import Hooks, on_event

__all__ = [
    "EVENTS",
    "Endpoint",
    "Hooks",
    "UnknownEventError",
    "add",
    "change",
    "change_secret",
    "find",
    "listed",
    "log",
    "on_event",
    "send_again",
]
