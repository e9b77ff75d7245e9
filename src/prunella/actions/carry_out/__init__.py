"""The only place that changes anything at Stripe."""

from prunella.actions.carry_out.work import MAX_SENDS, CarryOut

__all__ = ["MAX_SENDS", "CarryOut"]
