"""A colleague has something changed at Stripe, on a case or without one, without JavaScript."""

import httpx
import pytest
from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    card,
    customer,
    dispute,
    invoice,
    paid_invoice,
    subscription,
)
from tests.web.browsing import Form, form_of, forms_of, send, text_of
from tests.web.company import Company
from tests.web.test_desk_giving import asked, at, opened

from prunella import actions
from prunella.web.views.doable import CHOICES

THEIRS = "/desk/customers/cus_northbeck/actions"
WHY = {"why": "asked_for", "words": "By phone"}
OPEN = invoice(next_payment_attempt=None)
SENT = invoice(collection_method="send_invoice", attempted=False, attempt_count=0)


async def form_at(desk: httpx.AsyncClient, kind: str, query: str = "") -> Form:
    """The form of a kind, reached as it is by hand: `query` names a case."""
    page = await desk.get(f"{THEIRS}/{kind}{query}")
    assert page.status_code == 200, page.text
    return next(one for one in forms_of(page) if one.action.endswith(f"/actions/{kind}"))


def choices_in(page: httpx.Response) -> list[str]:
    found = [part.split('"')[0] for part in page.text.split('name="choice" value="')[1:]]
    return [one.replace("&#39;", "'") for one in found]


async def only_choice(desk: httpx.AsyncClient, kind: str) -> dict[str, str]:
    [one] = choices_in(await desk.get(f"{THEIRS}/{kind}"))
    return {"choice": one}


@pytest.mark.parametrize(
    ("kind", "about", "choice", "wanted"),
    [
        ("void_invoice", OPEN, "in_march|366504usd", {"amount": 366_504, "currency": "usd"}),
        ("send_invoice", SENT, "in_march", {"target": "in_march"}),
        ("retry_payment", OPEN, "in_march", {"amount": 366_504}),
        (
            "cancel_subscription",
            subscription(),
            "sub_starter|period_end",
            {"params": {"how": "period_end"}},
        ),
        ("cancel_subscription", subscription(), "sub_starter|now", {"params": {"how": "now"}}),
        (
            "resume_subscription",
            subscription(cancel_at_period_end=True),
            "sub_starter|keep",
            {"params": {"how": "keep"}},
        ),
    ],
)
async def test_what_is_chosen_is_asked_once_and_told_on_the_case(
    web: Company, kind: str, about: Json, choice: str, wanted: Json
) -> None:
    case = await opened(web, about)
    desk = await at(web, "lead")
    page = await desk.get(case)
    theirs = (await web.customer("cus_northbeck")).id
    link = f"/desk/customers/{theirs}/actions/{kind}?case={case.rpartition('/')[2]}"
    assert link in page.text
    form = form_of(await desk.get(f"{link}&view=mine"), f"/desk/customers/{theirs}/actions/{kind}")
    said, again = [await send(desk, form, choice=choice, **WHY) for _ in range(2)]
    assert said.url == again.url
    assert said.url.path == case
    assert "view=mine" in str(said.url.query)
    [action] = await asked(web)
    assert (action.kind, action.reason) == (kind, "asked_for: By phone")
    assert {name: getattr(action, name) for name in wanted} == wanted
    assert action.state in {"approved", "awaiting_approval"}, action.decision
    assert "They asked for it. By phone" in text_of(await desk.get(f"/desk/actions/{action.id}"))


async def test_from_another_page_the_same_is_the_same_while_it_is_open(web: Company) -> None:
    await web.knows(customer(), card(), OPEN)
    desk = await at(web, "finance")
    for _ in range(2):
        form = await form_at(desk, "correct_invoice")
        await send(desk, form, choice="in_march", amount="100", **WHY)
    await send(desk, form, choice="in_march", amount="101", **WHY)
    assert [one.amount for one in await asked(web)] == [10_100, 10_000]


async def test_without_a_case_it_ends_on_the_page_of_the_action(web: Company) -> None:
    await web.knows(customer(), card(), OPEN)
    desk = await at(web, "admin")
    page = await desk.get("/desk/customers/cus_northbeck")
    assert "Withdraw an invoice" in text_of(page)
    form = await form_at(desk, "void_invoice")
    said = await send(desk, form, **await only_choice(desk, "void_invoice"), **WHY)
    [action] = await asked(web)
    assert said.url.path == f"/desk/actions/{action.id}"
    assert action.case is None


async def test_what_waits_is_said_before_it_is_asked_and_waits_on_the_case(web: Company) -> None:
    case = await opened(web, OPEN)
    desk = await at(web, "agent")
    where = f"?case={case.rpartition('/')[2]}"
    page = await desk.get(f"{THEIRS}/void_invoice{where}")
    assert "A person has to decide: Above what this role may decide" in text_of(page)
    form = await form_at(desk, "void_invoice", where)
    said = await send(desk, form, **await only_choice(desk, "void_invoice"), **WHY)
    assert "A person has to decide. From lead upwards." in text_of(said)
    [action] = await asked(web)
    assert action.state == "awaiting_approval"
    assert case.endswith(action.case or "-")
    lead = await at(web, "lead")
    assert "You decide this by yourself." in text_of(await lead.get(f"{THEIRS}/void_invoice"))


async def test_what_policy_refuses_is_said_and_cannot_be_chosen(web: Company) -> None:
    """Part of it is paid: that bill is credited or given back instead."""
    await web.knows(customer(), card(), invoice(amount_paid=100))
    desk = await at(web, "admin")
    page = await desk.get(f"{THEIRS}/void_invoice")
    assert "Part of it is paid" in text_of(page)
    assert " disabled>" in page.text
    csrf = form_of(await desk.get("/desk/customers/cus_northbeck"), "/desk/sign-out").fields["csrf"]
    form = Form(f"{THEIRS}/void_invoice", {"csrf": csrf, "key": "k1"}, [])
    said = await send(desk, form, choice="in_march|366504usd", **WHY)
    assert said.status_code == 422
    assert "Part of it is paid" in text_of(said)
    [action] = await asked(web)
    assert action.state == "denied"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"amount": "100", "why": ""}, ["Choose a reason"]),
        ({"amount": "nothing", "why": "outage"}, ["Write an amount above zero"]),
        ({"amount": "-3", "why": ""}, ["Write an amount above zero", "Choose a reason"]),
    ],
)
async def test_everything_that_is_wrong_is_said_beside_its_field_and_kept(
    web: Company, typed: dict[str, str], told: list[str]
) -> None:
    await web.knows(customer(), card(), OPEN, paid_invoice())
    desk = await at(web, "lead")
    form = await form_at(desk, "credit_note")
    more = {"choice": "in_february|balance", "words": "Two days of it"} | typed
    said = await send(desk, form, **more)
    assert said.status_code == 422
    assert all(one in text_of(said) for one in told)
    assert said.text.count('aria-invalid="true"') == len(told)
    assert 'value="in_february|balance" checked' in said.text
    assert f'value="{typed["amount"]}"' in said.text
    assert f'value="{more["words"]}"' in said.text
    assert await asked(web) == []


async def test_what_changed_meanwhile_is_looked_at_again(web: Company) -> None:
    await web.knows(customer(), card(), OPEN)
    desk = await at(web, "admin")
    form = await form_at(desk, "void_invoice")
    choice = await only_choice(desk, "void_invoice")
    await web.knows(OPEN | {"amount_remaining": 100_000}, at=NOW.replace(hour=23))
    said = await send(desk, form, **choice, **WHY)
    assert "What you chose has changed meanwhile" in text_of(said)
    assert "By phone" in said.text
    none = await send(desk, form, choice="", **WHY)
    assert "Choose one of these" in text_of(none)
    assert await asked(web) == []


async def test_what_is_less_than_nothing_is_neither_paid_nor_taken_from(web: Company) -> None:
    """A change to a smaller plan leaves such a bill behind."""
    less = paid_invoice("in_less", total=-5_000, number="TAI-LESS")
    case = await opened(web, paid_invoice(), less)
    desk = await at(web, "lead")
    assert choices_in(await desk.get(f"{THEIRS}/credit_note")) == ["in_february|balance"]
    assert "Paid so far $3,655.70" in text_of(await desk.get(case))


async def test_who_decides_reads_what_exactly_was_asked_for(web: Company) -> None:
    await web.knows(customer(), card(), subscription())
    body: dict[str, object] = {"kind": "cancel_subscription", "customer": "cus_northbeck"}
    body |= {"target": "sub_starter", "reason": "asked_for", "params": {"how": "now"}}
    async with web.api(web.token("cus_northbeck", role="owner")) as api:
        answer = await api.post("/v1/actions", json=body, headers={"idempotency-key": "one"})
    told = answer.json()
    assert told["decision"]["verdict"] == "needs_approval", told
    desk = await at(web, "lead")
    for where in (f"/desk/actions/{told['id']}", f"/desk/cases/{told['case']}"):
        assert "How At once; the rest becomes credit" in text_of(await desk.get(where))


async def test_a_bill_gets_smaller_and_a_paid_one_becomes_credit(web: Company) -> None:
    await web.knows(customer(), card(), OPEN, paid_invoice())
    desk = await at(web, "lead")
    page = await desk.get(f"{THEIRS}/credit_note")
    assert "You give up to $5,000.00 by yourself" in text_of(page)
    assert choices_in(page) == ["in_march|reduce", "in_february|balance"]
    for choice in choices_in(page):
        form = await form_at(desk, "credit_note")
        await send(desk, form, choice=choice, amount="$40", why="outage")
    found = {one.target: one.params["how"] for one in await asked(web)}
    assert found == {"in_march": "reduce", "in_february": "balance"}


async def test_who_may_not_ask_finds_no_form(web: Company) -> None:
    case = await opened(web, OPEN, dispute(charge="ch_march"))
    viewer = await at(web, "viewer")
    assert "/actions/void_invoice" not in (await viewer.get(case)).text
    assert (await viewer.get(f"{THEIRS}/void_invoice")).status_code == 403
    desk = await at(web, "agent")
    assert (await desk.get(f"{THEIRS}/refund")).status_code == 404  # it stands on the case itself
    assert (await desk.get(f"{THEIRS}/open_portal")).status_code == 404
    assert (await desk.get(f"{THEIRS}/nonsense")).status_code == 404
    other = "?case=case_none"
    assert (await desk.get(f"{THEIRS}/void_invoice{other}")).status_code == 404


async def test_an_account_without_stripe_has_nothing_to_change(web: Company) -> None:
    free = await web.free_customer()
    desk = await at(web, "admin")
    assert "/actions/" not in (await desk.get(f"/desk/customers/{free.id}")).text
    page = await desk.get(f"/desk/customers/{free.id}/actions/update_billing_details")
    assert page.status_code == 404


def test_every_kind_on_the_door_is_at_the_desk_or_only_a_customer_can_open_it() -> None:
    on_a_case = {"refund", "credit_balance"}
    for_customers = {"open_portal", "open_checkout"}
    assert set(CHOICES) | on_a_case | for_customers == set(actions.KINDS)
