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
from prunella.actions.front import (
    business_key_of,
    get,
    may_begin,
    of_customer,
    request_once,
    steps,
    take_url,
)
from prunella.actions.ledger import LOOK_TIMER
from prunella.actions.limits import set_limits
from prunella.actions.policy import KINDS, POSSIBLE
from prunella.actions.request import request, weigh
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
    "NotTheirsError",
    "Step",
    "UnknownKindError",
    "business_key_of",
    "get",
    "may_begin",
    "of_customer",
    "on_look_due",
    "request",
    "request_once",
    "set_limits",
    "steps",
    "take_url",
    "weigh",
]
