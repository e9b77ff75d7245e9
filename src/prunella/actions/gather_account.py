"""Facts for invoices that are sent again, billing details and plans."""

from datetime import timedelta

from prunella import mirror
from prunella.actions import store
from prunella.actions.action import ActionRequest, BadRequestError
from prunella.actions.details import FIELDS, wrong_with
from prunella.actions.ownership import needed, owned
from prunella.actions.policy import Bill, Change, Plan
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.people.plans import plan_prices

SENT_AGAIN_AFTER = timedelta(days=1)


async def bill(tx: Tx, customer: Customer, asked: ActionRequest) -> Bill:
    found = await owned(tx, customer, asked.target, {"invoice"})
    since = tx.now - SENT_AGAIN_AFTER
    sent = await store.sent_since(tx, customer.id, kind="send_invoice", since=since)
    return Bill(
        status=found.data.get("status"),
        remaining=found.data.get("amount_remaining") or 0,
        sent_to_pay=found.data.get("collection_method") == "send_invoice",
        sent_lately=any(one.target == found.id and one.state != "failed" for one in sent),
    )


async def details(tx: Tx, customer: Customer, asked: ActionRequest) -> None:
    """Raises `BadRequestError` naming the fields that cannot be right."""
    await owned(tx, customer, asked.target, {"customer"})
    wrong = wrong_with(asked.params)
    if wrong or not any(name in asked.params for name in FIELDS):
        message = f"These billing details cannot be right: {', '.join(wrong) or 'there are none'}."
        raise BadRequestError(message)


async def plan(tx: Tx, customer: Customer, asked: ActionRequest) -> Plan:
    found = await owned(tx, customer, asked.target, {"subscription"})
    asked_how = needed(asked, "how") if asked.kind == "resume_subscription" else None
    return Plan(status=found.data.get("status"), how=how_to_go_on(found), asked_how=asked_how)


def how_to_go_on(found: mirror.Mirrored) -> str | None:
    """`resume` a paused plan, `keep` or `stay` on one that is to end, `collect` again."""
    known = found.data
    if known.get("status") == "paused":
        return "resume"
    if known.get("status") not in {"active", "trialing", "past_due"}:
        return None
    if known.get("cancel_at_period_end") is True:
        return "keep"
    if known.get("cancel_at"):
        return "stay"
    return "collect" if known.get("pause_collection") else None


async def change(tx: Tx, customer: Customer, asked: ActionRequest) -> Change:
    found = await owned(tx, customer, asked.target, {"subscription"})
    items = (found.data.get("items") or {}).get("data") or []
    wanted = needed(asked, "price")
    offered = {one.price: one for one in await plan_prices(tx)}.get(wanted)
    here = items[0].get("price") or {} if items else {}
    return Change(
        offered=offered is not None,
        other=wanted != here.get("id"),
        simple=len(items) == 1
        and items[0]["id"] == needed(asked, "item")
        and needed(asked, "proration_date").isascii()
        and needed(asked, "proration_date").isdigit()
        and found.data.get("collection_method") == "charge_automatically"
        and not found.data.get("schedule")
        and not found.data.get("pending_update")
        and (offered is None or offered.amount.currency == here.get("currency")),
    )
