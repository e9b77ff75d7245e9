"""Facts for credits, bills that are put right or withdrawn, and plans that end."""

from typing import Any

from prunella import diagnostics, mirror
from prunella.actions import gather_standing, store, store_billing
from prunella.actions.action import ActionRequest, BadRequestError, NotTheirsError
from prunella.actions.credits import left_to_credit
from prunella.actions.given import given_back
from prunella.actions.overcharges import is_within, left_of_overcharge
from prunella.actions.ownership import needed, owned
from prunella.actions.paid_by import Known, Object, charges_of, id_of, intents_of
from prunella.actions.policy import Credit, Ending, Invoice
from prunella.kit.house import Tx
from prunella.people import Customer

BILLING = frozenset(
    {"credit_balance", "credit_note", "void_invoice", "correct_invoice", "cancel_subscription"}
)
ENDS: tuple[str, ...] = ("period_end", "now")
GIVEN = ("customer", "charge", "refund", "credit_note", "customer_balance_transaction")
"""What tells of money that a customer got: see `gather_standing.lately`."""
_ON_ITS_WAY = frozenset({"processing", "requires_capture"})


async def billing(
    tx: Tx, customer: Customer, asked: ActionRequest, besides: str | None
) -> dict[str, Any]:
    """Return what belongs to the kind; `besides` is an action of ours that is not counted."""
    match asked.kind:
        case "credit_balance":
            known = await mirror.objects_of(tx, customer.stripe_customer or "", GIVEN)
            if not any(one["id"] == asked.target for one in known["customer"] if _is_there(one)):
                raise NotTheirsError
            return {"credit": await _credit(tx, customer, asked, known, besides)}
        case "credit_note":
            if needed(asked, "how") not in {"reduce", "balance"}:
                raise BadRequestError
            await mirror.hold(tx, asked.target)
            known = await mirror.objects_of(tx, customer.stripe_customer or "")
            credit = await _credit(tx, customer, asked, known, besides)
            return {
                "invoice": await _invoice(tx, customer, asked, known, besides),
                "credit": credit,
            }
        case "void_invoice" | "correct_invoice":
            known = await mirror.objects_of(tx, customer.stripe_customer or "")
            return {"invoice": await _invoice(tx, customer, asked, known, besides)}
        case "cancel_subscription":
            return {"ending": await _ending(tx, customer, asked)}
    return {}


def _is_there(account: Object) -> bool:
    return not account.get("deleted")


async def _credit(
    tx: Tx, customer: Customer, asked: ActionRequest, known: Known, besides: str | None
) -> Credit:
    currency = (asked.currency or "").lower()
    got = await gather_standing.lately(tx, customer, known, currency=currency, besides=besides)
    account = known["customer"][0] if known["customer"] else {}
    return Credit(currency=account.get("currency"), credited=got.credited, refunded=got.refunded)


async def _invoice(
    tx: Tx, customer: Customer, asked: ActionRequest, known: Known, besides: str | None
) -> Invoice:
    found = await owned(tx, customer, asked.target, {"invoice"})
    raw, charges = found.data, charges_of(found.id, known)
    rows = await store_billing.credit_notes_of(tx, found.id)
    ours = [row for row in rows if row["id"] != besides]
    refunded = sum([await _refunded(tx, charge, known) for charge in charges])
    disputed = {id_of(one.get("charge")) for one in known["dispute"]}
    proven = await _proven(tx, customer, asked, known, besides)
    return Invoice(
        status=raw.get("status"),
        currency=str(raw.get("currency")),
        remaining=raw.get("amount_remaining") or 0,
        creditable=left_to_credit(raw, known["credit_note"], ours, refunded=refunded),
        paid=raw.get("amount_paid") or 0,
        paying=await _is_being_paid(tx, found.id, known),
        disputed=any(one["id"] in disputed for one in charges),
        asked_how=asked.params.get("how"),
        overcharge=is_within(asked.amount, proven),
        overcharged=proven,
    )


async def _proven(
    tx: Tx, customer: Customer, asked: ActionRequest, known: Known, besides: str | None
) -> int:
    """What a credit may give of what was billed too much; nothing else puts such a bill right."""
    if asked.kind != "credit_note" or asked.params.get("how") != "balance":
        return 0
    facts = await diagnostics.gather(tx, customer)
    return await left_of_overcharge(tx, facts, known, invoice=asked.target, besides=besides)


async def _refunded(tx: Tx, charge: Object, known: Known) -> int:
    refunds = [one for one in known["refund"] if id_of(one.get("charge")) == charge["id"]]
    return given_back(charge, refunds, await store.refunds_of(tx, charge["id"]))


async def _is_being_paid(tx: Tx, invoice: str, known: Known) -> bool:
    if await store.open_payment(tx, invoice):
        return True
    intents = intents_of(invoice, known)
    return any(
        one["id"] in intents and one.get("status") in _ON_ITS_WAY for one in known["payment_intent"]
    )


async def _ending(tx: Tx, customer: Customer, asked: ActionRequest) -> Ending:
    found = await owned(tx, customer, asked.target, {"subscription"})
    how = needed(asked, "how")
    if how not in ENDS:
        message = f"how is one of {', '.join(ENDS)}."
        raise BadRequestError(message)
    return Ending(
        status=found.data.get("status"),
        asked_how=how,
        ends_already=bool(found.data.get("cancel_at_period_end") or found.data.get("cancel_at")),
        scheduled=bool(found.data.get("schedule")),
    )
