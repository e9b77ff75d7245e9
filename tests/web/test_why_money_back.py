"""Whoever asks for money back says why: no reason is taken for granted."""

from tests.diagnostics.stripe_json import (
    card,
    customer,
    invoice_payment,
    paid_invoice,
    subscription,
    taken,
)
from tests.web.browsing import form_of, send, signed_in, text_of
from tests.web.company import Company

REFUND = "/billing/fixes/refund"


async def test_a_reason_is_chosen_and_what_was_typed_is_kept(web: Company) -> None:
    paid = paid_invoice("in_february")
    await web.knows(
        customer(),
        card(),
        subscription(),
        paid,
        invoice_payment("in_february", intent="pi_ch_bill", status="paid"),
        taken("ch_bill", amount=365_570, amount_captured=365_570, description=None),
    )
    browser = await signed_in(web, "cus_northbeck")
    form = form_of(await browser.get(f"{REFUND}?target=ch_bill"), REFUND)
    page = await send(browser, form, amount="40.00", why="", words="Not mine")
    assert page.status_code == 422
    assert '<option value="">Choose a reason</option>' in page.text
    assert 'role="alert"><span class="status warn">Choose a reason' in page.text
    assert "Enter an amount above zero" not in text_of(page)
    assert 'value="40.00"' in page.text
    assert "Not mine</textarea>" in page.text
