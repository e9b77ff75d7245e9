"""Our copy of Stripe: what it tells us is stored, taken in, and read from here."""

from prunella.mirror.entitlements.reading import (
    READ,
    SETTLES_IN,
    Readings,
    ask_soon,
    on_due,
    on_plan_changed,
)
from prunella.mirror.entitlements.standing import GIVES, standing_of
from prunella.mirror.entitlements.store import Entitlement, entitlement_of, set_source
from prunella.mirror.freshness.store import Status, status
from prunella.mirror.inbox.receive import BodyTooLargeError, Inbox, InboxUnavailableError
from prunella.mirror.inbox.signature import BadSignatureError, check_signature
from prunella.mirror.inbox.store import Aside, aside, let_be, payload_of, put_back
from prunella.mirror.objects.store import Mirrored, find, get
from prunella.mirror.objects.store_account import Account, account
from prunella.mirror.objects.store_of_customer import customers, objects_of
from prunella.mirror.objects.store_prices import hold, prices
from prunella.mirror.objects.store_search import customers_at, customers_like
from prunella.mirror.refresh import BusyObjectError, refresh, refresh_customer
from prunella.mirror.sweep.run import SweepReport, sweep
from prunella.mirror.sweep.store import Found, Swept, last_sweeps
from prunella.mirror.sync.progress import KindProgress, Progress
from prunella.mirror.sync.run import sync
from prunella.mirror.taking.take import take_batch
from prunella.mirror.upkeep import catch_up, forget_done, probe

__all__ = [
    "GIVES",
    "READ",
    "SETTLES_IN",
    "Account",
    "Aside",
    "BadSignatureError",
    "BodyTooLargeError",
    "BusyObjectError",
    "Entitlement",
    "Found",
    "Inbox",
    "InboxUnavailableError",
    "KindProgress",
    "Mirrored",
    "Progress",
    "Readings",
    "Status",
    "SweepReport",
    "Swept",
    "account",
    "aside",
    "ask_soon",
    "catch_up",
    "check_signature",
    "customers",
    "customers_at",
    "customers_like",
    "entitlement_of",
    "find",
    "forget_done",
    "get",
    "hold",
    "last_sweeps",
    "let_be",
    "objects_of",
    "on_due",
    "on_plan_changed",
    "payload_of",
    "prices",
    "probe",
    "put_back",
    "refresh",
    "refresh_customer",
    "set_source",
    "standing_of",
    "status",
    "sweep",
    "sync",
    "take_batch",
]
