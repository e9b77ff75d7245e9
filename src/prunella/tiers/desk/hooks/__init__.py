"""Other programs are told what happens here, by the Standard Webhooks scheme."""

from prunella.tiers.desk.hooks.endpoint import (
    EVENTS,
    Endpoint,
    UnknownEventError,
    add,
    change,
    change_secret,
    find,
    listed,
)
from prunella.tiers.desk.hooks.log import Delivery, deliveries, send_again
from prunella.tiers.desk.hooks.telling import Hooks, on_event

__all__ = [
    "EVENTS",
    "Delivery",
    "Endpoint",
    "Hooks",
    "UnknownEventError",
    "add",
    "change",
    "change_secret",
    "deliveries",
    "find",
    "listed",
    "on_event",
    "send_again",
]
