"""The only place that changes anything at Stripe: sends what was approved, settles what came.

One transaction marks an action as being sent, before the call; another settles it, after. A job
that finds one being sent knows that whoever sent it is gone, and looks before anything else.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from prunella.actions import ledger, settle, store, watch
from prunella.actions.action import Action
from prunella.actions.look import ALL_VERDICTS, Seen, Verdict, look
from prunella.connectors.stripe.errors import StripeAway, StripeProblem
from prunella.connectors.stripe.reads import Reads
from prunella.connectors.stripe.writes import Done, Later, Refused, Unsure, Writes
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

log = structlog.get_logger()

MAX_SENDS = 5
_MAX_STEPS = 2 * MAX_SENDS + 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Job `actions.carry_out`, with {action}. `public_url` is where our own pages begin."""

    house: House
    writes: Writes
    reads: Reads
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
            lost = await self._lose_sight(action, because=str(problem))
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
        match action.kind:
            case "retry_payment":
                return await self.writes.retry_payment(
                    invoice=action.target,
                    payment_method=action.params.get("payment_method"),
                    off_session=off_session(action),
                    key=action.id,
                )
            case "set_payment_method":
                return await self.writes.set_payment_method(
                    owner=action.target,
                    customer=await self._customer_of(action),
                    payment_method=action.params["payment_method"],
                    key=action.id,
                )
            case "open_portal":
                return await self.writes.open_portal(
                    customer=action.target,
                    return_url=self._return_url(action),
                    flow=action.params.get("flow", ""),
                    key=action.id,
                )
            case "open_checkout":
                return await self._open_checkout(action)
        return await self._call_about_account(action)

    async def _call_about_account(self, action: Action) -> Done:
        match action.kind:
            case "refund":
                return await self.writes.refund(
                    charge=action.target,
                    amount=action.amount or 0,
                    currency=action.currency or "",
                    key=action.id,
                )
            case "send_invoice":
                return await self.writes.send_invoice(invoice=action.target, key=action.id)
            case "update_billing_details":
                return await self.writes.update_billing_details(
                    customer=action.target, details=action.params, key=action.id
                )
            case "resume_subscription":
                return await self.writes.resume_subscription(
                    subscription=action.target,
                    how=action.params["how"],
                    key=action.id,
                )
            case "change_plan":
                return await self._change_plan(action)
        raise Refused(kind="refused", code="unknown_kind")

    async def _change_plan(self, action: Action) -> Done:
        """What was previewed is what is done: a price that moved meanwhile asks again."""
        item, price = action.params["item"], action.params["price"]
        at = int(action.params["proration_date"])
        preview = await self._read(
            self.reads.preview_change(
                subscription=action.target, item=item, price=price, proration_date=at
            )
        )
        if preview is None or preview["amount_due"] != action.amount:
            raise Refused(kind="changed", code="preview_changed")
        return await self.writes.change_plan(
            subscription=action.target, item=item, price=price, proration_date=at, key=action.id
        )

    async def _open_checkout(self, action: Action) -> Done:
        copy_of, url = action.params.get("copy_of"), self._return_url(action)
        if not copy_of:
            return await self.writes.open_card_page(
                customer=action.target, return_url=url, key=action.id
            )
        expired = await self._read(self.reads.checkout_session(copy_of))
        items = await self._read(self.reads.line_items(copy_of))
        if expired is None:
            raise Refused(kind="refused", code="resource_missing")
        return await self.writes.open_checkout_again(
            customer=action.target, expired=expired, items=items, return_url=url, key=action.id
        )

    async def _read(self, reading: Awaitable[T]) -> T:
        """Read what a write stands on; a problem with that means that nothing was sent."""
        try:
            return await reading
        except StripeAway as problem:
            raise Later(type(problem).__name__) from problem
        except StripeProblem as problem:
            raise Refused(kind="refused", code=problem.code) from problem

    async def _customer_of(self, action: Action) -> str:
        async with self.house.transaction(SYSTEM) as tx:
            return await settle.stripe_customer_of(tx, action)

    def _return_url(self, action: Action) -> str:
        return self.public_url + action.params.get("return_path", "/billing")

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

    async def _lose_sight(self, action: Action, *, because: str) -> Action | None:
        async with self.house.transaction(SYSTEM) as tx:
            mine = await settle.still_mine(tx, action)
            if mine is None or mine.state != "submitting":
                return mine
            return await settle.lose_sight(tx, mine, because=because)

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
        async with self.house.transaction(SYSTEM) as tx:
            claimed = await store.charges_of_others(tx, action)
        try:
            return await look(self.reads, action, claimed=claimed)
        except StripeProblem as problem:
            return Seen("still_unclear", {"problem": type(problem).__name__})


def off_session(action: Action) -> bool:
    """Whether nobody is there to answer the bank: also for what a customer asked for earlier."""
    return action.requested_by.kind != "customer" or action.params.get("off_session") == "true"
