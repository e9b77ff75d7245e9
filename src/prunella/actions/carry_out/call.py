"""One action on its way outside, with everything that sending it needs."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from prunella.actions.action import Action
from prunella.actions.carry_out.access import OwnSystem
from prunella.connectors.stripe.errors import StripeAway, StripeProblem
from prunella.connectors.stripe.reads import Reads
from prunella.connectors.stripe.writes import Later, Refused, Writes

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`customer` is the customer's id at Stripe, `own` the company's own system.

    `public_url` is where our own pages begin.
    """

    action: Action
    customer: str
    writes: Writes
    reads: Reads
    own: OwnSystem
    public_url: str

    @property
    def return_url(self) -> str:
        return self.public_url + self.action.params.get("return_path", "/billing")

    async def read(self, reading: Awaitable[T]) -> T:
        """Read what a write stands on; a problem with that means that nothing was sent."""
        try:
            return await reading
        except StripeAway as problem:
            raise Later(type(problem).__name__) from problem
        except StripeProblem as problem:
            raise Refused(kind="refused", code=problem.code) from problem


def off_session(action: Action) -> bool:
    """Whether nobody is there to answer the bank: also for what a customer asked for earlier."""
    return action.requested_by.kind != "customer" or action.params.get("off_session") == "true"
