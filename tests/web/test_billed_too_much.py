"""A bill that is proven too high: two ways to choose, one question for finance, its arithmetic."""

import re

import httpx
import pytest
from tests.diagnostics.bills import billed, plan
from tests.diagnostics.stripe_json import Json, card, customer
from tests.web.browsing import at_the_desk, form_of, forms_of, send, signed_in, text_of
from tests.web.company import Company

from prunella import actions, cases
from prunella.actions import Action
from prunella.kit import events
from prunella.kit.actor import SYSTEM

MONEY = "/billing/fixes/refund_overcharge"
CREDIT = "/billing/fixes/credit_overcharge"
PROOF = "60.00 - 0.00 = 60.00"


def paid_bill(number: int, *, days: float = 0) -> list[Json]:
    return billed(number, days=days, payment={"amount_captured": 6_000})


@pytest.fixture
async def them(web: Company) -> httpx.AsyncClient:
    """Somebody whose February was billed twice, two days apart."""
    bills = [*paid_bill(1), *paid_bill(2, days=2)]
    await web.knows(customer(), card(), plan(), *bills)
    return await signed_in(web, "cus_northbeck")


def offered(page: httpx.Response) -> set[str]:
    return {form.action for form in forms_of(page)} & {MONEY, CREDIT}


async def asked_for(web: Company) -> Action:
    while await events.deliver(web.rooms.house):
        pass
    known = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        (found,) = await actions.of_customer(tx, known.id)
    return found


async def test_both_ways_stand_beside_each_other(them: httpx.AsyncClient) -> None:
    page = await them.get("/billing")
    assert offered(page) == {MONEY, CREDIT}
    dock = page.text.partition('<div class="dock acts">')[2].partition("</div>")[0]
    assert ("Get $60.00 back" in dock, "Take $60.00 off my next invoice" in dock) == (True, True)
    assert "We billed you too much" in text_of(page)


@pytest.mark.parametrize(
    ("way", "title", "kind"),
    [
        (MONEY, "You asked for $60.00 back", "refund"),
        (CREDIT, "You asked for $60.00 off your next invoice", "credit_note"),
    ],
)
async def test_what_was_chosen_waits_for_finance_and_neither_is_offered_again(
    web: Company, them: httpx.AsyncClient, way: str, title: str, kind: str
) -> None:
    page = await send(them, form_of(await them.get("/billing"), way))
    for shown in (page, await them.get("/billing")):
        words = text_of(shown)
        assert title in words
        assert "Our finance team looks at this on the same working day" in words
        assert "You get an answer by" in words
        assert offered(shown) == set()
    action = await asked_for(web)
    assert (action.kind, action.state, action.amount) == (kind, "awaiting_approval", 6_000)


async def test_the_other_way_from_another_tab_is_the_same_request(
    web: Company, them: httpx.AsyncClient
) -> None:
    before = await them.get("/billing")
    await send(them, form_of(before, CREDIT))
    page = await send(them, form_of(before, MONEY))
    assert "You asked for $60.00 off your next invoice" in text_of(page)
    assert (await asked_for(web)).kind == "credit_note"


@pytest.mark.usefixtures("them")
async def test_a_mails_button_chooses_nothing(web: Company) -> None:
    link = await web.mail_link(await web.customer("cus_northbeck"))
    async with web.client() as guest:
        await guest.get(f"/l/{link}", follow_redirects=True)
        page = await send(guest, form_of(await guest.get("/billing"), MONEY))
    assert page.headers["location"] == "/billing?note=sign_in_first"
    assert await web.count("actions") == 0


async def test_the_case_is_finances_and_pressing(web: Company, them: httpx.AsyncClient) -> None:
    await send(them, form_of(await them.get("/billing"), MONEY))
    action = await asked_for(web)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        case = await cases.get_case(tx, action.case or "")
    assert case
    assert (case.team, case.severity, case.because) == ("finance", "high", "approval")


async def test_who_decides_sees_what_it_rests_on(web: Company, them: httpx.AsyncClient) -> None:
    await send(them, form_of(await them.get("/billing"), MONEY))
    action = await asked_for(web)
    finance = await at_the_desk(web, await web.staff_token("finance"))
    for place in (f"/desk/actions/{action.id}", f"/desk/cases/{action.case}"):
        shown = text_of(await finance.get(place))
        assert PROOF in shown
        for words in ("TAI-0002", "TAI-0001", "Proven to be billed too much", "$60.00"):
            assert words in shown
    assert "Finance, or an admin." in text_of(await finance.get(f"/desk/actions/{action.id}"))
    form = form_of(
        await finance.get(f"/desk/actions/{action.id}"), f"/desk/actions/{action.id}/approval"
    )
    assert "Approved." in text_of(await send(finance, form, **{"as": "approve"}))


async def test_a_lead_does_not_decide_it(web: Company, them: httpx.AsyncClient) -> None:
    await send(them, form_of(await them.get("/billing"), MONEY))
    action = await asked_for(web)
    lead = await at_the_desk(web, await web.staff_token("lead"))
    path = f"/desk/actions/{action.id}"
    page = await send(lead, form_of(await lead.get(path), f"{path}/approval"), **{"as": "approve"})
    assert "This is above what your role may approve." in text_of(page)
    assert (await asked_for(web)).state == "awaiting_approval"


async def test_the_letter_about_it_has_its_figures(web: Company, them: httpx.AsyncClient) -> None:
    await send(them, form_of(await them.get("/billing"), MONEY))
    action = await asked_for(web)
    desk = await at_the_desk(web, await web.staff_token("finance"))
    page = await desk.get(f"/desk/cases/{action.case}?macro=overcharged")
    asked = dict(re.findall(r'name="ask\.(\w+)"[^>]*>([^<]*)</textarea>', page.text))
    assert asked == {
        "invoice": "TAI-0002",
        "billed": "$60.00",
        "right": "$0.00",
        "difference": "$60.00",
        "reason": "",
    }
    assert "It says $60.00, and should say $0.00." in text_of(page)


async def test_the_api_offers_both_and_takes_one(web: Company, them: httpx.AsyncClient) -> None:
    assert offered(await them.get("/billing"))
    async with web.api(web.token("cus_northbeck")) as api:
        path = "/v1/customers/cus_northbeck"
        fixes = (await api.get(f"{path}/fixes")).json()["fixes"]
        names = [one["name"] for one in fixes]
        assert names[:2] == ["refund_overcharge", "credit_overcharge"]
        found = (await api.get(f"{path}/diagnosis")).json()
        assert (found["root_cause"], found["self_serve_eligible"]) == (
            "invoice_miscalculated",
            True,
        )
        assert found["findings"][0]["evidence"]["formula"] == PROOF
        done = await api.post(f"{path}/fixes/credit_overcharge", headers={"Idempotency-Key": "a"})
    assert (done.json()["status"], bool(done.json()["case"])) == ("escalated", True)
