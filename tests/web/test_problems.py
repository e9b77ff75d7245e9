"""What can go wrong ends in words, never in a trace."""

from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.browsing import signed_in
from tests.web.company import Company

from prunella.kit.actor import SYSTEM

CASE = {"customer": "cus_northbeck", "subject": "A question", "text": "Why?"}
JSON = {"content-type": "application/json"}


@pytest.fixture(autouse=True)
async def _known(web: Company) -> None:
    await web.knows(customer(), card(), *failed())


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) >= {"type", "title", "status", "detail", "instance"}
    assert body["status"] == status
    assert body["detail"].endswith(".")
    assert "Traceback" not in answer.text
    assert "Error" not in answer.text
    return body


async def test_what_is_not_there_is_said_to_machines_and_to_people(web: Company) -> None:
    async with web.api() as client:
        assert is_problem(await client.get("/v1/nothing"), 404)["title"] == "Not found"
        is_problem(await client.get("/v1/customers/cus_nobody/diagnosis"), 404)
        is_problem(await client.get("/v1/actions/act_nothing"), 404)
        is_problem(await client.get("/v1/cases/case_nothing"), 404)
        assert is_problem(await client.put("/v1/cases"), 405)["title"] == "Method not allowed"
        page = await client.get("/nothing")
    assert page.status_code == 404
    assert "There is nothing here" in page.text
    assert "Talk to a person" in page.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": }', b"'"])
async def test_a_body_that_is_no_json(web: Company, body: bytes) -> None:
    async with web.api() as client:
        is_problem(await client.post("/v1/cases", content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"surprise": 1}, "surprise"),
        ({"subject": ""}, "subject"),
        ({"subject": 7}, "subject"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"severity": "enormous"}, "severity"),
        ({"customer": "with space"}, "customer"),
    ],
)
async def test_a_field_that_does_not_fit_is_named(
    web: Company, change: dict[str, Any], field: str
) -> None:
    async with web.api() as client:
        body = is_problem(await client.post("/v1/cases", json=CASE | change), 422)
    assert body["errors"][0]["field"] == field
    assert await web.count("cases") == 0


async def test_text_that_no_database_can_keep_is_refused(web: Company) -> None:
    half = b'{"customer": "cus_northbeck", "subject": "\\ud800", "text": "x"}'
    async with web.api() as client:
        answer = await client.post("/v1/cases", content=half, headers=JSON)
        assert answer.status_code in {400, 422}
        is_problem(await client.get("/v1/customers/cus_%00/diagnosis"), 400)
        is_problem(await client.get("/v1/cases?cursor=%00"), 400)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/brake", {"stopped": True, "because": "a\0b"}),
        ("POST", "/v1/stopped/retries", {"kind": "timer", "id": "a:\0"}),
        ("POST", "/v1/actions/act_x/approval", {"approve": True, "note": "\0"}),
    ],
)
async def test_such_text_is_refused_wherever_it_stands(
    web: Company, method: str, path: str, body: dict[str, Any]
) -> None:
    async with web.api() as client:
        is_problem(await client.request(method, path, json=body), 422)


async def test_a_body_that_is_too_large_is_not_read(web: Company) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"a" * 65_536

    async with web.api() as client:
        announced = await client.post("/v1/actions", content=b"a" * 10_000_000, headers=JSON)
        is_problem(announced, 413)
        is_problem(await client.post("/v1/actions", content=endless(), headers=JSON), 413)
        is_problem(await client.post("/webhooks/stripe", content=b"a" * 10_000_000), 413)
        page = await client.post("/sign-in", content=b"token=" + b"a" * 2_000_000)
    assert page.status_code == 413
    assert "too much at once" in page.text


async def test_what_nobody_foresaw_shows_no_trace(
    web: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await signed_in(web, "cus_northbeck")
    monkeypatch.delitem(web.rooms.words.texts, "title.failed_month")
    page = await client.get("/billing")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "title.failed_month" not in page.text
    assert "content-security-policy" in page.headers
    async with web.api() as api:
        answer = is_problem_of_ours(await api.get("/v1/customers/cus_northbeck/diagnosis"))
    assert "title.failed_month" not in answer


def is_problem_of_ours(answer: Any) -> str:
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text
    return str(answer.text)


async def test_a_database_that_is_away_is_said_in_words(web: Company) -> None:
    client = await signed_in(web, "cus_northbeck")
    await web.rooms.house.pool.close()
    page = await client.get("/billing")
    assert page.status_code == 503
    assert "nothing is missing" in page.text
    async with web.api() as api:
        answer = await api.get("/v1/cases")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert (await api.get("/healthz")).status_code == 200
        ready = await api.get("/readyz")
        assert (ready.status_code, ready.json()["missing"]) == (503, ["database"])
        metrics = (await api.get("/metrics")).text
        assert "prunella_database_reachable 0.0" in metrics
        assert "prunella_jobs" not in metrics


async def test_every_answer_carries_the_guarding_headers(web: Company) -> None:
    async with web.client() as client:
        for path in ("/billing", "/sign-in", "/nothing", "/v1/cases", "/healthz", "/static/none"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"


async def test_no_page_holds_code_or_style_of_its_own(web: Company) -> None:
    client = await signed_in(web, "cus_northbeck")
    for path in ("/billing", "/sign-in", "/nothing"):
        text = (await client.get(path)).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count('<script src="/static/')


async def test_static_files_are_kept_by_browsers_under_their_digest(web: Company) -> None:
    async with web.client() as client:
        page = (await client.get("/sign-in")).text
        address = page.partition('href="/static/')[2].partition('"')[0]
        sheet = await client.get(f"/static/{address}")
    assert sheet.status_code == 200
    assert "immutable" in sheet.headers["cache-control"]


async def test_the_contract_tells_how_each_call_refuses(web: Company) -> None:
    async with web.client() as client:
        told = await client.get("/openapi.json")
        answer = await client.get("/v1/cases")
    document = told.json()
    assert "HTTPValidationError" not in told.text
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert {"4XX", "503"} <= set(operation["responses"]), path
    needed = document["components"]["schemas"]["Problem"]["required"]
    assert set(needed) <= set(is_problem(answer, 401))
    assert "204" in document["paths"]["/v1/cases/next"]["post"]["responses"]


async def test_a_link_that_ran_out_says_so_and_one_that_is_broken_says_that(web: Company) -> None:
    token = await web.mail_link(await web.customer("cus_northbeck"))
    async with web.rooms.house.transaction(SYSTEM) as tx:
        kid = jwt.get_unverified_header(token)["kid"]
        row = await tx.one("select secret from signing_keys where id = %s", (kid,))
    assert row
    told = jwt.decode(token, options={"verify_signature": False})
    old = jwt.encode(told | {"exp": 1}, bytes(row["secret"]), headers={"kid": kid})
    async with web.client() as client:
        over, broken = await client.get(f"/l/{old}"), await client.get(f"/l/{token[:-4]}")
    assert (over.status_code, broken.status_code) == (401, 401)
    assert "This link has run out" in over.text
    assert "It worked for 7 days." in over.text
    assert "This link does not work" in broken.text
    assert 'href="/contact"' in broken.text


async def test_a_person_is_reached_without_saying_who_one_is_where_that_is_known(
    web: Company,
) -> None:
    client = await signed_in(web, "cus_northbeck")
    assert 'href="/billing#person"' in (await client.get("/billing/nothing")).text
    client.cookies.clear()
    assert 'href="/contact"' in (await client.get("/billing/nothing")).text
    assert 'href="/contact"' in (await client.get("/billing")).text
