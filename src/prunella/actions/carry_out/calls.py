"""Which kind of action is asked in which way: of Stripe, or of the company's own system."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from prunella.actions.carry_out import account, billing
from prunella.actions.carry_out.access import KIND
from prunella.actions.carry_out.call import Call
from prunella.connectors.stripe.writes import Done, Refused


async def _sync_entitlement(call: Call) -> Done:
    return await call.own.sync(call.action)


CALLS: Mapping[str, Callable[[Call], Awaitable[Done]]] = MappingProxyType(
    {
        "retry_payment": account.retry_payment,
        "set_payment_method": account.set_payment_method,
        "open_portal": account.open_portal,
        "open_checkout": account.open_checkout,
        "send_invoice": account.send_invoice,
        "update_billing_details": account.update_billing_details,
        "resume_subscription": account.resume_subscription,
        "change_plan": account.change_plan,
        "refund": billing.refund,
        "credit_balance": billing.credit_balance,
        "credit_note": billing.credit_note,
        "void_invoice": billing.void_invoice,
        "correct_invoice": billing.correct_invoice,
        "cancel_subscription": billing.cancel_subscription,
        KIND: _sync_entitlement,
    }
)


async def send(call: Call) -> Done:
    """Raises `Later`, `Unsure` or `Refused`."""
    try:
        way = CALLS[call.action.kind]
    except KeyError:
        raise Refused(kind="refused", code="unknown_kind") from None
    return await way(call)
