"""A colleague asks for money back or a credit on a case, without JavaScript."""

import re

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, dispute
from tests.web.browsing import Form, at_the_desk, form_of, forms_of, send, text_of
from tests.web.company import ADMIN, Company
from tests.web.test_approvals_api import large

from prunella import actions, audit, cases
from prunella.cases import notify
from prunella.kit import events
from prunella.kit.actor import SYSTEM, Actor
from prunella.people import tokens

BELL = re.compile(r'id="told".*?<b class="num"[^>]*>(\d*)</b>', re.DOTALL)


async def opened(web: Company, *objects: dict[str, object], subject: str = "Twice?") -> str:
    await web.knows(customer(), card(), *objects)
    theirs = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        case = await cases.open_case(tx, theirs, subject=subject, because="asked", text="Hello?")
    return f"/desk/cases/{case.id}"


@pytest.fixture
async def case(web: Company) -> str:
    return await opened(web, large(), large(id="ch_small", amount=5_000, amount_captured=5_000))


async def at(web: Company, role: str) -> httpx.AsyncClient:
    return await at_the_desk(web, await web.staff_token(role))


async def form_for(desk: httpx.AsyncClient, case: str, verb: str = "refund") -> Form:
    return form_of(await desk.get(case), f"{case}/{verb}")


async def asked(web: Company) -> list[actions.Action]:
    theirs = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        return await actions.of_customer(tx, theirs.id)


async def deliver(web: Company) -> None:
    while await events.deliver(web.rooms.house):
        pass


async def id_of(web: Company, role: str) -> str:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        return next(one.id for one in await tokens.listed(tx) if one.role == role)


async def test_a_small_sum_goes_out_and_its_page_is_one_click_away(web: Company, case: str) -> None:
    desk = await at(web, "agent")
    form = await form_for(desk, case)
    page = await send(desk, form, charge="ch_large", amount="40.00", why="outage", words="Two days")
    [action] = await asked(web)
    assert (action.state, action.amount, action.currency) == ("approved", 4_000, "usd")
    assert action.requested_by.role == "agent"
    assert action.reason == "outage: Two days"
    assert "Allowed Give money back $40.00." in text_of(page)
    assert f'href="/desk/actions/{action.id}"' in page.text
    shown = text_of(await desk.get(f"/desk/actions/{action.id}"))
    assert "It did not work as promised. Two days" in shown
    async with web.rooms.house.transaction(SYSTEM) as tx:
        entries = await audit.of_subject(tx, action.id)
    assert [one.verb for one in entries] == ["action.requested", "action.approved"]


async def test_pressed_twice_or_sent_again_it_is_asked_once(web: Company, case: str) -> None:
    desk = await at(web, "agent")
    form = await form_for(desk, case)
    typed = {"charge": "ch_large", "amount": "40", "why": "goodwill"}
    first, again = [await send(desk, form, **typed) for _ in range(2)]
    assert first.url == again.url
    other = await form_for(desk, case)
    assert (await send(desk, other, **typed)).url == first.url  # another page, while it is open
    assert len(await asked(web)) == 1
    await send(desk, form, **(typed | {"amount": "41"}))
    assert len(await asked(web)) == 2


async def test_an_empty_amount_is_all_that_is_left(web: Company, case: str) -> None:
    desk = await at(web, "agent")
    await send(desk, await form_for(desk, case), charge="ch_small", amount="12.50", why="outage")
    page = await desk.get(case)
    assert "$50.00, $37.50 left, card 0341" in text_of(page)
    await send(desk, form_of(page, f"{case}/refund"), charge="ch_small", amount="", why="outage")
    assert [one.amount for one in await asked(web)] == [3_750, 1_250]
    assert "ch_small" not in (await desk.get(case)).text


async def test_one_payment_has_its_rest_in_the_field(web: Company) -> None:
    case = await opened(web, large())
    form = await form_for(await at(web, "agent"), case)
    assert form.fields["amount"] == "400.00"


@pytest.mark.parametrize("amount", ["0", "-5", "400.01", "forty", "1.234.5"])
async def test_what_is_no_amount_is_said_beside_what_was_typed(
    web: Company, case: str, amount: str
) -> None:
    desk = await at(web, "agent")
    typed = {"charge": "ch_large", "amount": amount, "why": "outage", "words": "Two days"}
    page = await send(desk, await form_for(desk, case), **typed)
    assert page.status_code == 422
    assert "Write an amount above zero" in text_of(page)
    assert form_of(page, f"{case}/refund").fields["amount"] == amount
    assert "Two days" in page.text
    assert await asked(web) == []


async def test_a_no_is_told_in_its_sentence_beside_what_was_typed(web: Company) -> None:
    case = await opened(web, large(), dispute(charge="ch_large"))
    desk = await at(web, "agent")
    typed = {"charge": "ch_large", "amount": "40.00", "why": "outage", "words": "Two days"}
    form = await form_for(desk, case)
    page = await send(desk, form, **typed)
    assert page.status_code == 422
    assert "The charge is disputed" in text_of(page)
    assert form_of(page, f"{case}/refund").fields["amount"] == "40.00"
    assert "Two days" in page.text
    assert "The charge is disputed" in text_of(await send(desk, form, **typed))
    [action] = await asked(web)
    assert action.state == "denied"
    await deliver(web)
    assert await web.count("cases") == 1


async def test_above_a_role_a_person_decides_on_the_same_case(web: Company) -> None:
    case = await opened(web, large(amount=90_000, amount_captured=90_000))
    desk = await at(web, "agent")
    shown = text_of(await desk.get(case))
    assert "You give up to $500.00 of one payment by yourself" in shown
    page = await send(
        desk, await form_for(desk, case), amount="900", charge="ch_large", why="other"
    )
    assert "A person has to decide. From lead upwards." in text_of(page)
    assert "You asked for this yourself" in text_of(page)
    await deliver(web)
    [action] = await asked(web)
    assert action.state == "awaiting_approval"
    assert case.endswith(action.case or "-")
    assert await web.count("cases") == 1
    lead = await at(web, "lead")
    form = form_of(await lead.get(case), f"/desk/actions/{action.id}/approval")
    assert "Approved" in text_of(await send(lead, form, **{"as": "approve"}))
    assert [one.state for one in await asked(web)] == ["approved"]


async def test_on_a_case_that_rests_a_decision_gets_a_case_of_its_own(web: Company) -> None:
    case = await opened(web, large(amount=90_000, amount_captured=90_000))
    desk = await at(web, "agent")
    await send(desk, form_of(await desk.get(case), f"{case}/status"), status="solved")
    page = await send(
        desk, await form_for(desk, case), amount="900", charge="ch_large", why="other"
    )
    [action] = await asked(web)
    assert action.case
    assert not case.endswith(action.case)
    assert f'href="/desk/cases/{action.case}"' in page.text


async def test_a_credit_lowers_the_next_bills(web: Company, case: str) -> None:
    desk = await at(web, "csm")
    form = await form_for(desk, case, "credit")
    assert "currency" not in form.fields
    page = await send(desk, form, amount="25", why="goodwill")
    [action] = await asked(web)
    assert (action.kind, action.amount, action.currency) == ("credit_balance", 2_500, "usd")
    assert action.target == "cus_northbeck"
    assert "Add a credit $25.00." in text_of(page)
    wrong = await send(desk, await form_for(desk, case, "credit"), amount="x", why="goodwill")
    assert (wrong.status_code, len(await asked(web))) == (422, 1)


async def test_an_account_without_a_currency_is_asked_for_one(web: Company) -> None:
    await web.knows(customer(currency=None))
    case = await opened(web, customer(currency=None))
    desk = await at(web, "lead")
    form = await form_for(desk, case, "credit")
    wrong = await send(desk, form, amount="25", currency="euro", why="goodwill")
    assert form_of(wrong, f"{case}/credit").fields["currency"] == "euro"
    await send(desk, form, amount="25", currency="EUR", why="goodwill")
    assert [one.currency for one in await asked(web)] == ["eur"]


async def test_who_may_not_ask_is_shown_no_form(web: Company, case: str) -> None:
    form = await form_for(await at(web, "agent"), case)
    viewer = await at(web, "viewer")
    page = await viewer.get(case)
    assert not [one for one in forms_of(page) if one.action.endswith(("/refund", "/credit"))]
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
    assert (await send(viewer, form, csrf=csrf, charge="ch_large")).status_code == 403
    assert await asked(web) == []


async def test_another_customers_payment_is_none_to_choose(web: Company, case: str) -> None:
    await web.knows(large(id="ch_theirs", customer="cus_other"))
    desk = await at_the_desk(web, ADMIN)
    page = await send(desk, await form_for(desk, case), charge="ch_theirs", amount="1", why="other")
    assert page.status_code == 422
    assert "Nothing is left of this payment" in text_of(page)
    none = await send(desk, await form_for(desk, case), charge="ch_large", amount="1", why="")
    assert none.status_code == 422
    assert "Choose a reason" in text_of(none)
    forged = await send(desk, await form_for(desk, case), charge="ch_large", amount="1", why="no")
    assert forged.status_code == 400
    assert await asked(web) == []


async def test_who_may_decide_hears_of_it_and_not_who_asked(web: Company) -> None:
    case = await opened(web, large(amount=90_000, amount_captured=90_000))
    lead, second = await at(web, "lead"), await at(web, "admin")
    desk, finance = await at(web, "agent"), await at(web, "finance")
    await send(desk, await form_for(desk, case), amount="900", charge="ch_large", why="other")
    await deliver(web)
    for who in (lead, second):
        shown = text_of(await who.get("/desk/notifications"))
        assert re.search(r"It waits for your decision: #\d+ Twice\?", shown)
        assert "by agent" in shown
    for who in (desk, finance):  # who asked, and a role with the same limit
        assert "Nothing yet" in text_of(await who.get("/desk/notifications"))


async def test_who_asked_by_a_token_of_theirs_is_not_told(web: Company) -> None:
    case = await opened(web, large(amount=90_000, amount_captured=90_000))
    lead, second = await at(web, "lead"), await at(web, "admin")
    maker = Actor(kind="staff", id=await id_of(web, "admin"), role="admin", verified=True)
    async with web.rooms.house.transaction(maker) as tx:
        secret = await tokens.create(tx, name="mine", role="agent")
    theirs = await at_the_desk(web, secret)
    await send(theirs, await form_for(theirs, case), amount="900", charge="ch_large", why="other")
    await deliver(web)
    assert "Nothing yet" in text_of(await second.get("/desk/notifications"))
    assert "waits for your decision" in text_of(await lead.get("/desk/notifications"))


async def test_what_a_lead_may_not_give_an_admin_alone_is_told(web: Company) -> None:
    case = await opened(web, large(amount=990_000, amount_captured=990_000))
    lead = await at(web, "lead")
    await at(web, "admin")
    await send(lead, await form_for(lead, case), amount="9,900", charge="ch_large", why="other")
    await deliver(web)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        told = await tx.all("select colleague, kind from staff_notices")
    assert [(one["colleague"], one["kind"]) for one in told] == [
        (await id_of(web, "admin"), "to_decide")
    ]
    assert "to_decide" in notify.KINDS


async def test_once_one_has_decided_it_is_unread_to_nobody(web: Company) -> None:
    case = await opened(web, large(amount=90_000, amount_captured=90_000))
    lead, second = await at(web, "lead"), await at(web, "admin")
    desk = await at(web, "agent")
    for amount in ("800", "100"):
        form = await form_for(desk, case)
        await send(desk, form, amount=amount, charge="ch_large", why="other")
        await deliver(web)
    assert [one.state for one in await asked(web)] == ["awaiting_approval"] * 2

    async def decide(action: actions.Action, *, approve: bool) -> None:
        actor = Actor(kind="staff", id=await id_of(web, "lead"), role="lead", verified=True)
        async with web.rooms.house.transaction(actor) as tx:
            await actions.Approvals(web.rooms.door).decide(tx, action.id, approve=approve)
        await deliver(web)

    first, last = await asked(web)
    await decide(first, approve=False)
    assert await unread_of(second) == 1, "the other still waits"
    await decide(last, approve=True)
    assert [await unread_of(one) for one in (lead, second)] == [0, 0]


async def unread_of(desk: httpx.AsyncClient) -> int:
    bell = BELL.search((await desk.get("/desk")).text)
    return int(bell[1] or 0) if bell else 0
