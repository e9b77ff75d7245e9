"""Asking for the payment of a run's invoice."""

from prunella import actions
from prunella.actions import ActionRequest, Door
from prunella.kit.house import Tx
from prunella.tiers.selfheal.store import FixRun


async def pay(
    tx: Tx, door: Door, run: FixRun, *, payment_method: str | None, off_session: bool = False
) -> FixRun:
    """Ask for it under a key that names the attempt: whoever asks meanwhile gets this action."""
    key = await actions.business_key_of(
        tx, kind="retry_payment", target=run.invoice or "", payment_method=None, key=run.id
    )
    params = {"payment_method": payment_method} if payment_method else {}
    if off_session:
        params["off_session"] = "true"
    request = ActionRequest(
        kind="retry_payment",
        customer=run.customer,
        target=run.invoice or "",
        reason="fix",
        params=params,
        business_key=key,
        actor=run.actor,
    )
    action = await door.request(tx, request)
    return await run.move(tx, "paying", action=action.id)


async def has_been_paid(tx: Tx, run: FixRun) -> bool:
    """Whether an attempt of ours has paid it already; Stripe itself may tell of it later."""
    return any(
        one.kind == "retry_payment" and one.target == run.invoice and one.state == "succeeded"
        for one in await actions.of_customer(tx, run.customer)
    )
