"""Facts for policy, out of the mirror and our own ledger, inside the transaction that reserves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prunella import diagnostics, mirror
from prunella.actions import gather_account, store, store_brake, store_limits
from prunella.actions.action import Action, ActionRequest, NotTheirsError
from prunella.actions.gather_access import access
from prunella.actions.gather_billing import BILLING, billing
from prunella.actions.gather_refund import refund
from prunella.actions.ownership import needed, owned
from prunella.actions.policy import GIVES, Asker, Checkout, Facts, Payment
from prunella.diagnostics.declines import decline_of
from prunella.diagnostics.facts import Attempt, Invoice, PaymentMethod
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer

WINDOW = timedelta(days=30)
A_DAY = timedelta(days=1)
_UNSETTLED = frozenset({"approved", "submitting", "unknown"})


async def gather(
    tx: Tx, customer: Customer, asked: ActionRequest, asker: Asker, *, besides: str | None = None
) -> Facts:
    """Find out all that policy asks about; `besides` is an action of ours that is not counted.

    Raises what `about` raises.
    """
    known = await about(tx, customer, asked, besides=besides)
    return await facts_of(tx, asked, asker, known)


async def facts_of(
    tx: Tx,
    asked: ActionRequest,
    asker: Asker,
    known: Mapping[str, Any],
    *,
    reserves: bool = False,
) -> Facts:
    """Put what is `known` of the kind together with what concerns everyone, which comes last.

    Where it `reserves`, the house's turn is taken as well, and kept to the commit.
    """
    gives = asked.kind in GIVES and asker.kind != "staff"
    await store_brake.share(tx, in_turn=reserves and gives)
    today = await store_limits.today(tx, since=tx.now - A_DAY, counted=_is_counted(asked, asker))
    return Facts(
        kind=asked.kind,
        asker=asker,
        amount=asked.amount,
        currency=asked.currency,
        flow=asked.params.get("flow", ""),
        automatic_stopped=today.stopped,
        automatic_today=today.given,
        **known,
    )


def _is_counted(asked: ActionRequest, asker: Asker) -> bool:
    """What people of the company do, and what customers pay, does not depend on the day's money."""
    return asker.kind != "staff" and (asker.kind != "customer" or asked.kind in GIVES)


async def about(
    tx: Tx, customer: Customer, asked: ActionRequest, *, besides: str | None = None
) -> dict[str, Any]:
    """Return the facts that belong to the kind, by their names in `Facts`.

    Where it reserves, the customer's turn is taken before. Raises `NotTheirsError` when anything
    that the request names is not this customer's, and `BadRequestError`.
    """
    match asked.kind:
        case "retry_payment":
            return {"payment": await _payment(tx, customer, asked)}
        case "set_payment_method":
            await owned(tx, customer, asked.target, {"subscription", "customer"})
            await _method(tx, customer, needed(asked, "payment_method"))
        case "open_portal" | "open_checkout":
            await owned(tx, customer, asked.target, {"customer"})
            return {"checkout": await _checkout(tx, customer, asked)}
        case "refund":
            return await refund(tx, customer, asked, besides)
        case kind if kind in BILLING:
            return await billing(tx, customer, asked, besides)
    return await _about_account(tx, customer, asked)


async def _about_account(tx: Tx, customer: Customer, asked: ActionRequest) -> dict[str, Any]:
    match asked.kind:
        case "send_invoice":
            return {"bill": await gather_account.bill(tx, customer, asked)}
        case "update_billing_details":
            await gather_account.details(tx, customer, asked)
        case "sync_entitlement":
            return {"entitlement": await access(tx, customer, asked)}
        case "resume_subscription":
            return {"plan": await gather_account.plan(tx, customer, asked)}
        case "change_plan":
            plan = await gather_account.plan(tx, customer, asked)
            return {"plan": plan, "change": await gather_account.change(tx, customer, asked)}
    return {}


def asker_of(actor: Actor) -> Asker:
    return Asker(kind=actor.kind, role=actor.role, verified=actor.verified)


async def _method(tx: Tx, customer: Customer, payment_method: str) -> None:
    """One that was just made may not be mirrored yet; Stripe then checks whose it is."""
    found = await mirror.get(tx, payment_method)
    if found and found.customer not in {None, customer.stripe_customer}:
        raise NotTheirsError


async def _checkout(tx: Tx, customer: Customer, asked: ActionRequest) -> Checkout | None:
    copied = asked.params.get("copy_of")
    if asked.kind != "open_checkout" or not copied:
        return None
    session = await owned(tx, customer, copied, {"checkout.session"})
    return Checkout(status=session.data.get("status"))


async def _payment(tx: Tx, customer: Customer, asked: ActionRequest) -> Payment:
    found = await owned(tx, customer, asked.target, {"invoice"})
    if asked.params.get("payment_method"):
        await _method(tx, customer, asked.params["payment_method"])
    known = await diagnostics.gather(tx, customer)
    invoice = next((one for one in known.invoices if one.id == found.id), None)
    if invoice is None:  # so old that it is closed for long
        return Payment(status=None, remaining=0, currency=str(found.data.get("currency")))
    ours = await store.sent_since(tx, customer.id, kind="retry_payment", since=tx.now - WINDOW)
    return payment_of(known, invoice, asked.params.get("payment_method"), ours)


def payment_of(
    known: diagnostics.Facts, invoice: Invoice, method: str | None, ours: list[Action]
) -> Payment:
    """Put together what policy asks of a payment. Pure."""
    charged = known.charged_for(invoice)
    method = method or (charged.id if charged else None)
    remaining = invoice.remaining
    final = _final_no(known, invoice, method)
    return Payment(
        status=invoice.status,
        remaining=remaining.amount if remaining else 0,
        currency=remaining.currency if remaining else "",
        tries=_Tries(invoice.id, method, known.now - WINDOW).count(known.attempts, ours),
        method_known=method is not None,
        closed_by_bank=final is not None and final != "needs_customer",
        needs_customer=final == "needs_customer",
        retry_scheduled=invoice.next_payment_attempt_at is not None,
        disputed=_disputed(known, invoice),
    )


def _disputed(known: diagnostics.Facts, invoice: Invoice) -> bool:
    charges = {one.charge for one in known.attempts_for(invoice) if one.charge}
    return any(one.charge in charges for one in known.disputes)


def _final_no(known: diagnostics.Facts, invoice: Invoice, method: str | None) -> str | None:
    """Return the class of the last no, if it was final and given to what is charged next."""
    tries = [one for one in known.attempts_for(invoice) if one.outcome != "processing"]
    if not tries or tries[-1].outcome == "succeeded":
        return None
    last, decline = tries[-1], decline_of(tries[-1])
    if decline.retry_allowed or not _unchanged(last, known.method(method), method):
        return None
    return decline.decline_class


def _unchanged(last: Attempt, now: PaymentMethod | None, method: str | None) -> bool:
    """A card that the bank renewed keeps its id and gets another date."""
    before = last.method
    if before is None or before.id is None or before.id != method:
        return False
    if now is None or before.exp_year is None or now.exp_year is None:
        return True
    return (before.exp_year, before.exp_month) == (now.exp_year, now.exp_month)


@dataclass(frozen=True, slots=True)
class _Tries:
    """Counts tries on an invoice or a method: Stripe's and ours that the mirror has not yet."""

    invoice: str
    method: str | None
    since: datetime

    def count(self, attempts: tuple[Attempt, ...], ours: list[Action]) -> int:
        charges = {one.charge for one in attempts if one.charge and self._matches(one)}
        seen = {one.charge for one in attempts if one.charge}
        return len(charges) + sum(self._adds(action, seen) for action in ours)

    def _matches(self, attempt: Attempt) -> bool:
        if attempt.at is None or attempt.at < self.since:
            return False
        method = attempt.method.id if attempt.method else None
        return attempt.invoice == self.invoice or (method is not None and method == self.method)

    def _adds(self, action: Action, seen: set[str]) -> bool:
        method = action.params.get("payment_method") or action.result.get("payment_method")
        if action.target != self.invoice and (method is None or method != self.method):
            return False
        if action.state in _UNSETTLED:
            return True
        charge = action.result.get("charge") or (action.error or {}).get("charge")
        return charge is not None and charge not in seen
