"""A customer's own cases: the list, what happens next by when, files, open again."""

import re

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, failed, paid_invoice, subscription
from tests.web.browsing import Form, form_of, forms_of, send, signed_in, text_of
from tests.web.company import URL, Company

from prunella import cases, people
from prunella.kit.actor import Actor

ADMIN = Actor(kind="staff", id="admin", role="admin")
LIST = "/billing/cases"


@pytest.fixture
async def client(web: Company) -> httpx.AsyncClient:
    await web.knows(customer(), card(), subscription(), paid_invoice())
    return await signed_in(web, "cus_northbeck")


async def asked(client: httpx.AsyncClient, **words: str) -> httpx.Response:
    """Ask something new, and stand on its page."""
    return await send(client, form_of(await client.get(LIST), LIST), **words)


async def send_files(
    client: httpx.AsyncClient, form: Form, *files: tuple[str, bytes], **filled: str
) -> httpx.Response:
    """Send a form with files, the way a browser does."""
    sent = [("file", (name, data, "text/plain")) for name, data in files]
    headers = {"origin": URL}
    return await client.post(form.action, data=form.fields | filled, files=sent, headers=headers)


def case_in(page: httpx.Response) -> str:
    return page.url.path.rsplit("/", 1)[1]


def talking(page: httpx.Response) -> Form:
    return next(form for form in forms_of(page) if form.action.endswith("/messages"))


async def at_the_desk(web: Company, case: str, verb: str, *words: str, **more: str) -> None:
    async with web.rooms.house.transaction(ADMIN) as tx:
        found = await cases.get_case(tx, case)
        assert found
        await getattr(found, verb)(tx, *words, **more)


async def test_a_new_question_says_what_happens_next_and_by_when(client: httpx.AsyncClient) -> None:
    page = await asked(client, subject="A second seat", say="How do I add one?")
    words = text_of(page)
    assert "A person has your question" in words
    assert re.search(r"You get an answer by \d+:\d\d tomorrow", words)
    assert "A second seat" in words
    assert "How do I add one?" in words
    listed = text_of(await client.get(LIST))
    assert "A second seat" in listed
    assert "Waiting for us. You get an answer by" in listed


async def test_two_questions_are_two_cases_and_one_form_sent_twice_is_one(
    web: Company, client: httpx.AsyncClient
) -> None:
    form = form_of(await client.get(LIST), LIST)
    for _ in range(2):
        page = await send(client, form, subject="Seats", say="How do I add one?")
    assert text_of(page).count("How do I add one?") == 1
    await asked(client, subject="Seats", say="And how do I take one away?")
    assert await web.count("cases") == 2


async def test_what_was_said_on_one_question_is_not_shown_on_another(
    client: httpx.AsyncClient,
) -> None:
    first = await asked(client, say="About the seats.")
    second = await asked(client, say="About the export.")
    assert "About the seats." not in text_of(second)
    assert "About the export." not in text_of(await client.get(str(first.url.path)))


async def test_without_a_subject_it_is_called_by_its_first_words(client: httpx.AsyncClient) -> None:
    page = await asked(client, say="How do I add a seat?\nWe have three.")
    assert "How do I add a seat?</h2>" in page.text


async def test_an_empty_question_is_none_and_keeps_what_was_filled_in(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, subject="Seats", say=" ")
    assert page.status_code == 422
    assert "There is nothing in it yet" in text_of(page)
    assert form_of(page, LIST).fields["subject"] == "Seats"
    assert await web.count("cases") == 0


async def test_a_file_alone_is_a_message_and_hangs_there_once(client: httpx.AsyncClient) -> None:
    page = await asked(client, say="See what I see.")
    form = talking(page)
    for _ in range(2):
        page = await send_files(client, form, ("what-i-see.txt", b"nothing"))
    assert text_of(page).count("what-i-see.txt, 1 kB") == 1
    assert "(a file, without words)" in text_of(page)


async def test_files_come_with_a_new_question(client: httpx.AsyncClient) -> None:
    form = form_of(await client.get(LIST), LIST)
    files = [("one.txt", b"1" * 3000), ("two.txt", b"2")]
    words = text_of(await send_files(client, form, *files, say="Two of them."))
    assert "one.txt, 3 kB" in words
    assert "two.txt, 1 kB" in words


async def test_a_file_that_is_too_large_is_told_and_the_words_stay(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, say="See what I see.")
    large = ("large.txt", b"0" * (10 * 1024 * 1024 + 1))
    page = await send_files(client, talking(page), large, say="Here it is.")
    assert page.status_code == 422
    assert "larger than 10 MB" in text_of(page)
    assert ">Here it is.</textarea>" in page.text
    assert await web.count("attachments") == 0


async def test_endless_files_are_not_read(client: httpx.AsyncClient) -> None:
    form = form_of(await client.get(LIST), LIST)
    page = await send_files(client, form, ("endless.txt", b"0" * 28_000_001), say="All of it.")
    assert page.status_code == 413


async def test_files_of_somebody_unknown_are_not_read(web: Company) -> None:
    form = Form(LIST, {"csrf": "guessed"}, [])
    page = await send_files(web.client(), form, ("one.txt", b"1"), say="Hello")
    assert page.status_code == 401


async def test_the_same_words_sent_twice_are_said_once(client: httpx.AsyncClient) -> None:
    page = await asked(client, say="First.")
    form = talking(page)
    for _ in range(2):
        page = await send(client, form, say="Second.")
    assert text_of(page).count("Second.") == 1


async def test_an_answer_stops_our_clock_and_is_settled_by_them(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, say="How do I add a seat?")
    case = case_in(page)
    await at_the_desk(web, case, "reply", "On the page Seats.")
    page = await client.get(f"{LIST}/{case}")
    assert "You have an answer" in text_of(page)
    assert "Our clock stands still until you write" in text_of(page)
    page = await send(client, form_of(page, f"{LIST}/{case}/settlement"))
    assert "Your question is settled" in text_of(page)
    assert "Open it again, until Tuesday 10 March" in text_of(page)
    async with web.rooms.house.transaction(ADMIN) as tx:
        row = await tx.one("select confirmed from outcomes")
    assert row == {"confirmed": True}


async def test_a_settled_question_opens_again_with_and_without_a_word(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, say="How do I add a seat?")
    case = case_in(page)
    for words in ("", "It still says no."):
        await at_the_desk(web, case, "solve")
        form = form_of(await client.get(f"{LIST}/{case}"), f"{LIST}/{case}/reopening")
        page = await send(client, form, say=words)
        assert "A person has your question" in text_of(page)
        assert words in text_of(page)


async def test_after_another_word_the_next_answer_has_a_time_of_its_own(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, say="How do I add a seat?")
    await at_the_desk(web, case_in(page), "reply", "On the page Seats.")
    web.clock.advance(days=14)
    page = await send(client, talking(await client.get(str(page.url.path))), say="Which one?")
    assert re.search(r"You get an answer by \d+:\d\d tomorrow", text_of(page))


async def test_a_promise_that_was_missed_is_owned(web: Company, client: httpx.AsyncClient) -> None:
    page = await asked(client, say="How do I add a seat?")
    web.clock.advance(days=7)
    words = text_of(await client.get(str(page.url.path)))
    assert "and we are late. A person has been told." in words


async def test_a_closed_question_leads_to_a_new_one_beside_it(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, say="How do I add a seat?")
    first, form = case_in(page), talking(page)
    await at_the_desk(web, first, "set", status="closed")
    page = await client.get(f"{LIST}/{first}")
    assert not [one for one in forms_of(page) if one.action.startswith(LIST)]
    page = await send(client, form, say="It is back.")
    assert case_in(page) != first
    assert "It is back." in text_of(page)


async def test_a_merged_question_shows_the_one_that_goes_on(
    web: Company, client: httpx.AsyncClient
) -> None:
    first = await asked(client, say="About the seats.")
    second = await asked(client, say="About the seats, once more.")
    async with web.rooms.house.transaction(ADMIN) as tx:
        gone, kept = [await cases.get_case(tx, case_in(one)) for one in (first, second)]
        assert gone
        assert kept
        await gone.merge_into(tx, kept)
    page = await client.get(str(first.url.path))
    assert "A person has your question" in text_of(page)
    assert "About the seats, once more." in text_of(page)
    await send(client, talking(page), say="One more word.")
    assert "One more word." in text_of(await client.get(str(second.url.path)))


async def test_notes_among_us_and_their_files_stay_among_us(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, say="How do I add a seat?")
    async with web.rooms.house.transaction(ADMIN) as tx:
        found = await cases.get_case(tx, case_in(page))
        assert found
        file = cases.File("secret-plan.txt", "text/plain", b"hm")
        await found.note(tx, "They may leave.", attachments=[file])
    words = text_of(await client.get(str(page.url.path)))
    assert "They may leave." not in words
    assert "secret-plan" not in words


async def test_what_a_mail_only_repeats_is_folded(web: Company, client: httpx.AsyncClient) -> None:
    page = await asked(client, say="How do I add a seat?")
    owner = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(Actor(kind="customer", id=owner.id)) as tx:
        found = await cases.get_case(tx, case_in(page))
        assert found
        await found.add_message(tx, "It works.\n\n> On the page Seats.", channel="mail")
    page = await client.get(str(page.url.path))
    assert '<p class="words">It works.</p>' in page.text
    assert '<p class="words soft">&gt; On the page Seats.</p></details>' in page.text


async def test_a_question_of_somebody_else_does_not_exist(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await asked(client, say="How do I add a seat?")
    stranger = await signed_in(web, (await web.free_customer()).id)
    csrf = form_of(await stranger.get(LIST), LIST).fields["csrf"]
    assert (await stranger.get(str(page.url.path))).status_code == 404
    for verb in ("messages", "settlement", "reopening"):
        form = Form(f"{page.url.path}/{verb}", {"csrf": csrf}, [])
        assert (await send(stranger, form, say="Mine now")).status_code == 404, verb
    assert "How do I add a seat?" not in text_of(await stranger.get(LIST))


async def test_the_meter_shows_an_answer_first_and_leads_to_all(
    web: Company, client: httpx.AsyncClient
) -> None:
    assert "Your questions" not in text_of(await client.get("/billing"))
    page = await asked(client, subject="Seats", say="How do I add one?")
    beside = text_of(await client.get("/billing"))
    assert "Your questions" in beside
    assert "Waiting for us" in beside
    await at_the_desk(web, case_in(page), "reply", "On the page Seats.")
    assert "Answered Seats" in text_of(await client.get("/billing"))


async def test_a_member_may_ask_and_see(web: Company) -> None:
    await web.knows(customer(), card(), subscription(), paid_invoice())
    member = await signed_in(web, "cus_northbeck", role="member")
    assert (await asked(member, say="May I?")).status_code == 200


async def test_a_german_reader_is_told_in_german(web: Company) -> None:
    await web.knows(customer(preferred_locales=["de"]), card(), *failed())
    client = await signed_in(web, "cus_northbeck")
    page = await asked(client, say="Wie geht das?")
    assert "Ein Mensch hat Ihre Frage" in text_of(page)
    assert "Sie bekommen eine Antwort bis morgen, " in text_of(page)
    assert "Wartet auf uns. Sie bekommen" in text_of(await client.get(LIST))


async def test_the_pages_are_light_with_fifty_questions(
    web: Company, client: httpx.AsyncClient
) -> None:
    owner = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(Actor(kind="customer", id=owner.id)) as tx:
        for number in range(60):
            await cases.open_case(tx, owner, subject=f"{number} " * 30, because="asked", text="x")
    page = await client.get(LIST)
    assert page.status_code == 200
    files = [await client.get(f"/static/{name}") for name in ("prunella.css", "prunella.js")]
    assert sum(len(one.content) for one in (page, *files)) < 100_000


async def guest_case(web: Company, email: str) -> tuple[str, str]:
    """Return a guest's case, and the link to it."""
    async with web.rooms.house.transaction(ADMIN) as tx:
        guest = await people.guest(tx, email=email)
        case = await cases.open_case(
            tx, guest, subject="Hello", because="asked", text=f"From {email}.", on_behalf=True
        )
        return case.id, await people.links.make(tx, customer=guest.id, subject=case.id)


async def test_a_guest_sees_their_one_case_and_nothing_else(web: Company) -> None:
    case, link = await guest_case(web, "ana@hollow.example")
    other, _ = await guest_case(web, "ben@hollow.example")
    client = web.client()
    client.follow_redirects = True
    page = await client.get(f"/l/{link}")
    assert page.url.path == f"{LIST}/{case}"
    assert "From ana@hollow.example." in text_of(page)
    assert "/billing/events" not in page.text
    page = await send(client, talking(page), say="One more word.")
    assert "One more word." in text_of(page)
    for path in ("/billing", LIST, f"{LIST}/{other}", "/billing/actions", "/billing/events"):
        assert (await client.get(path)).status_code == 401, path


async def test_a_second_case_of_a_guest_needs_its_own_link(web: Company) -> None:
    """Whoever types somebody's address into the form must not read what they asked before."""
    case, link = await guest_case(web, "ana@hollow.example")
    async with web.rooms.house.transaction(ADMIN) as tx:
        guest = await people.guest(tx, email="ana@hollow.example")
        second = await cases.open_case(tx, guest, subject="Else", because="asked", apart=True)
    client = web.client()
    client.follow_redirects = True
    await client.get(f"/l/{link}")
    assert (await client.get(f"{LIST}/{case}")).status_code == 200
    assert (await client.get(f"{LIST}/{second.id}")).status_code == 401


async def test_a_guest_of_a_closed_case_is_led_to_the_form(web: Company) -> None:
    case, link = await guest_case(web, "ana@hollow.example")
    client = web.client()
    client.follow_redirects = True
    form = talking(await client.get(f"/l/{link}"))
    await at_the_desk(web, case, "set", status="closed")
    page = await send(client, form, say="It is back.")
    assert page.url.path == "/contact"


async def test_a_letter_about_a_case_leads_to_the_case(
    web: Company, client: httpx.AsyncClient
) -> None:
    case = case_in(await asked(client, say="How do I add a seat?"))
    owner = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(ADMIN) as tx:
        link = await people.links.make(tx, customer=owner.id, subject=case)
    reader = web.client()
    reader.follow_redirects = True
    page = await reader.get(f"/l/{link}")
    assert page.url.path == f"{LIST}/{case}"
    assert (await reader.get("/billing")).status_code == 200
