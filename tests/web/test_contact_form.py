"""The public form: it reaches a person, and can be used against nobody."""

from datetime import timedelta

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, paid_invoice, subscription
from tests.web.browsing import Form, at_the_desk, form_of, send, text_of
from tests.web.company import ADMIN, Company

from prunella import cases, people
from prunella.cases import Case
from prunella.kit.actor import SYSTEM
from prunella.people import links
from prunella.web.pages import contact

EMAIL = "ana@hollow.example"
WORDS = "Do you sell to schools?\nWe are three."
Letter = dict[str, str]


@pytest.fixture(autouse=True)
def quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in forms faster than people."""
    monkeypatch.setattr(contact, "TOO_QUICK", timedelta(0))


@pytest.fixture
def visitor(web: Company) -> httpx.AsyncClient:
    return visitor_of(web)


def visitor_of(web: Company, **headers: str) -> httpx.AsyncClient:
    client = web.client(**headers)
    client.follow_redirects = True
    return client


async def wrote(client: httpx.AsyncClient, **filled: str) -> httpx.Response:
    form = form_of(await client.get("/contact"), "/contact")
    return await send(client, form, **({"email": EMAIL, "say": WORDS} | filled))


async def letters(web: Company) -> list[Letter]:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        return await tx.all(
            "select o.recipient, m.subject, m.text, m.html from outbox o"
            " join messages m on m.id = o.message order by m.id"
        )


async def only_case(web: Company) -> Case:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        [case] = (await cases.list_cases(tx)).data
        return case


@pytest.mark.parametrize("email", ["ana@hollow", "ana@hollow.", "ana", "a b@hollow.example"])
async def test_an_address_that_no_mail_reaches_is_told_and_all_is_kept(
    web: Company, visitor: httpx.AsyncClient, email: str
) -> None:
    page = await wrote(visitor, email=email, say="Three lines of mine.")
    assert page.status_code == 422
    assert "no mail address we can answer to" in text_of(page)
    assert ">Three lines of mine.</textarea>" in page.text
    assert await web.count("cases") == 0


async def test_a_message_reaches_a_person_and_is_promised_an_answer(
    web: Company, visitor: httpx.AsyncClient
) -> None:
    page = await wrote(visitor, name="Ana")
    assert page.url.path == "/contact/sent"
    assert "A person has your message" in text_of(page)
    assert "You get an answer at the address you gave, by Thursday 5 March" in text_of(page)
    case = await only_case(web)
    assert (case.subject, case.text, case.because) == ("Do you sell to schools?", WORDS, "asked")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        guest = await people.find_customer(tx, case.customer)
    assert guest
    assert (guest.guest, guest.name, guest.email) == (True, "Ana", EMAIL)


async def test_the_answer_of_the_machine_repeats_nothing_that_was_typed(
    web: Company, visitor: httpx.AsyncClient
) -> None:
    """So that nobody can write to somebody else through us."""
    await wrote(visitor, name="Buy cheap watches", say="Buy cheap watches at watches.example")
    [letter] = await letters(web)
    assert letter["recipient"] == EMAIL
    assert letter["subject"] == "We have your message"
    for part in ("subject", "text", "html"):
        assert "watches" not in letter[part].lower()


async def test_the_desk_claims_nothing_of_whom_it_does_not_know(
    web: Company, visitor: httpx.AsyncClient
) -> None:
    await wrote(visitor)
    desk = await at_the_desk(web, ADMIN)
    page = text_of(await desk.get(f"/desk/cases/{(await only_case(web)).id}"))
    assert f"They wrote from {EMAIL}, without an account" in page
    assert "Everything is in order" not in page
    assert "At Stripe" not in page


async def test_its_link_opens_this_one_message(web: Company, visitor: httpx.AsyncClient) -> None:
    await wrote(visitor)
    [letter] = await letters(web)
    link = next(word for word in letter["text"].split() if "/l/" in word)
    page = await visitor_of(web).get(link)
    assert page.url.path == f"/billing/cases/{(await only_case(web)).id}"
    assert "Do you sell to schools?" in text_of(page)


async def test_an_address_gets_one_answer_of_the_machine_a_day(
    web: Company, visitor: httpx.AsyncClient
) -> None:
    for number in range(3):
        await wrote(visitor, say=f"Question {number}", email=EMAIL.upper() if number else EMAIL)
    assert await web.count("cases") == 3
    assert len(await letters(web)) == 1
    web.clock.advance(days=1, minutes=1)
    await wrote(visitor, say="And one more")
    assert len(await letters(web)) == 2


async def test_one_form_sent_twice_is_one_message(web: Company, visitor: httpx.AsyncClient) -> None:
    form = form_of(await visitor.get("/contact"), "/contact")
    for _ in range(2):
        await send(visitor, form, email=EMAIL, say=WORDS)
    assert await web.count("cases") == 1
    case = await only_case(web)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        said = await cases.messages_of(tx, case)
    assert [one.direction for one in said] == ["in", "out"]


async def test_an_address_of_a_customer_opens_nothing_of_theirs(
    web: Company, visitor: httpx.AsyncClient
) -> None:
    """Nobody has verified it; whoever works on it hears whose it is, the visitor does not."""
    await web.knows(customer(), card(), subscription(), paid_invoice())
    known = await web.customer("cus_northbeck")
    assert known.email
    theirs, nobodys = await wrote(visitor, email=known.email), await wrote(visitor)
    assert theirs.text == nobodys.text
    async with web.rooms.house.transaction(SYSTEM) as tx:
        assert await cases.cases_of(tx, known.id) == []
        found = (await cases.list_cases(tx)).data
        said = [one for case in found for one in await cases.messages_of(tx, case)]
    notes = [one.text for one in said if one.direction == "note"]
    assert notes == [
        "Nobody has verified this address. It is one of Northbeck Outfitters (cus_northbeck)."
    ]


async def test_what_fills_in_the_hidden_field_is_kept_as_spam_and_not_answered(
    web: Company, visitor: httpx.AsyncClient
) -> None:
    """Kept: a browser may have filled it in for a person."""
    page = await wrote(visitor, website="https://watches.example")
    assert "A person has your message" in text_of(page)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        row = await tx.one("select spam from cases")
    assert row == {"spam": True}
    assert await letters(web) == []


async def test_what_is_sent_at_once_is_asked_to_press_again(
    web: Company, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact, "TOO_QUICK", timedelta(seconds=60))
    page = await wrote(visitor)
    assert page.status_code == 422
    assert "Press the button once more" in text_of(page)
    assert ">Do you sell to schools?" in page.text
    assert await web.count("cases") == 0
    monkeypatch.setattr(contact, "TOO_QUICK", timedelta(0))
    again = await send(visitor, form_of(page, "/contact"), say=WORDS)
    assert again.url.path == "/contact/sent"


@pytest.mark.parametrize("token", ["", "made-up", "x" * 3000])
async def test_a_form_that_is_not_ours_does_nothing(
    web: Company, visitor: httpx.AsyncClient, token: str
) -> None:
    form = Form("/contact", {"form": token}, [])
    page = await send(visitor, form, email=EMAIL, say=WORDS)
    assert page.status_code == 422
    assert await web.count("cases") == 0


async def test_a_link_from_a_mail_is_no_form(web: Company, visitor: httpx.AsyncClient) -> None:
    link = await web.mail_link(await web.free_customer())
    await send(visitor, Form("/contact", {"form": link}, []), email=EMAIL, say=WORDS)
    assert await web.count("cases") == 0


async def test_a_form_is_no_link_into_anything(visitor: httpx.AsyncClient) -> None:
    form = form_of(await visitor.get("/contact"), "/contact").fields["form"]
    assert (await visitor.get(f"/l/{form}")).status_code == 401


async def test_a_form_of_a_week_ago_is_asked_to_press_again(
    web: Company, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "LASTS", timedelta(days=-1))
    form = form_of(await visitor.get("/contact"), "/contact")
    monkeypatch.undo()
    page = await send(visitor, form, email=EMAIL, say=WORDS)
    assert "Press the button once more" in text_of(page)
    assert await web.count("cases") == 0


async def test_a_page_of_another_site_cannot_send_it(
    web: Company, visitor: httpx.AsyncClient
) -> None:
    form = form_of(await visitor.get("/contact"), "/contact")
    fields = form.fields | {"email": EMAIL, "say": WORDS}
    headers = {"origin": "https://evil.example"}
    assert (await visitor.post("/contact", data=fields, headers=headers)).status_code == 403
    assert await web.count("cases") == 0


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({"email": "nobody"}, "This is no mail address"),
        ({"email": "a@x.example, b@y.example"}, "This is no mail address"),
        ({"email": "a@x.example\r\nBcc: b@y.example"}, "This is no mail address"),
        ({"say": "  "}, "There is nothing in it yet"),
    ],
)
async def test_what_is_missing_is_told_and_the_rest_stays(
    web: Company, visitor: httpx.AsyncClient, filled: dict[str, str], told: str
) -> None:
    page = await wrote(visitor, name="Ana", **filled)
    assert page.status_code == 422
    assert told in text_of(page)
    assert form_of(page, "/contact").fields["name"] == "Ana"
    assert await web.count("cases") == 0


async def test_so_many_for_one_address(web: Company, visitor: httpx.AsyncClient) -> None:
    for number in range(5):
        assert (await wrote(visitor, say=f"{number}")).url.path == "/contact/sent"
    page = await wrote(visitor, say="One too many", email=EMAIL.title())
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 60
    assert "That was a lot in a short time" in text_of(page)
    assert ">One too many</textarea>" in page.text
    assert await web.count("cases") == 5
    other = await wrote(visitor, email="ben@hollow.example")
    assert other.url.path == "/contact/sent"


async def test_so_many_from_one_network(web: Company, visitor: httpx.AsyncClient) -> None:
    """Whatever addresses they give, and whichever process of ours they reach."""
    sent = [await wrote(visitor, email=f"victim{n}@hollow.example") for n in range(11)]
    assert [page.status_code for page in sent] == [200] * 10 + [429]
    assert len(await letters(web)) == 10


async def test_it_speaks_the_language_of_the_browser(web: Company) -> None:
    visitor = visitor_of(web, **{"accept-language": "de-DE,de;q=0.9"})
    assert "Einem Menschen schreiben" in text_of(await visitor.get("/contact"))
    page = await wrote(visitor, say="Verkaufen Sie an Schulen?")
    assert "Die Antwort kommt an die Adresse, die Sie angegeben haben, bis" in text_of(page)
    [letter] = await letters(web)
    assert letter["subject"] == "Wir haben Ihre Nachricht"
    assert "Donnerstag, 5. März" in letter["text"]


async def test_who_is_not_signed_in_is_led_to_it(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/billing")
    assert page.status_code == 401
    assert 'href="/contact"' in page.text


async def test_the_page_is_light(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/contact")
    style = await visitor.get("/static/prunella.css")
    assert len(page.content) + len(style.content) < 100_000
