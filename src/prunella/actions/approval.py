"""A person decides: approves exactly what they were shown, or refuses; else it lapses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella import audit
from prunella.actions import ledger, store, store_approval, watch
from prunella.actions.action import Action, NotTheirsError
from prunella.actions.brake import note_used_up
from prunella.actions.deciding import (
    DECIDERS,
    NOBODY,
    ROLES,
    digest_of,
    may_approve,
    role_needed,
)
from prunella.actions.door import Door
from prunella.actions.own import is_same, own_of
from prunella.actions.policy import Decision, Facts, from_json, to_json
from prunella.actions.store_approval import Approval, Outcome
from prunella.kit.actor import Actor
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer

LAPSE_TIMER = "action.lapse"
DECIDED = "approval.decided"
"""A person has said yes or no, or nobody did in time; the event's subject is the action."""
MAX_NOTE = 1_000
MOST_WAITING = 200
_UPWARDS = (*ROLES, NOBODY)
_DAY = "automatic.day"


class NotWaitingError(Exception):
    """Nobody is asked about this any more: it was decided before, or it lapsed."""


class OwnRequestError(Exception):
    """You asked for this yourself, so somebody else decides."""


class NotYoursError(Exception):
    """Your role may not decide this. The action says which role may."""


class NotAllowedNowError(Exception):
    """The rules no longer allow this, so nobody can approve it. Refuse it, and say why."""


class ChangedError(Exception):
    """What it is about has changed since it was shown. Look at it again, then decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request that waits, as it stands now.

    `role` is the least that may approve, None where the rules allow it to nobody; `shown` names
    the facts, and an approval that carries it is for these and no others. `own`: whoever looks
    asked for it, themselves or by a token that they made.
    """

    action: Action
    asked_at: datetime
    lapses_at: datetime
    role: str | None
    facts: Facts
    shown: str
    changed: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Approvals:
    """What waits for a person. The door judges again whatever is approved."""

    door: Door

    async def decide(
        self, tx: Tx, action_id: str, *, approve: bool, note: str = "", shown: str = ""
    ) -> Outcome | Literal["changed"]:
        """Approve or refuse as the transaction's actor.

        `shown` is the `Waiting.shown` they saw; without it, what was last shown counts. Returns
        `changed` when it is no longer that, and `lapsed` when it came too late: both are to be
        kept. Raises `NotTheirsError` and the errors of this file.
        """
        _must_decide(tx.actor)
        known = await store.get(tx, action_id)
        if known is None:
            raise NotTheirsError
        # The customer's turn comes before the row, as it does wherever something is asked for.
        judged = await self._weigh(tx, known) if approve else None
        action, approval = await _locked(tx, action_id)
        if action.state != "awaiting_approval":
            return _said_before(approval, tx.actor, approve=approve)
        if tx.now >= self._lapses_at(approval):
            await _lapse(tx, action)
            return "lapsed"
        if not judged:
            await _close(tx, action, "refused", note=note)
            return "refused"
        return await self._approve(tx, action, approval, judged, note=note, shown=shown)

    async def _approve(
        self,
        tx: Tx,
        action: Action,
        approval: Approval,
        judged: tuple[Decision, Facts],
        *,
        note: str,
        shown: str,
    ) -> Outcome | Literal["changed"]:
        if await own_of(tx, [action]):
            raise OwnRequestError
        decision, facts = judged
        if digest_of(to_json(facts)) != (shown or digest_of(approval.facts)):
            await store_approval.show(tx, action.id, to_json(facts))
            await audit.record(
                tx, "approval.changed", action.id, customer=action.customer, because="facts"
            )
            return "changed"
        if decision.verdict == "needs_approval":
            raise NotYoursError
        if decision.verdict == "deny":
            raise NotAllowedNowError
        await _close(tx, action, "approved", note=note)
        return "approved"

    async def look(self, tx: Tx, action: Action) -> Waiting | None:
        """Return what waits with today's facts, for a page; None when it does not wait."""
        approval = await store_approval.get(tx, action.id)
        if approval is None or action.state != "awaiting_approval":
            return None
        facts = await self._facts(tx, action)
        changed = facts is None or digest_of(to_json(facts)) != digest_of(approval.facts)
        own = bool(await own_of(tx, [action]))
        return self._waiting(action, approval, facts, changed=changed, own=own)

    async def waiting(self, tx: Tx) -> list[Waiting]:
        """Return what waits, longest first, with the facts that were last shown."""
        asked = await store_approval.waiting(tx, MOST_WAITING)
        known = await store.some(tx, [one.action for one in asked])
        own = await own_of(tx, list(known.values()))
        return [
            self._waiting(
                known[one.action],
                one,
                from_json(one.facts),
                changed=False,
                own=one.action in own,
            )
            for one in asked
        ]

    async def deciders(self, tx: Tx, cases: Sequence[str] | None = None) -> dict[str, str]:
        """Return by case the least role that may decide all that waits on it, else `NOBODY`.

        By the facts that were last shown. A case on which nothing waits is left out. Without
        `cases`, those of the `MOST_WAITING` requests that wait longest.
        """
        found: dict[str, str] = {}
        for case, facts in await store_approval.waiting_on(tx, cases, MOST_WAITING):
            role = role_needed(self.door.policy, from_json(facts)) or NOBODY
            found[case] = max(found.get(case, role), role, key=_UPWARDS.index)
        return found

    async def to_decide(self, tx: Tx, role: str) -> list[str]:
        """Return the cases on which this role may decide all that waits, as `deciders` does."""
        if role not in DECIDERS:
            return []
        found: dict[str, bool] = {}
        for case, facts in await store_approval.waiting_on(tx, None, MOST_WAITING):
            theirs = found.get(case, True) and may_approve(self.door.policy, from_json(facts), role)
            found[case] = theirs
        return [case for case, theirs in found.items() if theirs]

    async def roles(self, tx: Tx, action: str) -> list[str]:
        """Return every role that may approve what waits, by the facts that were last shown."""
        approval = await store_approval.get(tx, action)
        if approval is None or approval.outcome:
            return []
        facts, policy = from_json(approval.facts), self.door.policy
        return [role for role in sorted(DECIDERS) if may_approve(policy, facts, role)]

    async def on_waiting(self, tx: Tx, event: Event) -> None:
        """Listener: put down when it lapses, and be loud about the day's money."""
        action = await store.get(tx, event.subject)
        approval = await store_approval.get(tx, event.subject)
        if action is None or approval is None or action.state != "awaiting_approval":
            return
        await tx.arm(Timer(LAPSE_TIMER, action.id, self._lapses_at(approval)))
        if _DAY in action.decision["rules"]:
            await note_used_up(tx, action)

    async def on_lapse(self, tx: Tx, timer: Timer) -> None:
        """Handler of the timer `action.lapse`."""
        action = await store.lock(tx, timer.subject)
        if action and action.state == "awaiting_approval":
            await _lapse(tx, action)

    def _waiting(
        self,
        action: Action,
        approval: Approval,
        facts: Facts | None,
        *,
        changed: bool,
        own: bool,
    ) -> Waiting:
        return Waiting(
            action=action,
            asked_at=approval.asked_at,
            lapses_at=self._lapses_at(approval),
            role=role_needed(self.door.policy, facts) if facts else None,
            facts=facts or from_json(approval.facts),
            shown=digest_of(to_json(facts)) if facts else "",
            changed=changed,
            own=own,
        )

    async def _facts(self, tx: Tx, action: Action) -> Facts | None:
        try:
            return (await self.door.weigh_again(tx, action, by=tx.actor))[1]
        except NotTheirsError:
            return None

    async def _weigh(self, tx: Tx, action: Action) -> tuple[Decision, Facts]:
        try:
            return await self.door.weigh_again(tx, action, by=tx.actor)
        except NotTheirsError:
            raise NotAllowedNowError from None

    def _lapses_at(self, approval: Approval) -> datetime:
        return approval.asked_at + self.door.policy.limits.approval_lapses_after


async def of_action(tx: Tx, action: str) -> Approval | None:
    """Return what a person was asked about it and said, None where nobody was."""
    return await store_approval.get(tx, action)


async def tie(tx: Tx, action: Action, case: str) -> None:
    """Say in which case people find it."""
    await store_approval.tie(tx, action.id, case)


def _must_decide(actor: Actor) -> None:
    if actor.kind != "staff" or actor.role not in DECIDERS:
        raise NotYoursError


async def _locked(tx: Tx, action_id: str) -> tuple[Action, Approval]:
    action = await store.lock(tx, action_id)
    approval = await store_approval.get(tx, action_id)
    if action is None or approval is None:
        raise NotWaitingError
    return action, approval


def _said_before(approval: Approval, actor: Actor, *, approve: bool) -> Outcome:
    """Whoever sends the same decision again gets the same answer."""
    said: Outcome = "approved" if approve else "refused"
    by = approval.decided_by
    if approval.outcome == said and by and is_same(by, actor):
        return said
    raise NotWaitingError


async def _lapse(tx: Tx, action: Action) -> None:
    await _close(tx, action, "lapsed")


async def _close(tx: Tx, action: Action, outcome: Outcome, *, note: str = "") -> None:
    await store_approval.decide(tx, action.id, outcome, note=note[:MAX_NOTE])
    await tx.disarm(LAPSE_TIMER, action.id)
    await tx.emit(Event(DECIDED, action.id, action.customer))
    state: Literal["approved", "denied"] = "approved" if outcome == "approved" else "denied"
    moved = await ledger.move(tx, action, state, because=f"approval.{outcome}")
    if outcome == "approved":
        await watch.queue(tx, moved.id)
        await watch.watch_approved(tx, moved)
