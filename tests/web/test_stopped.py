"""What failed to the end is seen, tried again or let be: at the desk and over the API."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from tests.web.browsing import Form, at_the_desk, forms_of, send, text_of
from tests.web.company import Company

from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.jobs import Job
from prunella.kit.timers import Timer

PAGE, LIST = "/desk/stuck", "/v1/stopped"
TABLES = {
    "webhook": "select 1 as n from stripe_inbox where state = 'aside'",
    "delivery": "select 1 as n from deliveries where dead",
    "timer": "select 1 as n from timers where dead and subject = 'x:1/2'",
    "job": "select 1 as n from procrastinate_jobs where status = 'failed'",
}
GOES_ON = {
    "webhook": "select 1 as n from stripe_inbox where state = 'waiting' and attempts = 0",
    "delivery": "select 1 as n from deliveries where not dead and attempts = 0",
    "timer": "select 1 as n from timers where not dead and attempts = 0 and subject = 'x:1/2'",
    "job": "select 1 as n from procrastinate_jobs where status = 'todo' and attempts = 0"
    " and task_name = 'mirror.refresh' and args = '{\"a\": 1}' and lock = 'one'",
}
ONE_LISTENER = "delete from deliveries where listener <> (select min(listener) from deliveries)"
STOP = (
    "update deliveries set dead = true, attempts = 8, error = 'KeyError()'",
    "update timers set dead = true, attempts = 8, error = 'ValueError()' where subject = 'x:1/2'",
    "update procrastinate_jobs set status = 'failed', attempts = 12",
    """insert into stripe_inbox (event_id, type, kind, created, payload, received_at, not_before,
         state, error, attempts)
       values ('evt_bad', 'invoice.paid', 'invoice', '2026-03-01', '{}', '2026-03-01',
         '2026-03-01', 'aside', 'It cannot be read.', 8)""",
)


@pytest.fixture(autouse=True)
async def _stopped(web: Company) -> None:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await tx.emit(Event("stripe.invoice.paid", "in_poison", None, {"customer": "cus_x"}))
        await tx.conn.execute(ONE_LISTENER.encode())
        await tx.arm(Timer("case.wake", "x:1/2", tx.now))
        await tx.defer(Job("mirror.refresh", {"a": 1}, lock="one"))
        for statement in STOP:
            await tx.conn.execute(statement.encode())


async def there(web: Company, statements: Mapping[str, str]) -> dict[str, int]:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = {}
        for kind, statement in statements.items():
            cursor = await tx.conn.execute(statement.encode())
            found[kind] = len(await cursor.fetchall())
        return found


async def audited(web: Company, verb: str) -> list[str]:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        rows = await tx.all("select because from audit_entries where verb = %s", (verb,))
    return sorted(row["because"] for row in rows)


def buttons(page: httpx.Response, what: str) -> dict[str, Form]:
    found = [form for form in forms_of(page) if form.action == f"{PAGE}/{what}"]
    return {form.fields["kind"]: form for form in found}


async def test_each_is_told_with_its_cause_in_words(desk: httpx.AsyncClient, web: Company) -> None:
    page = await desk.get(PAGE)
    shown = text_of(page)
    for words in ("It cannot be read.", "KeyError()", "ValueError()", "Tried again, they are due"):
        assert words in shown
    assert set(buttons(page, "retries")) == set(buttons(page, "settlements")) == set(TABLES)
    assert await there(web, TABLES) == dict.fromkeys(TABLES, 1)


async def test_one_button_tries_each_again_and_a_second_press_says_so(
    desk: httpx.AsyncClient, web: Company
) -> None:
    asked = buttons(await desk.get(PAGE), "retries")
    for form in asked.values():
        taken = await send(desk, form)
        assert taken.status_code == 200
        assert "It is being tried again." in text_of(taken)
    assert await there(web, TABLES) == dict.fromkeys(TABLES, 0)
    assert await there(web, GOES_ON) == dict.fromkeys(TABLES, 1)
    again = await send(desk, asked["timer"])
    assert again.status_code == 409
    assert "This is tried again already" in text_of(again)
    assert "Nothing is stuck" in text_of(again)
    assert await audited(web, "stopped.tried_again") == sorted(TABLES)


async def test_let_be_it_is_gone_and_never_done(desk: httpx.AsyncClient, web: Company) -> None:
    for form in buttons(await desk.get(PAGE), "settlements").values():
        taken = await send(desk, form)
        assert taken.status_code == 200
        assert "It is let be" in text_of(taken)
    assert "let be" not in text_of(await desk.get(f"{PAGE}?done=anything"))
    assert await there(web, TABLES) == dict.fromkeys(TABLES, 0)
    assert await there(web, GOES_ON) == dict.fromkeys(TABLES, 0)
    assert await audited(web, "stopped.let_be") == sorted(TABLES)


async def test_agents_try_again_and_leads_let_be(web: Company) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    page = await desk.get(PAGE)
    assert buttons(page, "settlements") == {}
    form = buttons(page, "retries")["job"]
    assert (await send(desk, Form(f"{PAGE}/settlements", form.fields, []))).status_code == 403
    assert (await send(desk, Form(form.action, form.fields | {"kind": "x"}, []))).status_code == 400
    assert (await send(desk, form)).status_code == 200
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    assert buttons(await viewer.get(PAGE), "retries") == {}


async def test_programs_see_and_do_the_same(web: Company) -> None:
    async with web.api() as client:
        listed = (await client.get(LIST)).json()["data"]
        assert {one["kind"]: (one["about"], one["error"]) for one in listed} == {
            "webhook": (None, "It cannot be read."),
            "delivery": ("in_poison", "KeyError()"),
            "timer": ("x:1/2", "ValueError()"),
            "job": (None, None),
        }
        for one in listed:
            named: dict[str, Any] = {"kind": one["kind"], "id": one["id"]}
            key = {"idempotency-key": one["id"]}
            for _ in range(2):  # the same request, sent twice
                answer = await client.post(f"{LIST}/retries", json=named, headers=key)
                assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
            answer = await client.post(f"{LIST}/settlements", json=named)
            assert (answer.status_code, answer.json()["title"]) == (409, "It does not stand still")
        for odd in ("", "x", "1:", "9" * 30, "a:b:c", "\u0663"):
            for kind in TABLES:
                answer = await client.post(f"{LIST}/retries", json={"kind": kind, "id": odd})
                assert answer.status_code in {409, 422}, odd
    assert await there(web, GOES_ON) == dict.fromkeys(TABLES, 1)


async def test_it_is_for_staff(web: Company) -> None:
    theirs = await web.free_customer()
    body = {"kind": "job", "id": "1"}
    for token, status in (
        (web.token(theirs.id), 404),
        (await web.staff_token("viewer"), 403),
        (await web.staff_token("agent"), 403),
    ):
        async with web.api(token) as client:
            assert (await client.post(f"{LIST}/settlements", json=body)).status_code == status
