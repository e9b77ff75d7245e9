"""Payments, cards, pages, details and plans, as they are asked of Stripe."""

from prunella.actions.carry_out.call import Call, off_session
from prunella.connectors.stripe.writes import Done, Refused


async def retry_payment(call: Call) -> Done:
    return await call.writes.retry_payment(
        invoice=call.action.target,
        payment_method=call.action.params.get("payment_method"),
        off_session=off_session(call.action),
        key=call.action.id,
    )


async def set_payment_method(call: Call) -> Done:
    return await call.writes.set_payment_method(
        owner=call.action.target,
        customer=call.customer,
        payment_method=call.action.params["payment_method"],
        key=call.action.id,
    )


async def open_portal(call: Call) -> Done:
    return await call.writes.open_portal(
        customer=call.action.target,
        return_url=call.return_url,
        flow=call.action.params.get("flow", ""),
        key=call.action.id,
    )


async def open_checkout(call: Call) -> Done:
    action, url = call.action, call.return_url
    copy_of = action.params.get("copy_of")
    if not copy_of:
        return await call.writes.open_card_page(
            customer=action.target, return_url=url, key=action.id
        )
    expired = await call.read(call.reads.checkout_session(copy_of))
    items = await call.read(call.reads.line_items(copy_of))
    if expired is None:
        raise Refused(kind="refused", code="resource_missing")
    return await call.writes.open_checkout_again(
        customer=action.target, expired=expired, items=items, return_url=url, key=action.id
    )


async def send_invoice(call: Call) -> Done:
    return await call.writes.send_invoice(invoice=call.action.target, key=call.action.id)


async def update_billing_details(call: Call) -> Done:
    return await call.writes.update_billing_details(
        customer=call.action.target, details=call.action.params, key=call.action.id
    )


async def resume_subscription(call: Call) -> Done:
    return await call.writes.resume_subscription(
        subscription=call.action.target, how=call.action.params["how"], key=call.action.id
    )


async def change_plan(call: Call) -> Done:
    """What was previewed is what is done: a price that moved meanwhile asks again."""
    action = call.action
    item, price = action.params["item"], action.params["price"]
    at = int(action.params["proration_date"])
    preview = await call.read(
        call.reads.preview_change(
            subscription=action.target, item=item, price=price, proration_date=at
        )
    )
    if preview is None or preview["amount_due"] != action.amount:
        raise Refused(kind="changed", code="preview_changed")
    if action.currency and preview["currency"] != action.currency.lower():
        raise Refused(kind="changed", code="preview_changed")
    return await call.writes.change_plan(
        subscription=action.target, item=item, price=price, proration_date=at, key=action.id
    )
