"""A request for an action, from a program or from the desk: once, and with a case where needed."""

from prunella import actions
from prunella.actions import Action, ActionRequest
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.web.errors import BadRequestError
from prunella.web.forms import Fields, key_of
from prunella.web.site import Site
from prunella.web.visits import Shift

_A_PERSON_LOOKS = frozenset({"awaiting_approval", "denied"})


async def request_once(
    site: Site, tx: Tx, customer: Customer, asked: ActionRequest, *, scope: str, key: str
) -> Action:
    """Ask for it, or return what the same request was answered with before.

    Raises what `Door.request_once` raises.
    """
    action = await site.rooms.door.request_once(tx, asked, scope=scope, key=key)
    if action.state in _A_PERSON_LOOKS and action.case is None:
        await site.rooms.desk.take_action(tx, customer, action)
        return await actions.get(tx, action.id) or action
    return action


async def ask_at_desk(
    here: Shift, customer: Customer, asked: ActionRequest, fields: Fields
) -> tuple[Action, str]:
    """Ask for what a form of the desk says, once; beside it, why not, empty where nothing is.

    Raises what `Door.request_once` raises.
    """
    if not fields.get("key"):
        raise BadRequestError
    scope = f"desk.asks:{here.tx.actor.id}"
    action = await request_once(
        here.site, here.tx, customer, asked, scope=scope, key=key_of(fields)
    )
    is_no = action.state == "denied" and action.decision.get("verdict") == "deny"
    return action, str(action.decision.get("explanation_for_staff", "")) if is_no else ""
