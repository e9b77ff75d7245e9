"""Who is unknown learns nothing of what they sent. Made from the OpenAPI document."""

from typing import Any

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.company import Company
from tests.web.contract import OPERATIONS

from prunella.people import tokens
from prunella.people.tokens import Holder

JSON = {"content-type": "application/json"}
NOT_FITTING = [b"{", b"[]", b'{"surprise": 1}', b"a" * 37_000_000]
WITH_BODY = [one for one in OPERATIONS if "requestBody" in one[2]]


@pytest.fixture(autouse=True)
async def _known(web: Company) -> None:
    await web.knows(customer(), card(), *failed())


STRANGERS: dict[str, dict[str, str]] = {
    "nothing": {},
    "no token of ours": {"authorization": "Bearer prn_wrong"},
}


def all_strangers(web: Company) -> dict[str, dict[str, str]]:
    return STRANGERS | {
        "another scheme": {"authorization": "Basic YTpi"},
        "a customer nobody knows": {"authorization": f"Bearer {web.token('cus_nobody')}"},
    }


def is_asked_who_they_are(answer: httpx.Response, what: str) -> None:
    assert answer.status_code == 401, f"{what}: {answer.status_code} {answer.text[:200]}"
    assert answer.headers["content-type"] == "application/problem+json", what
    assert answer.headers["www-authenticate"] == "Bearer", what
    assert "errors" not in answer.json(), what


async def test_a_body_that_does_not_fit_is_told_to_nobody_unknown(web: Company) -> None:
    assert len(WITH_BODY) > 15
    for who, headers in STRANGERS.items():
        async with web.client(**headers, **JSON) as client:
            for method, path, _ in WITH_BODY:
                for body in NOT_FITTING[:3]:
                    answer = await client.request(method, path, content=body)
                    is_asked_who_they_are(answer, f"{who}: {method} {path} {body[:20]!r}")


async def test_neither_is_a_query_or_a_key_that_does_not_fit(web: Company) -> None:
    odd = {"cursor": "zz", "limit": "many", "since": "x", "fresh": "?"}
    for who, headers in STRANGERS.items():
        async with web.client(**headers) as client:
            for method, path, _ in OPERATIONS:
                answer = await client.request(method, path, params=odd)
                is_asked_who_they_are(answer, f"{who}: {method} {path}")
                no_key = {"idempotency-key": "x" * 2_000}
                answer = await client.request(method, path, headers=no_key)
                is_asked_who_they_are(answer, f"{who}: {method} {path} with an odd key")


async def test_a_body_too_large_is_refused_to_who_is_known_alone(web: Company) -> None:
    for who, headers in all_strangers(web).items():
        async with web.client(**headers, **JSON) as client:
            answer = await client.post("/v1/cases", content=NOT_FITTING[3])
            is_asked_who_they_are(answer, who)
            is_asked_who_they_are(await client.post("/v1/cases", content=b"{"), who)
    async with web.api() as known:
        answer = await known.post("/v1/cases", content=NOT_FITTING[3], headers=JSON)
    assert answer.status_code == 413


async def test_what_does_not_exist_is_said_to_everybody(web: Company) -> None:
    async with web.client() as client:
        assert (await client.get("/v1/nothing")).status_code == 404
        assert (await client.put("/v1/cases")).status_code == 405


async def test_a_token_is_looked_up_once_a_request(
    web: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    look = tokens.holder

    async def noted(tx: Any, secret: str, **others: Any) -> Holder | None:
        asked.append(secret)
        return await look(tx, secret, **others)

    monkeypatch.setattr(tokens, "holder", noted)
    case = {"customer": "cus_northbeck", "subject": "Charged twice", "text": "Please look."}
    async with web.api() as known:
        for body, status in (
            (case, 201),
            (case | {"surprise": 1}, 422),
            (case | {"customer": "cus_nobody"}, 404),
        ):
            asked.clear()
            answer = await known.post("/v1/cases", json=body)
            assert (answer.status_code, len(asked)) == (status, 1), answer.text
