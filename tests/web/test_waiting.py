"""The page one waits on: it lets go when what the next page shows is true."""

from datetime import timedelta

from tests.diagnostics.stripe_json import NOW, card, customer, failed, paid_invoice
from tests.web.browsing import signed_in
from tests.web.company import URL, Company

from prunella.kit.actor import SYSTEM
from prunella.people import Customer


async def paid_at_stripe(web: Company, ours: Customer) -> str:
    """A payment that Stripe has made, of which the mirror has not heard; returns the run."""
    async with web.rooms.house.transaction(SYSTEM) as tx:
        run = await web.rooms.selfheal.begin(tx, ours, fix="retry_payment", target="in_march")
        await tx.conn.execute("update actions set state = 'succeeded'")
        await tx.conn.execute("update fix_runs set state = 'done'")
    return run.id


async def test_nobody_is_sent_back_to_a_bill_that_they_have_just_paid(web: Company) -> None:
    await web.knows(customer(), card(), *failed())
    client = await signed_in(web, "cus_northbeck")
    run = await paid_at_stripe(web, await web.customer("cus_northbeck"))
    page = await client.get("/billing/return", params={"run": run})
    assert page.status_code == 200
    assert '<noscript><meta http-equiv="refresh"' in page.text
    await web.knows(paid_invoice("in_march"), at=NOW + timedelta(seconds=1))
    page = await client.get("/billing/return", params={"run": run})
    assert str(page.url) == f"{URL}/billing?run={run}"
