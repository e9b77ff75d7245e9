"""SQL of freshness."""

from dataclasses import dataclass
from datetime import datetime

from prunella.connectors.stripe.reads import Contact
from prunella.kit.clock import system_now
from prunella.kit.house import Tx

COUNTED_UP_TO = 10_000


@dataclass(frozen=True, slots=True)
class Status:
    """How fresh the mirror is. `received_at` and `taken_at` are system time, the rest Stripe's.

    `own_source`: the company's own system says what customers may use.
    """

    event_created: datetime | None
    event_taken_at: datetime | None
    waiting: int
    waiting_created: datetime | None
    waiting_received_at: datetime | None
    aside: int
    answered_at: datetime | None
    failed_at: datetime | None
    problem: str | None
    synced_at: datetime | None
    own_source: bool

    @property
    def reachable(self) -> bool:
        """Whether Stripe answered when it was last asked; also true when it never was."""
        if self.failed_at is None:
            return True
        return self.answered_at is not None and self.answered_at > self.failed_at

    @property
    def as_of(self) -> datetime | None:
        """Up to when the mirror has everything that Stripe told us; None before the first word."""
        if self.waiting_created:
            return self.waiting_created
        known = (self.event_created, self.answered_at, self.synced_at)
        return max((at for at in known if at), default=None)

    @property
    def lag_s(self) -> float:
        """How long the oldest event that waits has been waiting."""
        if self.waiting_received_at is None:
            return 0.0
        return max(0.0, (system_now() - self.waiting_received_at).total_seconds())


_STATUS = """
select event_created, event_taken_at, answered_at, failed_at, problem,
  (select count(*) from (select 1 from stripe_inbox where state = 'waiting' limit %(most)s) w)
    as waiting,
  (select created from stripe_inbox where state = 'waiting' order by not_before limit 1)
    as waiting_created,
  (select received_at from stripe_inbox where state = 'waiting' order by not_before limit 1)
    as waiting_received_at,
  (select count(*) from (select 1 from stripe_inbox where state = 'aside' limit %(most)s) a)
    as aside,
  (select case when bool_and(finished_at is not null) then min(started_at) end from mirror_sync)
    as synced_at,
  exists (select from entitlement_source where kind <> 'mirror') as own_source
from mirror_contact
"""
_TAKEN = """
update mirror_contact
set event_created = greatest(event_created, %s), event_taken_at = greatest(event_taken_at, %s)
"""
_CONTACT = """
update mirror_contact
set answered_at = greatest(answered_at, %(answered)s), failed_at = greatest(failed_at, %(failed)s),
    problem = %(problem)s
where answered_at is distinct from greatest(answered_at, %(answered)s)
   or failed_at is distinct from greatest(failed_at, %(failed)s)
"""


async def status(tx: Tx) -> Status:
    row = await tx.one(_STATUS, {"most": COUNTED_UP_TO})
    if row is None:
        message = "mirror_contact has lost its row: insert it again with `default values`"
        raise LookupError(message)
    return Status(**row)


async def note_taken(tx: Tx, newest: datetime) -> None:
    await tx.execute(_TAKEN, (newest, system_now()))


async def note_contact(tx: Tx, contact: Contact) -> None:
    """Keep when Stripe last answered this process, or did not."""
    params = {
        "answered": contact.answered_at,
        "failed": contact.failed_at,
        "problem": contact.problem,
    }
    await tx.execute(_CONTACT, params)
