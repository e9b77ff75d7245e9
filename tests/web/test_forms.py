"""Forms: only from our own pages, only with the session's own token, and without JavaScript."""

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.browsing import Form, form_of, forms_of, send, signed_in, text_of
from tests.web.company import URL, Company


@pytest.fixture
async def client(web: Company) -> httpx.AsyncClient:
    await web.knows(customer(), card(), *failed())
    return await signed_in(web, "cus_northbeck")


@pytest.fixture
async def asking(client: httpx.AsyncClient) -> Form:
    return form_of(await client.get("/billing"), "/billing/person")


async def test_a_form_without_its_token_does_nothing(
    web: Company, client: httpx.AsyncClient
) -> None:
    page = await client.get("/billing")
    for form in forms_of(page):
        for token in (None, "", "wrong"):
            fields = {k: v for k, v in form.fields.items() if k != "csrf"}
            fields |= {"csrf": token} if token is not None else {}
            answer = await client.post(form.action, data=fields, headers={"origin": URL})
            assert answer.status_code == 403, form.action
    assert await web.count("cases") == 0
    assert await web.count("fix_runs") == 0
    assert (await client.get("/billing")).status_code == 200


async def test_the_token_of_another_session_is_no_good(web: Company, asking: Form) -> None:
    other = await signed_in(web, "cus_northbeck")
    assert (await send(other, asking)).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
async def test_a_form_on_another_site_does_nothing(
    web: Company, client: httpx.AsyncClient, asking: Form, headers: dict[str, str]
) -> None:
    answer = await client.post(asking.action, data=asking.fields, headers=headers)
    assert answer.status_code == 403
    assert await web.count("cases") == 0


async def test_a_person_is_asked_with_everything_known(
    web: Company, client: httpx.AsyncClient, asking: Form
) -> None:
    page = await send(client, asking, say="We changed banks.")
    assert "A person has your question" in text_of(page)
    assert "We changed banks." in text_of(page)
    async with web.api() as api:
        case = (await api.get("/v1/cases")).json()["data"][0]
        whole = (await api.get(f"/v1/cases/{case['id']}")).json()
    assert whole["customer"] == "cus_northbeck"
    assert whole["context"]["diagnosis"]["status"] == "red"


async def test_asking_twice_is_one_case(
    web: Company, client: httpx.AsyncClient, asking: Form
) -> None:
    await send(client, asking, say="Hello?")
    page = await send(client, asking, say="Hello again?")
    assert "Hello again?" in text_of(page)
    assert await web.count("cases") == 1


async def test_asking_without_a_word_is_fine(client: httpx.AsyncClient, asking: Form) -> None:
    page = await send(client, asking)
    assert page.status_code == 200
    assert "You get an answer by" in text_of(page)


async def test_one_may_write_more_and_an_empty_message_changes_nothing(
    client: httpx.AsyncClient, asking: Form
) -> None:
    page = await send(client, asking, say="First.")
    form = next(form for form in forms_of(page) if form.action.endswith("/messages"))
    assert "Second." in text_of(await send(client, form, say="Second."))
    nothing = await send(client, form, say=" ")
    assert nothing.status_code == 422
    assert "There is nothing in it yet" in text_of(nothing)


async def test_what_is_written_is_shown_as_text(client: httpx.AsyncClient, asking: Form) -> None:
    page = await send(client, asking, say="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in page.text


async def test_somebody_who_only_looks_cannot_pay(web: Company, client: httpx.AsyncClient) -> None:
    paying = next(f for f in forms_of(await client.get("/billing")) if "/fixes/" in f.action)
    member = await signed_in(web, "cus_northbeck", role="member")
    page = await member.get("/billing")
    assert not [form for form in forms_of(page) if "/fixes/" in form.action]
    own = form_of(page, "/billing/person").fields["csrf"]
    assert (await send(member, paying, csrf=own)).status_code == 403
    assert (await send(member, form_of(page, "/billing/person"))).status_code == 200


async def test_a_case_of_somebody_else_does_not_exist(
    web: Company, client: httpx.AsyncClient, asking: Form
) -> None:
    case = (await send(client, asking)).url.path
    stranger = await signed_in(web, (await web.free_customer()).id)
    assert (await stranger.get(case)).status_code == 404
    own = form_of(await stranger.get("/billing"), "/billing/person").fields["csrf"]
    answer = await send(stranger, Form(f"{case}/messages", {"csrf": own}, []), say="Mine now")
    assert answer.status_code == 404


async def test_paying_twice_from_two_tabs_is_one_fix(
    web: Company, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prunella.web.fixing.PATIENCE_S", 0.0)
    first, second = await client.get("/billing"), await client.get("/billing")
    one = next(form for form in forms_of(first) if "/fixes/" in form.action)
    other = form_of(second, one.action)
    assert one.fields["key"] != other.fields["key"]
    for form in (one, one, other):
        page = await send(client, form)
        assert page.status_code == 200
        assert page.url.path == "/billing/return"
        assert "We are on it" in text_of(page)
        assert "http-equiv" in page.text
    assert await web.count("fix_runs") == 1
    assert await web.count("actions") == 1


async def test_reading_changes_nothing(web: Company, client: httpx.AsyncClient) -> None:
    tables = ("actions", "fix_runs", "cases", "contacts", "messages", "outbox", "events")
    before = [await web.count(table) for table in tables]
    for path in ("/billing", "/billing/person", "/billing/fixes/update_card", "/billing/fresh"):
        await client.get(path)
    async with web.api() as api:
        for path in ("diagnosis", "fixes"):
            await api.get(f"/v1/customers/cus_northbeck/{path}")
        await api.get("/v1/cases")
    assert [await web.count(table) for table in tables] == before


@pytest.mark.parametrize("letters", ["unicode_escape", "undefined", "utf-7"])
async def test_a_form_in_letters_of_which_no_text_is_made_is_refused(
    web: Company, letters: str
) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800\r\n--x--\r\n'
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={letters}"}
    for path in ("/sign-in/password", "/contact"):
        answer = await web.client().post(path, content=body, headers=headers)
        assert answer.status_code == 400, path
        assert "We could not read that" in text_of(answer)
