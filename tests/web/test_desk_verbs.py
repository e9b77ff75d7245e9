"""What is done with a case at the desk, without JavaScript: each verb a form of its own."""

import re

import httpx
from tests.web.browsing import (
    Form,
    answer_form,
    at_the_desk,
    form_of,
    forms_of,
    send,
    text_of,
)
from tests.web.company import Company

from prunella import cases, people
from prunella.kit.actor import SYSTEM, Actor


async def do(desk: httpx.AsyncClient, case: str, verb: str, **filled: str) -> httpx.Response:
    return await send(desk, form_of(await desk.get(case), f"{case}/{verb}"), **filled)


async def another(web: Company, subject: str) -> str:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await people.find_customer(tx, "cus_northbeck")
        assert found
        opened = await cases.open_case(tx, found, subject=subject, because="asked", text=subject)
    return opened.id


async def test_taking_a_case_makes_it_mine_and_the_list_says_so(
    case: str, desk: httpx.AsyncClient
) -> None:
    assert "Northbeck" in text_of(await desk.get("/desk?view=nobody"))
    page = await do(desk, case, "assignee", **{"as": "take"})
    assert "yours" in text_of(page)
    assert " took it" in text_of(page)
    assert "Northbeck" in text_of(await desk.get("/desk?view=mine"))
    assert "Northbeck" not in text_of(await desk.get("/desk?view=nobody"))


async def test_a_team_gets_it_with_the_queue(case: str, desk: httpx.AsyncClient) -> None:
    page = await do(desk, case, "assignee", team="finance", to="", **{"as": "give"})
    assert "yet, Finance" in text_of(page)


async def test_who_does_not_work_here_gets_nothing(case: str, desk: httpx.AsyncClient) -> None:
    page = await do(desk, case, "assignee", to="tok_gone", team="support", **{"as": "give"})
    assert "they no longer work here" in text_of(page)


async def test_a_case_that_is_put_aside_comes_back_by_hand(
    case: str, desk: httpx.AsyncClient
) -> None:
    page = await do(desk, case, "snooze", until="tomorrow", **{"as": "snooze"})
    assert re.search(r"Put aside until [\d:]+ tomorrow", text_of(page))
    assert "Northbeck" not in text_of(await desk.get("/desk"))
    assert "Northbeck" in text_of(await desk.get("/desk?view=snoozed"))
    await do(desk, case, "snooze", **{"as": "wake"})
    assert "Northbeck" in text_of(await desk.get("/desk"))


async def test_what_is_solved_sleeps_no_more_and_owes_no_answer(
    case: str, desk: httpx.AsyncClient
) -> None:
    await do(desk, case, "snooze", until="tomorrow", **{"as": "snooze"})
    page = text_of(await do(desk, case, "status", status="solved"))
    assert "Put aside" not in page
    assert "Solved without an answer" in page


async def test_a_macro_shows_its_words_before_they_are_filled_in(
    case: str, desk: httpx.AsyncClient
) -> None:
    page = text_of(await desk.get(case, params={"macro": "outage"}))
    assert "[When we write again]" in page


async def test_nothing_before_is_said(case: str, desk: httpx.AsyncClient) -> None:
    assert "Nothing before this case." in text_of(await desk.get(case))


async def test_a_day_that_is_past_is_said_so(case: str, desk: httpx.AsyncClient) -> None:
    page = await do(desk, case, "snooze", day="2020-01-01", **{"as": "snooze"})
    assert "This time is past" in text_of(page)


async def test_the_tag_field_holds_all_tags(case: str, desk: httpx.AsyncClient) -> None:
    await do(desk, case, "tags", tags="Past Due, vip")
    page = await do(desk, case, "tags", tags="vip, refund")
    assert "past-due" not in form_of(page, f"{case}/tags").fields["tags"]
    assert form_of(page, f"{case}/tags").fields["tags"] == "refund, vip"
    page = await do(desk, case, "tags", tags="(bad), vip")
    assert page.status_code == 422
    assert form_of(page, f"{case}/tags").fields["tags"] == "(bad), vip"


async def test_escalating_tells_the_next_level_why(case: str, desk: httpx.AsyncClient) -> None:
    page = text_of(await do(desk, case, "level", level="engineering", why="The webhook is silent."))
    assert "The webhook is silent." in page
    assert "Engineering" in page
    assert "escalated it" in page


async def test_two_cases_of_one_customer_become_one(
    web: Company, case: str, desk: httpx.AsyncClient
) -> None:
    other = await another(web, "The same once more")
    page = await do(desk, case, "merge", into=other)
    assert page.url.path == f"/desk/cases/{other}"
    assert "We changed banks." in text_of(page)
    assert "The same once more" in text_of(page)


async def test_a_part_of_a_case_becomes_its_own(case: str, desk: httpx.AsyncClient) -> None:
    await do(desk, case, "messages", reply="Two matters, I see.", **{"as": "note"})
    form = form_of(await desk.get(case), f"{case}/split")
    boxes = [name for name in form.fields if name.startswith("m.")]
    for name in boxes[1:]:
        del form.fields[name]
    page = await send(desk, form, subject="The other bank", **{boxes[0]: "on"})
    assert page.url.path != case
    assert "The other bank" in text_of(page)
    assert "Two matters" not in text_of(page)


async def test_cases_are_linked_by_number(web: Company, case: str, desk: httpx.AsyncClient) -> None:
    other = await another(web, "An outage")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await cases.get_case(tx, other)
    assert found
    page = await do(desk, case, "links", other=str(found.number), kind="caused_by")
    assert f"Case {found.number}: An outage" in text_of(page)
    page = await do(desk, case, "links", other="999999", kind="duplicate")
    assert page.status_code == 422
    assert "No case has this number" in text_of(page)
    assert form_of(page, f"{case}/links").fields["other"] == "999999"


async def test_spam_leaves_the_inbox_and_can_be_taken_back(
    case: str, desk: httpx.AsyncClient
) -> None:
    await do(desk, case, "spam")
    assert "Northbeck" not in text_of(await desk.get("/desk"))
    assert "Northbeck" in text_of(await desk.get("/desk?view=spam"))
    await do(desk, case, "spam", **{"as": "ham"})
    assert "Northbeck" in text_of(await desk.get("/desk"))


async def test_an_answer_waits_when_somebody_else_wrote_meanwhile(
    web: Company, case: str, desk: httpx.AsyncClient
) -> None:
    form = answer_form(await desk.get(case))
    colleague = Actor("staff", "tok_other", "agent", verified=True)
    async with web.rooms.house.transaction(colleague) as tx:
        found = await cases.get_case(tx, case.rpartition("/")[2])
        assert found
        await found.reply(tx, "It is settled already.")
    page = await send(desk, form, reply="Which bank is it?", **{"as": "answer"})
    assert page.status_code == 409
    assert "Not sent yet" in text_of(page)
    assert "It is settled already." in text_of(page)
    assert ">Which bank is it?</textarea>" in page.text
    again = answer_form(page)
    sent = await send(desk, again, reply="Which bank is it?", **{"as": "answer"})
    assert sent.status_code == 200
    assert "Not sent yet" not in text_of(sent)


async def test_words_that_do_not_say_what_they_are_go_to_nobody(
    case: str, desk: httpx.AsyncClient
) -> None:
    """A note that lost its button must not become an answer."""
    form = answer_form(await desk.get(case))
    assert (await send(desk, form, reply="Between us.")).status_code == 400
    assert "Between us." not in text_of(await desk.get(case))
    form = next(one for one in forms_of(await desk.get(case)) if one.fields.get("as") == "note")
    await send(desk, form, reply="Between us.")
    assert "Note, only for us" in text_of(await desk.get(case))


async def test_a_wrong_copy_keeps_the_words(case: str, desk: httpx.AsyncClient) -> None:
    form = answer_form(await desk.get(case))
    page = await send(desk, form, reply="Hello", cc="nobody", **{"as": "answer"})
    assert page.status_code == 422
    assert ">Hello</textarea>" in page.text
    assert "no mail address" in text_of(page)


async def test_a_macro_shows_what_it_does_before_it_does_it(
    case: str, desk: httpx.AsyncClient
) -> None:
    page = await desk.get(f"{case}?macro=initial_response")
    name = next(one.action for one in forms_of(page) if "/macros/" in one.action)
    assert "It also changes" in text_of(page)
    page = await send(desk, form_of(page, name))
    assert "yours" in text_of(page)


async def test_a_macro_that_lacks_something_keeps_what_was_typed(
    case: str, desk: httpx.AsyncClient
) -> None:
    form = form_of(await desk.get(f"{case}?macro=solution"), f"{case}/macros/solution")
    page = await send(desk, form, **{"ask.cause": "The card ran out in May.", "ask.fix": "  "})
    assert page.status_code == 422
    assert "was not filled in" in text_of(page)
    assert ">The card ran out in May.</textarea>" in page.text
    page = await send(desk, form, **{"ask.cause": "It ran out.", "ask.fix": "Use another card."})
    assert "Use another card." in text_of(page)


async def test_several_cases_are_changed_at_once(
    web: Company, case: str, desk: httpx.AsyncClient
) -> None:
    other = await another(web, "An outage")
    form = form_of(await desk.get("/desk/several"), "/desk/several")
    chosen = {f"c.{case.rpartition('/')[2]}": "on", f"c.{other}": "on"}
    page = await send(desk, form, to="me", severity="high", tags="outage", **chosen)
    assert "2 changed" in text_of(page)
    mine = text_of(await desk.get("/desk?view=mine"))
    assert "An outage" in mine
    assert (await send(desk, form, **chosen)).status_code == 422


async def test_who_may_only_look_changes_nothing(web: Company, case: str) -> None:
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    csrf = form_of(await viewer.get(case), "/desk/sign-out").fields["csrf"]
    for verb in ("assignee", "status", "tags", "snooze", "level", "kind", "spam", "links"):
        form = Form(f"{case}/{verb}", {"csrf": csrf}, [])
        assert (await send(viewer, form)).status_code == 403, verb


async def test_who_may_only_look_is_given_no_case(
    web: Company, case: str, desk: httpx.AsyncClient
) -> None:
    """They could not answer it, and nobody else would."""
    async with web.rooms.house.transaction(SYSTEM) as tx:
        made = await people.tokens.create(tx, name="Vic Ode", role="viewer")
        vic = (await people.tokens.of_bearer(tx, made)) or SYSTEM
    page = await desk.get(case)
    assert f'value="{vic.id}"' not in page.text
    assert f'value="{vic.id}"' not in (await desk.get("/desk/several?view=open")).text
    refused = await send(
        desk, form_of(page, f"{case}/assignee"), **{"as": "give", "to": vic.id, "team": "support"}
    )
    assert refused.status_code == 422
    assert "may only look" in text_of(refused)
    async with web.api() as api:
        name = case.rpartition("/")[2]
        answer = await api.patch(f"/v1/cases/{name}", json={"assignee": vic.id})
    assert answer.status_code == 422
    assert "Give it to somebody else" in answer.json()["detail"]


async def test_what_lies_in_the_spam_folder_says_so_and_has_no_clock(
    case: str, desk: httpx.AsyncClient
) -> None:
    before = text_of(await desk.get(case))
    assert "First response" in before
    page = text_of(await do(desk, case, "spam", **{"as": "spam"}))
    assert "Spam, opened" in page
    assert "First response" not in page
    assert "First response" in text_of(await do(desk, case, "spam", **{"as": "ham"}))


async def test_who_may_only_look_is_told_no_keys_that_do_nothing(web: Company, case: str) -> None:
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    page = (await viewer.get(case)).text
    told = page[page.index('id="keys"') : page.index('id="all-keys"')]
    assert "<kbd>J</kbd>" in told
    assert "<kbd>W</kbd>" not in told


async def test_several_without_a_choice_says_what_is_missing_and_keeps_the_ticks(
    case: str, desk: httpx.AsyncClient
) -> None:
    form = form_of(await desk.get("/desk/several"), "/desk/several")
    pick = f"c.{case.rpartition('/')[2]}"
    nothing = {"to": "", "team": "", "status": "", "severity": "", "tags": "", "as": "change"}
    page = await send(desk, form, **nothing | {pick: "on"})
    assert page.status_code == 422
    assert "Choose at least one case, and say what becomes of it." in text_of(page)
    assert re.search(f'name="{pick}"[^>]* checked', page.text)
    del form.fields[pick]
    page = await send(desk, form, **nothing | {"tags": "march"})
    assert "Choose at least one case" in text_of(page)


async def test_a_problem_at_the_desk_speaks_to_who_works_there(
    web: Company, case: str, desk: httpx.AsyncClient
) -> None:
    reply = answer_form(await desk.get(case))
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await people.sessions.end_all_of(tx, person="admin")
    ended = await send(desk, reply, reply="Half a sentence", **{"as": "answer"})
    assert ended.status_code == 401
    assert "what you wrote on a case is still in its box" in text_of(ended)
    assert 'href="/sign-in"' in ended.text
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    refused = await viewer.get("/desk/hooks")
    assert "An admin can say who may." in text_of(refused)
    assert 'href="/desk"' in refused.text
    missing = await viewer.get("/desk/cases/case_none")
    assert "Back to the desk" in text_of(missing)
