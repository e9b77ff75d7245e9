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
    remove,
)
from prunella.tiers.desk.hooks.log import Delivery, deliveries, delivery, send_again
from prunella.tiers.desk.hooks.telling import Hooks, NotToldError, on_event, send_test

__all__ = [
    "EVENTS",
    "Delivery",
    "Endpoint",
    "Hooks",
    "NotToldError",
    "UnknownEventError",
    "add",
    "change",
    "change_secret",
    "deliveries",
    "delivery",
    "find",
    "listed",
    "on_event",
    "remove",
    "send_again",
    "send_test",
]
