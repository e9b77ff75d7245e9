"""Sends what was approved, settles what came.

One transaction marks an action as being sent, before the call; another settles it, after. A job
that finds one being sent knows that whoever sent it is gone, and looks before anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from prunella.actions import brake, ledger, settle, store, watch
from prunella.actions.action import Action
from prunella.actions.carry_out.access import KIND, OwnSystem
from prunella.actions.carry_out.call import Call
from prunella.actions.carry_out.calls import send
from prunella.actions.look import ALL_VERDICTS, Seen, Verdict, look
from prunella.connectors.stripe.errors import StripeProblem
from prunella.connectors.stripe.reads import Reads
from prunella.connectors.stripe.writes import Done, Later, Refused, Unsure, Writes
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

log = structlog.get_logger()

MAX_SENDS = 5
_MAX_STEPS = 2 * MAX_SENDS + 2


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Job `actions.carry_out`, with {action}. `own` is the company's own system.

    `public_url` is where our own pages begin.
    """

    house: House
    writes: Writes
    reads: Reads
    own: OwnSystem
    public_url: str

    async def __call__(self, *, action: str) -> None:
        """Raises `Later` when Stripe cannot be reached: the queue then tries again."""
        taken, trusted = await self._take(action), ALL_VERDICTS
        for _ in range(_MAX_STEPS):
            if taken is None:
                return
            if taken.state == "submitting":
                taken, trusted = await self._send(taken)
            else:
                taken = await self._look(taken, trusted=trusted)

    async def _take(self, action_id: str) -> Action | None:
        async with self.house.transaction(SYSTEM) as tx:
            action = await store.lock(tx, action_id)
            match action and action.state:
                case "approved" if action and await brake.holds(tx, action):
                    await brake.hold(tx, action)
                case "approved" if action:
                    return await settle.submit(tx, action, because="worker.sends")
                case "submitting" if action:
                    return await settle.lose_sight(tx, action, because="worker.lost")
                case "unknown":
                    return action
        return None

    async def _send(self, action: Action) -> tuple[Action | None, frozenset[Verdict]]:
        """Call Stripe. Returns the action when it has to be looked at, and what to believe then."""
        try:
            done = await self._call(action)
        except Later as problem:
            await self._give_back(action, because=str(problem))
            raise
        except Unsure as problem:
            log.warning("may have happened", action=action.id, problem=repr(problem.__cause__))
            lost = await self._lose_sight(action, because=str(problem), known=problem.facts)
            return lost, settle.trusted_after(action, answered=problem.answered)
        except Refused as problem:
            await self._refused(action, problem)
        else:
            await self._done(action, done)
        return None, ALL_VERDICTS

    async def _done(self, action: Action, done: Done) -> None:
        async with self.house.transaction(SYSTEM) as tx:
            await settle.succeed(tx, action, done.facts, because="stripe.answered")
            if done.url and done.expires_at:
                await settle.keep_url(tx, action, done.url, done.expires_at)

    async def _call(self, action: Action) -> Done:
        async with self.house.transaction(SYSTEM) as tx:
            customer = await settle.stripe_customer_of(tx, action)
        call = Call(
            action=action,
            customer=customer,
            writes=self.writes,
            reads=self.reads,
            own=self.own,
            public_url=self.public_url,
        )
        return await send(call)

    async def _give_back(self, action: Action, *, because: str) -> None:
        """Nothing was sent. What was sent before that and not found is looked at again first."""
        async with self.house.transaction(SYSTEM) as tx:
            mine = await settle.still_mine(tx, action)
            if mine is None or mine.state != "submitting":
                return
            if mine.attempts > 1:
                await settle.lose_sight(tx, mine, because=because)
                return
            blank = {"attempts": 0, "submitted_at": None}
            await ledger.move(tx, mine, "approved", because=because, **blank)
            await watch.watch_approved(tx, mine)

    async def _lose_sight(
        self, action: Action, *, because: str, known: Mapping[str, Any]
    ) -> Action | None:
        async with self.house.transaction(SYSTEM) as tx:
            mine = await settle.still_mine(tx, action)
            if mine is None or mine.state != "submitting":
                return mine
            return await settle.lose_sight(tx, mine, because=because, result=dict(known))

    async def _refused(self, action: Action, problem: Refused) -> None:
        """A no is a no, unless what was wanted is there already."""
        seen = Seen("still_unclear")
        if problem.kind == "refused":
            seen = await self._see(action)
        async with self.house.transaction(SYSTEM) as tx:
            if seen.verdict == "happened":
                await settle.succeed(tx, action, seen.evidence, because="stripe.was_so")
            else:
                error = {"class": problem.kind, "code": problem.code, **problem.facts}
                await settle.fail(tx, action, error, because="stripe.refused")

    async def _look(self, action: Action, *, trusted: frozenset[Verdict]) -> Action | None:
        """Settle by looking. Returns the action when it is to be sent again."""
        seen = await self._see(action)
        async with self.house.transaction(SYSTEM) as tx:
            mine = await settle.still_mine(tx, action)
            if mine is None or mine.state != "unknown":
                return None
            return await settle.by_looking(
                tx, mine, seen, trusted=trusted, may_send=mine.attempts < MAX_SENDS
            )

    async def _see(self, action: Action) -> Seen:
        if action.kind == KIND:
            return await self.own.look(action)
        async with self.house.transaction(SYSTEM) as tx:
            claimed = await store.charges_of_others(tx, action)
        try:
            return await look(self.reads, action, claimed=claimed)
        except StripeProblem as problem:
            return Seen("still_unclear", {"problem": type(problem).__name__})
