"""Schemathesis calls all that the OpenAPI document tells of, with what fits and what does not.

Few calls by default, the same each time, so that a change is judged by what it changed;
PRUNELLA_FAULTS=full sends many and draws them anew, PRUNELLA_SEED replays one run.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.company import ADMIN, Company, company
from tests.web.serving import serving

FULL = os.environ.get("PRUNELLA_FAULTS") == "full"
EXAMPLES = 50 if FULL else 3
MORE_TIME_S = 120
"""A busy machine is not a fault of ours."""
SHOWN = 20
NOT_ASKED = {
    # What no schema can tell is refused in words: a zone, a scope or a customer that is not there.
    "positive_data_acceptance": {"enabled": False},
}


@pytest.fixture
def seed() -> int:
    chosen = int(os.environ.get("PRUNELLA_SEED") or (secrets.randbelow(1_000_000) if FULL else 7))
    print(f"replay with PRUNELLA_SEED={chosen}")  # noqa: T201 shown on failure
    return chosen


@asynccontextmanager
async def open_company(database_url: str) -> AsyncIterator[tuple[Company, str]]:
    """A company where nobody comes too often, and its address."""
    unlimited: dict[str, Any] = {
        "rate_per_token": 0,
        "rate_per_address": 0,
        "rate_wrong_sign_ins": 0,
    }
    async with company(database_url, **unlimited) as web, serving(web.app) as url:
        await web.knows(customer(), card(), *failed())
        yield web, url


def faults_found(document: dict[str, Any], url: str, token: str, seed: int) -> list[str]:
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": url,
            "headers": {"Authorization": f"Bearer {token}"},
            "request-timeout": MORE_TIME_S,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "checks": NOT_ASKED,
            "generation": {"max-examples": EXAMPLES, "database": "none", "no-shrink": not FULL},
            "phases": {"coverage": {"enabled": FULL}},
        }
    )
    schema = schemathesis.openapi.from_dict(document, config=config)
    return list(
        dict.fromkeys(fault for event in from_schema(schema).execute() for fault in of(event))
    )


def of(event: events.EngineEvent) -> Iterator[str]:
    match event:
        case events.ScenarioFinished(recorder=recorder):
            yield from failures_in(recorder)
        case events.NonFatalError(label=label, info=info):
            yield f"{label}: {info.message}"
        case events.FatalError(exception=exception):
            yield repr(exception)


def failures_in(recorder: ScenarioRecorder) -> Iterator[str]:
    for case, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                asked = recorder.interactions[case]
                answer = asked.response
                told = answer and f"{answer.status_code} {answer.content[:300]!r}"
                request = f"{asked.request.method} {asked.request.uri} {asked.request.body!r:.300}"
                failure = check.failure_info.failure
                yield f"{check.name}: {failure.title}. {failure.message}\n  {request}\n  {told}"


@pytest.mark.parametrize("who", ["admin", "viewer", "customer"])
async def test_every_call_is_answered_as_the_contract_says(
    database_url: str, seed: int, who: str
) -> None:
    async with (
        open_company(database_url) as (web, url),
        httpx.AsyncClient(timeout=MORE_TIME_S) as client,
    ):
        token = {
            "admin": ADMIN,
            "viewer": await web.staff_token("viewer"),
            "customer": web.token("cus_northbeck", role="owner"),
        }[who]
        document = (await client.get(f"{url}/openapi.json")).json()
        found = await asyncio.to_thread(faults_found, document, url, token, seed)
    assert not found, "\n".join(found[:SHOWN])
