"""Whatever a request names has to be this customer's; anybody else's does not exist."""

from prunella import mirror
from prunella.actions.action import ActionRequest, BadRequestError, NotTheirsError
from prunella.kit.house import Tx
from prunella.people import Customer


def needed(asked: ActionRequest, name: str) -> str:
    try:
        return asked.params[name]
    except KeyError:
        message = f"{asked.kind} needs {name}."
        raise BadRequestError(message) from None


async def owned(tx: Tx, customer: Customer, target: str, kinds: set[str]) -> mirror.Mirrored:
    found = await mirror.get(tx, target)
    if found is None or found.deleted or found.kind not in kinds:
        raise NotTheirsError
    owner = found.id if found.kind == "customer" else found.customer
    if owner is None or owner != customer.stripe_customer:
        raise NotTheirsError
    return found
