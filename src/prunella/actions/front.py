"""What pages and the API ask the ledger for."""

from prunella import mirror
from prunella.actions import store, store_urls
from prunella.actions.action import Action, Step
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import names_of_account

MAX_LISTED = 200


async def get(tx: Tx, action: str) -> Action | None:
    return await store.get(tx, action)


async def steps(tx: Tx, action: str) -> list[Step]:
    """Return the life of an action, oldest first."""
    return await store.steps(tx, action)


async def of_customer(tx: Tx, customer: str, limit: int = 50) -> list[Action]:
    """Return the newest actions of a customer's account (our id) first."""
    names = await names_of_account(tx, customer)
    return await store.of_customer(tx, names, min(limit, MAX_LISTED))


async def take_url(tx: Tx, action: str) -> str | None:
    """Return the address that an action opened, once; then it is gone here."""
    return await store_urls.take(tx, action, now=system_now())


async def business_key_of(
    tx: Tx, *, kind: str, target: str, payment_method: str | None, key: str
) -> str:
    """Name the attempt that an API client asks for; `key` is its Idempotency-Key."""
    match kind:
        case "retry_payment":
            invoice = await mirror.get(tx, target)
            return f"retry:{target}:{invoice.data.get('attempt_count', 0) if invoice else 0}"
        case "set_payment_method":
            return f"set_pm:{target}:{payment_method}"
        case "refund" | "resume_subscription" | "void_invoice" | "cancel_subscription":
            return f"{kind}:{target}"
    return f"{kind}:{target}:{key}"[:200]
