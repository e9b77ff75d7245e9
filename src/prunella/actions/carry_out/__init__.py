"""The only place that changes anything at Stripe, or in the company's own system."""

from prunella.actions.carry_out.access import OwnSystem
from prunella.actions.carry_out.work import MAX_SENDS, CarryOut

__all__ = ["MAX_SENDS", "CarryOut", "OwnSystem"]
