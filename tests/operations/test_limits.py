"""Who comes too often waits, and nobody else does."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.operations.installation import WEBHOOKS, Installation, installation, signed

from prunella.web.buckets import Buckets
from prunella.web.callers import address_of

NOBODY = "/v1/customers/cus_nobody/diagnosis"
SELDOM = 0.001
"""Requests a second: so few that a slow machine does not come as seldom as that."""


@asynccontextmanager
async def narrow(database_url: str, **rates: float) -> AsyncIterator[Installation]:
    async with installation(database_url, **rates) as opened:
        yield opened


async def until_refused(installed: Installation, path: str, *, most: int, **headers: str) -> Any:
    async with installed.client(**headers) as client:
        for _ in range(most):
            answer = await client.get(path)
            if answer.status_code == 429:
                return answer
    return None


async def test_a_token_that_comes_too_often_is_told_when_to_come_again(database_url: str) -> None:
    async with narrow(database_url, rate_per_token=SELDOM) as installed:
        admin = await installed.staff_token()
        refused = await until_refused(installed, NOBODY, most=60, authorization=f"Bearer {admin}")
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["title"] == "Too many requests"
        assert "was not done. Wait " in refused.json()["detail"]
        other = await installed.staff_token()
        async with installed.client(authorization=f"Bearer {other}") as client:
            assert (await client.get(NOBODY)).status_code == 404


async def test_changing_tokens_does_not_help_an_address(database_url: str) -> None:
    async with narrow(database_url, rate_per_address=SELDOM) as installed:
        seen = []
        for n in range(40):
            async with installed.client(authorization=f"Bearer guess-{n}") as client:
                seen.append((await client.get(NOBODY)).status_code)
        assert seen[0] == 401
        assert seen[-1] == 429


async def test_a_person_reads_a_page_in_plain_words(database_url: str) -> None:
    async with narrow(database_url, rate_per_address=SELDOM) as installed:
        refused = await until_refused(installed, "/billing", most=40)
        assert "text/html" in refused.headers["content-type"]
        assert "That was a bit too quick" in refused.text


@pytest.mark.parametrize("door", ["/l/no-link", "/billing?token=no-token"])
async def test_wrong_links_are_soon_too_many(database_url: str, door: str) -> None:
    async with narrow(database_url, rate_wrong_sign_ins=SELDOM) as installed:
        refused = await until_refused(installed, door, most=20)
        assert refused is not None
        async with installed.client(authorization=f"Bearer {await installed.staff_token()}") as ok:
            assert (await ok.get(NOBODY)).status_code == 404, "only the doors are closed"


async def test_guessing_at_the_staff_door_ends_soon(database_url: str) -> None:
    async with (
        narrow(database_url, rate_wrong_sign_ins=SELDOM) as installed,
        installed.client() as client,
    ):
        seen = [
            (await client.post("/sign-in", data={"token": f"{n}"})).status_code for n in range(20)
        ]
        assert seen[0] == 401
        assert seen[-1] == 429


async def test_genuine_links_of_one_office_cost_nothing_there(database_url: str) -> None:
    async with narrow(database_url) as installed:
        customer = await installed.customer()
        for _ in range(40):
            async with installed.client() as client:
                link = await installed.link(customer)
                assert (await client.get(f"/l/{link}")).status_code == 303


async def test_stripe_is_never_limited_away(database_url: str) -> None:
    """Also not by forged webhooks from an address that seems to be the same."""
    async with (
        narrow(database_url, rate_per_address=SELDOM) as installed,
        installed.client() as client,
    ):
        assert await until_refused(installed, "/billing", most=40) is not None
        for n in range(60):
            forged = await client.post("/webhooks/stripe", content=b"{}")
            assert forged.status_code == 400
            body = json.dumps(
                {
                    "id": f"evt_{n}",
                    "type": "customer.updated",
                    "created": int(time.time()),
                    "data": {"object": {"id": "cus_1", "object": "customer"}},
                }
            ).encode()
            headers = {"stripe-signature": signed(body, WEBHOOKS)}
            stored = await client.post("/webhooks/stripe", content=body, headers=headers)
            assert stored.status_code == 200


async def test_zero_means_no_limit(database_url: str) -> None:
    none = {"rate_per_token": 0, "rate_per_address": 0, "rate_wrong_sign_ins": 0}
    async with narrow(database_url, **none) as installed:
        assert await until_refused(installed, "/l/no-link", most=700) is None


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@given(
    gaps=st.lists(st.floats(0, 3), max_size=80),
    per_s=st.floats(0.1, 20),
    burst=st.integers(1, 30),
)
def test_no_caller_gets_more_than_the_rate_and_its_burst(
    gaps: list[float], per_s: float, burst: int
) -> None:
    clock = Time()
    buckets = Buckets(per_s, burst=burst, monotonic=clock)
    got = 0
    for gap in gaps:
        clock.now += gap
        got += buckets.take("one") == 0
    assert got <= burst + sum(gaps) * per_s + 1e-3


@given(per_s=st.floats(0.1, 20), burst=st.integers(1, 30))
def test_who_waits_as_long_as_told_gets_through(per_s: float, burst: int) -> None:
    clock = Time()
    buckets = Buckets(per_s, burst=burst, monotonic=clock)
    while not (wait_s := buckets.take("one")):
        pass
    clock.now += wait_s + 1e-6
    assert buckets.take("one") == 0


def test_a_flood_of_callers_takes_bounded_memory_and_empties_nobodys_bucket_first() -> None:
    clock = Time()
    buckets = Buckets(1, burst=2, monotonic=clock, most_callers=100)
    for n in range(1000):
        buckets.take(f"caller-{n}")
    assert len(buckets) == 100


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
    ],
)
def test_a_network_of_ipv6_is_one_caller(one: str, other: str, same: bool) -> None:  # noqa: FBT001 a column of the table
    seen = [address_of({"type": "http", "client": (host, 1)}) for host in (one, other)]
    assert (seen[0] == seen[1]) is same
