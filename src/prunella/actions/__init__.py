"""May we, and the only door to money: what is asked for, judged, recorded and carried out.

The job stands in `actions.carry_out`, which bootstrap alone imports: it holds the pen.
"""

from prunella.actions import brake
from prunella.actions.action import (
    Action,
    ActionRequest,
    BadRequestError,
    NotTheirsError,
    Step,
    UnknownKindError,
)
from prunella.actions.approval import (
    DECIDED,
    LAPSE_TIMER,
    MAX_NOTE,
    Approvals,
    ChangedError,
    NotAllowedNowError,
    NotWaitingError,
    NotYoursError,
    OwnRequestError,
    Waiting,
    of_action,
    tie,
)
from prunella.actions.brake import NotYourBrakeError
from prunella.actions.deciding import NOBODY
from prunella.actions.door import Door
from prunella.actions.front import (
    business_key_of,
    get,
    money_key,
    of_customer,
    steps,
    take_url,
)
from prunella.actions.gather_refund import refundable
from prunella.actions.ledger import LOOK_TIMER
from prunella.actions.letters import keep_letter, letter_of, untold
from prunella.actions.overcharges import is_for_overcharge, overcharged
from prunella.actions.policy import KINDS, POSSIBLE, Policy
from prunella.actions.returned import on_refund_changed
from prunella.actions.settle import REFRESH
from prunella.actions.store_approval import Approval
from prunella.actions.watch import CARRY_OUT, on_look_due

__all__ = [
    "CARRY_OUT",
    "DECIDED",
    "KINDS",
    "LAPSE_TIMER",
    "LOOK_TIMER",
    "MAX_NOTE",
    "NOBODY",
    "POSSIBLE",
    "REFRESH",
    "Action",
    "ActionRequest",
    "Approval",
    "Approvals",
    "BadRequestError",
    "ChangedError",
    "Door",
    "NotAllowedNowError",
    "NotTheirsError",
    "NotWaitingError",
    "NotYourBrakeError",
    "NotYoursError",
    "OwnRequestError",
    "Policy",
    "Step",
    "UnknownKindError",
    "Waiting",
    "brake",
    "business_key_of",
    "get",
    "is_for_overcharge",
    "keep_letter",
    "letter_of",
    "money_key",
    "of_action",
    "of_customer",
    "on_look_due",
    "on_refund_changed",
    "overcharged",
    "refundable",
    "steps",
    "take_url",
    "tie",
    "untold",
]
