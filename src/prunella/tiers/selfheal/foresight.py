"""What policy would decide if they clicked, so that the words beforehand are true."""

from dataclasses import dataclass, replace

from prunella.actions import BadRequestError, Door, NotTheirsError
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.selfheal.choice import NotOfferedError
from prunella.tiers.selfheal.errands import refund_duplicate


@dataclass(frozen=True, slots=True)
class Foresight:
    """Asks the door, and goes through nothing."""

    door: Door

    async def __call__(self, tx: Tx, customer: Customer, charge: str) -> bool:
        """Whether a person would decide about this duplicate, asked for by who may ask."""
        payer = Actor(kind="customer", id=customer.id, role="billing", verified=True)
        try:
            asked = await refund_duplicate(tx, customer, charge, {})
            decision = await self.door.weigh(tx, replace(asked, actor=payer))
        except (NotOfferedError, NotTheirsError, BadRequestError):
            return True
        return decision.verdict != "allow"
