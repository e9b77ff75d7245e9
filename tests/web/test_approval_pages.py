"""The queue and the switch without JavaScript: who may, what is said, what the customer hears."""

from tests.diagnostics.stripe_json import Json, customer
from tests.web.browsing import Form, at_the_desk, form_of, forms_of, send, signed_in, text_of
from tests.web.company import ADMIN, Company
from tests.web.test_approvals_api import BODY, ask_for, decide, large

from prunella import actions, cases
from prunella.actions import ledger
from prunella.kit import events, timers
from prunella.kit.actor import SYSTEM


async def deliver(web: Company) -> None:
    while await events.deliver(web.rooms.house):
        pass


async def test_who_may_only_look_decides_nothing(web: Company) -> None:
    action = await ask_for(web, large())
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    for place, path, choice in (
        (f"/desk/actions/{action}", f"/desk/actions/{action}/approval", "approve"),
        ("/desk/limits", "/desk/brake", "stop"),
    ):
        offered = forms_of(await viewer.get(place))
        assert path not in {one.action for one in offered}
        form = Form(path, {"csrf": offered[0].fields["csrf"], "as": choice}, [])
        assert (await send(viewer, form)).status_code == 403


async def test_a_form_of_yesterdays_facts_asks_again(web: Company) -> None:
    action = await ask_for(web, large())
    lead = await at_the_desk(web, await web.staff_token("lead"))
    form = form_of(await lead.get(f"/desk/actions/{action}"), f"/desk/actions/{action}/approval")
    page = await send(lead, form, shown="0" * 32, **{"as": "approve"})
    assert "Nothing was approved" in text_of(page)
    page = await send(lead, form, **{"as": "approve"})
    assert "Approved." in text_of(page)
    again = await send(await at_the_desk(web, ADMIN), form, **{"as": "refuse"})
    assert again.status_code == 403  # another session's form


async def test_what_is_decided_beside_its_case_leads_back_to_the_case(web: Company) -> None:
    action = await ask_for(web, large())
    async with web.rooms.house.transaction(SYSTEM) as tx:
        asked = await actions.get(tx, action)
    assert asked
    lead = await at_the_desk(web, await web.staff_token("lead"))
    page = await lead.get(f"/desk/cases/{asked.case}?view=nobody")
    page = await send(lead, form_of(page, f"/desk/actions/{action}/approval"), **{"as": "approve"})
    assert page.url.path == f"/desk/cases/{asked.case}"
    assert page.url.params["view"] == "nobody"
    assert "Approved. It goes out once" in text_of(page)


async def test_above_a_role_the_page_says_who_may(web: Company) -> None:
    action = await ask_for(web, large())
    agent = await at_the_desk(web, await web.staff_token("agent"))
    page = await agent.get(f"/desk/actions/{action}")
    assert "From agent upwards" in text_of(page)


async def test_the_inbox_says_who_decides(web: Company) -> None:
    await ask_for(web, large())
    shown = text_of(await (await at_the_desk(web, ADMIN)).get("/desk"))
    assert "A person has to decide. From agent upwards" in shown


async def test_the_queue_says_why_before_it_names_the_rule(web: Company) -> None:
    await ask_for(web, large())
    shown = text_of(await (await at_the_desk(web, ADMIN)).get("/desk/approvals"))
    assert "Above what may go back of one charge" in shown
    assert "(refund.cap)." in shown
    assert "refund.cap:" not in shown


async def test_a_step_is_told_in_words(web: Company) -> None:
    action = await ask_for(web, large())
    await decide(web, await web.staff_token("lead"), action, approve=True)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        approved = await actions.get(tx, action)
        assert approved
        sent = await ledger.move(tx, approved, "submitting", because="worker.sends")
        await ledger.move(tx, sent, "succeeded", because="stripe.answered")
    shown = text_of(await (await at_the_desk(web, ADMIN)).get(f"/desk/actions/{action}"))
    assert "Stripe said that it is done." in shown
    assert "stripe.answered" not in shown


async def test_the_customer_hears_of_a_refusal_in_their_case(web: Company) -> None:
    action = await ask_for(web, large())
    await decide(web, await web.staff_token("lead"), action, approve=False)
    await deliver(web)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await actions.get(tx, action)
        assert found
        assert found.case
        case = await cases.get_case(tx, found.case)
        assert case
        [said] = [one for one in await cases.messages_of(tx, case) if one.direction == "out"]
        sent = await cases.sendings_of(tx, [said.id])
    assert "decided not to do it: $400.00" in said.text
    assert sent[said.id].state == "waiting"  # what stands in the case goes out as a mail, too
    assert case.status == "pending"
    lead = await at_the_desk(web, await web.staff_token("lead"))
    page = await lead.get(f"/desk/actions/{action}")
    assert "decided not to do it" in text_of(page)
    assert "/l/" not in page.text


async def test_what_lapses_stays_open_in_its_case(web: Company) -> None:
    action = await ask_for(web, large())
    await deliver(web)
    web.clock.advance(hours=73)
    while await timers.fire_one(web.rooms.house):
        pass
    await deliver(web)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await actions.get(tx, action)
        assert found
        assert found.state == "denied"
        case = await cases.get_case(tx, found.case or "")
    assert case
    assert case.status == "new"


async def test_a_case_leads_to_its_action(web: Company) -> None:
    action = await ask_for(web, large())
    desk = await at_the_desk(web, ADMIN)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await actions.get(tx, action)
    assert found
    page = await desk.get(f"/desk/cases/{found.case}")
    assert f"/desk/actions/{action}" in page.text
    assert "A person has to decide" in text_of(page)


async def test_another_customers_deeds_are_not_listed(web: Company) -> None:
    await ask_for(web, large())
    other = await web.free_customer()
    client = await signed_in(web, other.id)
    assert "$400.00" not in text_of(await client.get("/billing/actions"))
    mine = await signed_in(web, "cus_northbeck", role="member")
    assert "$400.00" in text_of(await mine.get("/billing/actions"))


async def test_an_action_that_is_not_there_is_not_found(web: Company) -> None:
    desk = await at_the_desk(web, ADMIN)
    assert (await desk.get("/desk/actions/act_none")).status_code == 404


async def test_the_switch_shows_in_the_metrics(web: Company) -> None:
    desk = await at_the_desk(web, ADMIN)
    await send(desk, form_of(await desk.get("/desk/limits"), "/desk/brake"), **{"as": "stop"})
    async with web.api() as api:
        assert "prunella_automatic_stopped 1.0" in (await api.get("/metrics")).text


async def test_once_the_days_money_is_used_up_every_page_says_so(web: Company) -> None:
    """Twenty customers get 50 dollars each by a click; the next one needs a person."""
    states = []
    for number in range(21):
        payment = paid_by(f"cus_{number}", amount=5_000)
        await web.knows(customer(id=f"cus_{number}"), payment)
        async with web.api(web.token(f"cus_{number}")) as api:
            body = {"customer": f"cus_{number}", "target": payment["id"], "amount": 5_000}
            answer = await api.post(
                "/v1/actions", json=dict(BODY) | body, headers={"idempotency-key": "k"}
            )
        states.append(answer.json()["state"])
    assert states == 20 * ["approved"] + ["awaiting_approval"]
    await deliver(web)
    desk = await at_the_desk(web, ADMIN)
    page = text_of(await desk.get("/desk"))
    assert "The automatic money of 24 hours is used up" in page
    limits = await desk.get("/desk/limits")
    assert "100 % of the daily limit is used" in text_of(limits)
    await send(desk, form_of(limits, "/desk/brake"), **{"as": "resume"})
    limits = await desk.get("/desk/limits")
    assert "0 % of the daily limit is used" in text_of(limits)
    assert "The automatic money of 24 hours is used up" not in text_of(limits)


def paid_by(who: str, *, amount: int) -> Json:
    paid = large(amount=amount, amount_captured=amount)
    return paid | {"id": f"ch_{who}", "customer": who, "payment_intent": f"pi_{who}"}
