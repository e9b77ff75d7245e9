"""What customers may use by the company's own system. In tests a fake that passes the same."""

from prunella.connectors.subscriptions.errors import (
    KeyNotTaken,
    NeverAsked,
    NotTaken,
    SubscriptionsAway,
    SubscriptionsProblem,
    UnreadableAnswer,
)
from prunella.connectors.subscriptions.fake import MemorySource
from prunella.connectors.subscriptions.http import HttpSource
from prunella.connectors.subscriptions.source import Asked, Kind, Mirrored, Source
from prunella.connectors.subscriptions.sql import SqlSource
from prunella.connectors.subscriptions.usable import Usable

__all__ = [
    "Asked",
    "HttpSource",
    "KeyNotTaken",
    "Kind",
    "MemorySource",
    "Mirrored",
    "NeverAsked",
    "NotTaken",
    "Source",
    "SqlSource",
    "SubscriptionsAway",
    "SubscriptionsProblem",
    "UnreadableAnswer",
    "Usable",
]
