"""May we, and the only door to money: what is asked for, judged, recorded and carried out.

The job stands in `actions.carry_out`, which bootstrap alone imports: it holds the pen.
"""

from prunella.actions.action import (
    Action,
    ActionRequest,
    BadRequestError,
    NotTheirsError,
    Step,
    UnknownKindError,
)
from prunella.actions.door import Door
from prunella.actions.front import (
    business_key_of,
    get,
    of_customer,
    steps,
    take_url,
)
from prunella.actions.ledger import LOOK_TIMER
from prunella.actions.policy import KINDS, POSSIBLE, Policy
from prunella.actions.settle import REFRESH
from prunella.actions.watch import CARRY_OUT, on_look_due

__all__ = [
    "CARRY_OUT",
    "KINDS",
    "LOOK_TIMER",
    "POSSIBLE",
    "REFRESH",
    "Action",
    "ActionRequest",
    "BadRequestError",
    "Door",
from prunella.actions.letters import keep_letter, letter_of, untold
    "NotTheirsError",
from prunella.actions.returned import on_refund_changed
    "Policy",
    "Step",
    "UnknownKindError",
    "business_key_of",
    "get",
    "of_customer",
    "on_look_due",
    "steps",
    "take_url",
]
    "keep_letter",
    "letter_of",
    "of_action",
    "on_refund_changed",
    "tie",
    "untold",
