"""The desk: cases with everything known, answers, and what got stuck."""

import httpx
from tests.diagnostics.stripe_json import card, customer, subscription
from tests.web.browsing import (
    Form,
    answer_form,
    at_the_desk,
    form_of,
    forms_of,
    send,
    signed_in,
    text_of,
)
from tests.web.company import Company

from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event


async def test_a_case_shows_everything_known(case: str, desk: httpx.AsyncClient) -> None:
    listed = text_of(await desk.get("/desk"))
    assert "Northbeck Outfitters" in listed
    words = text_of(await desk.get(case))
    for known in ("We changed banks.", "there was not enough money", "cus_northbeck", "in_march"):
        assert known in words


async def test_an_answer_reaches_the_customer_and_a_note_does_not(
    web: Company, case: str, desk: httpx.AsyncClient
) -> None:
    form = answer_form(await desk.get(case))
    await send(desk, form, reply="They are on the list.", **{"as": "note"})
    await send(desk, form, reply="Which bank is it now?", **{"as": "answer"})
    client = await signed_in(web, "cus_northbeck")
    words = text_of(await client.get(case.replace("/desk", "/billing")))
    assert "Which bank is it now?" in words
    assert "on the list" not in words


async def test_a_case_is_solved_and_found_among_the_settled(
    case: str, desk: httpx.AsyncClient
) -> None:
    form = answer_form(await desk.get(case))
    await send(desk, form, reply="It is paid.", **{"as": "solve"})
    assert "Northbeck" not in text_of(await desk.get("/desk"))
    assert "Northbeck" in text_of(await desk.get("/desk?view=settled"))


async def test_a_status_that_does_not_exist_is_refused(case: str, desk: httpx.AsyncClient) -> None:
    form = form_of(await desk.get(case), f"{case}/status")
    assert (await send(desk, form, status="vanished")).status_code == 400
    assert (await send(desk, form, status="on_hold")).status_code == 200


async def test_who_may_only_look_cannot_answer(web: Company, case: str) -> None:
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    page = await viewer.get(case)
    assert "You may look here" in text_of(page)
    csrf = form_of(page, "/desk/sign-out").fields["csrf"]
    form = Form(f"{case}/messages", {"csrf": csrf, "as": "answer"}, [])
    assert (await send(viewer, form, reply="Hello")).status_code == 403


async def test_poison_is_seen(web: Company, desk: httpx.AsyncClient) -> None:
    assert "Nothing is stuck" in text_of(await desk.get("/desk/stuck"))
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await tx.emit(Event("stripe.invoice.paid", "in_poison", None, {"customer": "cus_x"}))
        await tx.conn.execute("update deliveries set dead = true, error = 'KeyError()'")
        await tx.conn.execute(
            "insert into stripe_inbox (event_id, type, kind, created, payload, received_at,"
            " not_before, state, error) values ('evt_bad', 'invoice.paid', 'invoice',"
            " '2026-03-01', '{}', '2026-03-01', '2026-03-01', 'aside', 'It cannot be read.')"
        )
    page = await desk.get("/desk/stuck")
    assert "in_poison" in page.text
    assert "It cannot be read." in page.text
    again = next(form for form in forms_of(page) if form.fields.get("id") == "evt_bad")
    assert "evt_bad" not in (await send(desk, again)).text


async def test_the_scoreboard_opens_the_contacts_behind_a_figure(
    case: str, desk: httpx.AsyncClient
) -> None:
    board = await desk.get("/scoreboard")
    assert "1 have not ended yet" in text_of(board)
    behind = await desk.get("/scoreboard/contacts?figure=open&days=28")
    assert case in behind.text
    for wrong in ("figure=none", "figure=open&tier=none", "figure=open&days=1"):
        assert (await desk.get(f"/scoreboard/contacts?{wrong}")).status_code == 404


async def test_what_is_known_beside_a_case_names_the_days_that_its_customer_reads(
    web: Company, case: str, desk: httpx.AsyncClient
) -> None:
    await web.knows(customer(), card(), subscription())  # until 1 April, 0:00 of UTC
    async with web.api() as api:
        west = {"time_zone": "America/Chicago"}
        assert (await api.patch("/v1/customers/cus_northbeck", json=west)).status_code == 200
    shown = text_of(await desk.get(case))
    assert "31 March" in shown
    assert "1 April" not in shown
