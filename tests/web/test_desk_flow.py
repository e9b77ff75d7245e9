"""What an agent does a hundred times a day: read, answer, go on with the next one."""

import asyncio

import httpx
from tests.web.browsing import (
    answer_form,
    ask_for_a_person,
    form_of,
    forms_of,
    send,
    text_of,
)
from tests.web.company import Company

from prunella import cases, people
from prunella.cases import Case
from prunella.cases.message import say
from prunella.kit.actor import SYSTEM


async def asked(web: Company, name: str, *, about: str = "") -> Case:
    """They ask on their page; returns the case."""
    async with web.rooms.house.transaction(SYSTEM) as tx:
        one = await people.add_customer(tx, name=name, email=f"{name.lower()}@x.example")
        subject = about or f"{name} asks"
        return await cases.open_case(tx, one, subject=subject, because="asked", text=subject)


async def answered(
    desk: httpx.AsyncClient, case: Case, text: str, how: str = "answer"
) -> httpx.Response:
    form = answer_form(await desk.get(f"/desk/cases/{case.id}"))
    return await send(desk, form, reply=text, **{"as": how})


async def messages_of(web: Company, case: Case) -> list[str]:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        return [one.text for one in await cases.messages_of(tx, case)]


async def test_after_an_answer_the_next_case_is_offered(
    web: Company, desk: httpx.AsyncClient
) -> None:
    first, second = await asked(web, "Quince"), await asked(web, "Kestrel")
    assert "Next:" not in text_of(await desk.get(f"/desk/cases/{first.id}"))
    page = await answered(desk, first, "It is paid.")
    assert page.url.fragment == "next"
    assert "Next: Kestrel" in text_of(page)
    assert f'id="next" href="/desk/cases/{second.id}?view=open"' in page.text
    page = await answered(desk, second, "So is this.", "solve")
    assert "Nothing else waits in this list" in text_of(page)


async def test_what_is_kept_open_is_gone_on_with(web: Company, desk: httpx.AsyncClient) -> None:
    first = await asked(web, "Quince")
    await asked(web, "Kestrel")
    page = await answered(desk, first, "I look at it now.", "keep")
    assert page.url.fragment == "last"
    assert "Next:" not in text_of(page)


async def test_an_answer_that_is_sent_twice_goes_out_once(
    web: Company, desk: httpx.AsyncClient
) -> None:
    """By a double click, without JavaScript: two requests at the same moment."""
    case = await asked(web, "Quince")
    form = answer_form(await desk.get(f"/desk/cases/{case.id}"))
    filled = {"reply": "It is paid.", "as": "answer"}
    both = await asyncio.gather(send(desk, form, **filled), send(desk, form, **filled))
    assert [page.status_code for page in both] == [200, 200]
    assert (await messages_of(web, case)).count("It is paid.") == 1
    await send(desk, form, **filled | {"reply": "One more thing."})
    assert "One more thing." in await messages_of(web, case)


async def test_a_note_and_a_macro_sent_twice_are_said_once(
    web: Company, desk: httpx.AsyncClient
) -> None:
    case = await asked(web, "Quince")
    page = await desk.get(f"/desk/cases/{case.id}?macro=initial_response")
    note = next(form for form in forms_of(page) if form.fields.get("as") == "note")
    macro = form_of(page, f"/desk/cases/{case.id}/macros/initial_response")
    for _ in range(2):
        await send(desk, note, reply="They called.")
        await send(desk, macro)
    said = await messages_of(web, case)
    assert said.count("They called.") == 1
    assert len(said) == 3


async def test_the_same_words_with_another_file_are_said_again(
    web: Company, desk: httpx.AsyncClient
) -> None:
    """As after going back, when the wrong file was sent; the same file twice is one."""
    case = await asked(web, "Quince")
    page = await desk.get(f"/desk/cases/{case.id}")
    note = next(form for form in forms_of(page) if form.fields.get("as") == "note")
    told = note.fields | {"reply": "Their bill."}
    for name in ("march.txt", "march.txt", "april.txt"):
        files = [("file", (name, b"a bill", "text/plain"))]
        headers = {"origin": str(desk.base_url)}
        sent = await desk.post(note.action, data=told, files=files, headers=headers)
        assert sent.status_code == 200
    assert (await messages_of(web, case)).count("Their bill.") == 2
    shown = text_of(await desk.get(f"/desk/cases/{case.id}"))
    assert "march.txt" in shown
    assert "april.txt" in shown


async def test_a_case_that_is_opened_twice_is_opened_once(
    web: Company, desk: httpx.AsyncClient
) -> None:
    await asked(web, "Quince")
    form = form_of(await desk.get("/desk/new"), "/desk/new")
    filled = {"customer": "Quince", "said": "They called.", "subject": "A call"}
    filled |= {"channel": "phone", "severity": "low"}
    for _ in range(2):
        assert (await send(desk, form, **filled)).status_code == 200
    assert await web.count("cases") == 2


async def test_a_letter_of_ours_is_no_news_and_holds_up_no_answer(
    web: Company, desk: httpx.AsyncClient
) -> None:
    """As the one that tells of a merge, a moment later."""
    case = await asked(web, "Quince")
    page = await desk.get(f"/desk/cases/{case.id}")
    news = f"/desk/news?case={case.id}"
    before = (await desk.get(news)).json()["last"]
    async with web.rooms.house.transaction(SYSTEM) as tx:
        words = "We put your questions together.\n\nYou find both on one page."
        await say(tx, customer=case.customer, case_id=case.id, direction="out", text=words)
    assert (await desk.get(news)).json()["last"] == before
    sent = await send(desk, answer_form(page), reply="It is paid.", **{"as": "answer"})
    assert sent.status_code == 200
    assert "The whole letter" in text_of(sent)


async def test_the_third_solving_asks_for_the_cause_where_one_answers(
    web: Company, desk: httpx.AsyncClient
) -> None:
    case = await asked(web, "Quince", about="The import fails")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        for _ in range(2):
            await case.set(tx, status="solved")
            await case.set(tx, status="open")
    page = await answered(desk, case, "It runs again.", "solve")
    assert page.status_code == 422
    form = answer_form(page)
    assert "root_cause" in form.fields
    assert ">It runs again.</textarea>" in page.text
    filled = {"reply": "It runs again.", "root_cause": "A wrong time-out", "as": "solve"}
    assert "Solved" in text_of(await send(desk, form, **filled))


async def test_a_closed_case_says_where_its_words_are_answered(
    web: Company, desk: httpx.AsyncClient
) -> None:
    first = await asked(web, "Quince")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        theirs = await people.find_customer(tx, first.customer)
        assert theirs
        second = await cases.open_case(tx, theirs, subject="Again", because="asked", text="Again")
        await second.merge_into(tx, first)
    page = await desk.get(f"/desk/cases/{second.id}")
    assert f"/desk/cases/{first.id}?view=open" in page.text
    assert "was merged" in text_of(page)
    assert not [form for form in forms_of(page) if "seen" in form.fields]
    offered = (await desk.get(f"/desk/cases/{first.id}")).text
    assert '<option value="solved"' in offered
    assert '<option value="closed"' not in offered


async def test_what_was_decided_beside_a_case_leads_back_to_it(
    web: Company, desk: httpx.AsyncClient
) -> None:
    await ask_for_a_person(web, "Hello")
    [row] = (await desk.get("/desk/news")).json()["rows"]
    page = text_of(await desk.get(f"/desk/cases/{row['id']}?said=approved"))
    assert "Approved. It goes out once" in page
    assert "Approved" not in text_of(await desk.get(f"/desk/cases/{row['id']}?said=changed"))


async def test_all_cases_of_a_list_are_chosen_at_once(
    web: Company, desk: httpx.AsyncClient
) -> None:
    await asked(web, "Quince")
    await asked(web, "Kestrel")
    page = await desk.get("/desk/several?view=open")
    assert " checked>" not in page.text
    assert "all=1" in page.text
    assert (await desk.get("/desk/several?view=open&all=1")).text.count(" checked>") == 2
