"""After a try to pay: what stands behind the payment hears of it.

An intent belongs to an invoice, to a checkout session or to nobody. Whoever tries an intent from
outside (the API's confirm, the customer's bank) ends here.
"""

from __future__ import annotations

from prunella_sandbox.billing import collecting
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def carry_on(world: World, intent: Obj) -> Obj:
    if intent["_invoice"]:
        collecting.after_attempt(world, intent)
    return world.fresh(intent)
