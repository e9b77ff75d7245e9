"""What a customer may use, brought up to what Stripe says, in the company's own system."""

from dataclasses import dataclass

from prunella import mirror, people
from prunella.actions.action import Action
from prunella.actions.seen import Seen
from prunella.connectors.stripe.writes import Done, Later, Refused, Unsure
from prunella.connectors.subscriptions import (
    KeyNotTaken,
    NeverAsked,
    Source,
    SubscriptionsAway,
    SubscriptionsProblem,
    Usable,
)
from prunella.diagnostics import Access, Entitlement, entitlement_of
from prunella.kit.actor import SYSTEM

KIND = "sync_entitlement"
NOT_REACHED, NO_ANSWER, NOT_SEEN = "not_reached", "no_answer", "not_seen_yet"
TAKEN = "taken"
"""In an action's result: it was taken there, and is not to be sent again for not being seen."""


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """The company's own system, to read and to change."""

    readings: mirror.Readings
    source: Source

    async def sync(self, action: Action) -> Done:
        """Have them use what they pay for, as it is now. Raises `Later`, `Unsure` or `Refused`."""
        wanted = _wanted(await self._known(action))
        if wanted is None:
            raise Refused(kind="refused", code="not_comparable")
        await self._bring(action, wanted)
        seen = await self.look(action)
        if seen.verdict != "happened":
            raise Unsure(NOT_SEEN, answered=True, facts={TAKEN: True})
        return Done(seen.evidence)

    async def look(self, action: Action) -> Seen:
        """Read it there, and hold it against what they pay for now."""
        try:
            await self.readings.look(action.target)
        except SubscriptionsProblem as problem:
            return Seen("still_unclear", {"problem": type(problem).__name__})
        known = await self._known(action)
        wanted = _wanted(known)
        if known is None or wanted is None:
            return Seen("refused", {"code": "not_comparable"})
        if known.compared == "uses_the_same":
            return Seen("happened", _facts(wanted))
        return Seen("still_unclear" if action.result.get(TAKEN) else "did_not_happen")

    async def _bring(self, action: Action, wanted: Usable) -> None:
        try:
            await self.source.bring(action.target, wanted, key=action.id)
        except NeverAsked as problem:
            raise Later(NOT_REACHED) from problem
        except SubscriptionsAway as problem:
            raise Unsure(NO_ANSWER) from problem
        except SubscriptionsProblem as problem:
            raise Refused(kind="refused", code=_code_of(problem)) from problem

    async def _known(self, action: Action) -> Entitlement | None:
        async with self.readings.house.transaction(SYSTEM) as tx:
            customer = await people.find_customer(tx, action.customer)
            return await entitlement_of(tx, customer) if customer else None


def _code_of(problem: SubscriptionsProblem) -> str:
    return "key_refused" if isinstance(problem, KeyNotTaken) else "not_taken"


def _wanted(known: Entitlement | None) -> Usable | None:
    """What they pay for, as the company's own system is told it; None where that is not certain."""
    paid: Access | None = known.paid if known else None
    if paid is None:
        return None
    return Usable(plan=paid.plan, active=paid.level > 0, quantity=paid.quantity)


def _facts(wanted: Usable) -> dict[str, str | int]:
    told = {"plan": wanted.plan, "quantity": wanted.quantity}
    return {name: value for name, value in told.items() if value is not None}
