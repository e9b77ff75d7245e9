"""Our copy of Stripe: what it tells us is stored, taken in, and read from here."""

from prunella.mirror.freshness.store import Status, status
from prunella.mirror.inbox.receive import BodyTooLargeError, Inbox, InboxUnavailableError
from prunella.mirror.inbox.signature import BadSignatureError, check_signature
from prunella.mirror.inbox.store import Aside, aside, payload_of, put_back
from prunella.mirror.objects.store import Mirrored, find, get
from prunella.mirror.objects.store_of_customer import customers, objects_of
from prunella.mirror.objects.store_prices import hold, prices
from prunella.mirror.refresh import BusyObjectError, refresh, refresh_customer
from prunella.mirror.sync.progress import KindProgress, Progress
from prunella.mirror.sync.run import sync
from prunella.mirror.taking.take import take_batch
from prunella.mirror.upkeep import catch_up, forget_done, probe

__all__ = [
    "Aside",
    "BadSignatureError",
    "BodyTooLargeError",
    "BusyObjectError",
    "Inbox",
    "InboxUnavailableError",
    "KindProgress",
    "Mirrored",
    "Progress",
    "Status",
    "aside",
    "catch_up",
    "check_signature",
    "customers",
    "find",
    "forget_done",
    "get",
    "hold",
    "objects_of",
    "payload_of",
    "prices",
    "probe",
    "put_back",
    "refresh",
    "refresh_customer",
    "status",
    "sync",
    "take_batch",
]
