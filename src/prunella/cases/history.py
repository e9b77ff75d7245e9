"""The history of a case, from the audit log: who did what to it, when, and what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prunella import audit
from prunella.cases.record import Record
from prunella.kit.house import Tx

MAX_STEPS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """`what` is the verb, such as `case.assigned`; `because` a code, never a sentence."""

    at: datetime
    actor_kind: str
    actor_id: str
    what: str
    because: str
    before: Mapping[str, audit.Value]
    after: Mapping[str, audit.Value]


async def history_of(tx: Tx, case: Record) -> list[Step]:
    """Return every step, oldest first; no words of anybody's stand in it."""
    return [_step(entry) for entry in await audit.of_subject(tx, case.id, MAX_STEPS)]


def _step(entry: audit.Entry) -> Step:
    return Step(
        at=entry.at,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        what=entry.verb,
        because=entry.because,
        before=entry.before or {},
        after=entry.after or {},
    )
