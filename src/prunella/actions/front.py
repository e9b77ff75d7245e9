"""What pages and the API ask the ledger for."""

from prunella import mirror
from prunella.actions import store, store_urls
from prunella.actions.action import Action, Step
from prunella.actions.policy import GIVES
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
    tx: Tx,
    *,
    kind: str,
    target: str,
    payment_method: str | None,
    key: str,
    amount: int | None = None,
    currency: str | None = None,
) -> str:
    """Name the attempt that an API client asks for; `key` is its Idempotency-Key.

    It tells attempts apart only where nothing else does: see `money_key` for what gives money.
    """
    if kind in GIVES:
        return money_key(kind, target, amount=amount, currency=currency)
    match kind:
        case "retry_payment":
            invoice = await mirror.get(tx, target)
            return f"retry:{target}:{invoice.data.get('attempt_count', 0) if invoice else 0}"
        case "set_payment_method":
            return f"set_pm:{target}:{payment_method}"
        case "resume_subscription" | "void_invoice" | "cancel_subscription" | "sync_entitlement":
            return f"{kind}:{target}"
    return f"{kind}:{target}:{key}"[:200]


def money_key(kind: str, target: str, *, amount: int | None, currency: str | None) -> str:
    """Name the attempt to give money: by what it is given for, and how much. Pure.

    The same amount again, from another tab or with another Idempotency-Key, is the same attempt
    while that one is open. Another amount is another part, on purpose, and limits count both.
    The same part twice is asked for again once the first is settled.
    """
    return f"{kind}:{target}:{amount or 0}{(currency or '').lower()}"
