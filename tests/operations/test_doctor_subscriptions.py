"""What `doctor` says of the company's own system, without a word of its secrets."""

from typing import Any

import pytest
from tests.mirror.world import served
from tests.ports import free_port

from prunella.cli.check_subscriptions import of_subscriptions, of_words
from prunella.settings import Settings
from prunella_sandbox import World
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside

TOKEN = "9f2c7be1d0a84c6fb35e17d2a90c4e88"
HTTPS = "https://app.tai.example/entitlements"
DATABASE = "postgresql://us@db.tai.example/app"
QUERY = "select null as plan, false as active where %(customer)s = ''"


async def said(**changed: Any) -> list[tuple[str, str]]:
    settings = Settings.model_validate(changed)
    return [(check.state, check.words) async for check in of_subscriptions(settings)]


async def test_without_one_there_is_nothing_to_say() -> None:
    assert await said() == []


async def test_one_that_answers_is_told_with_what_it_may() -> None:
    async with served(create_outside(World(seed=1), Mailbox())) as url:
        asked = {"subscriptions_url": f"{url}/entitlements", "subscriptions_token": TOKEN}
        read = await said(**asked)
        written = await said(**asked, subscriptions_writes=True)
    assert [state for state, _ in read + written] == ["fine", "fine"]
    assert "only read" in read[0][1]
    assert "brought up to date" in written[0][1]


async def test_one_that_is_away_or_refuses_is_told_as_that() -> None:
    away = await said(
        subscriptions_url=f"http://127.0.0.1:{free_port()}", subscriptions_token=TOKEN
    )
    assert [(state, "cannot be reached" in words) for state, words in away] == [("bad", True)]
    assert TOKEN not in str(away)
    async with served(create_outside(World(seed=1), Mailbox())) as url:
        found = await said(subscriptions_url=f"{url}/entitlements")
    assert [state for state, _ in found] == ["look", "bad"]
    assert "PRUNELLA_SUBSCRIPTIONS_TOKEN" in found[1][1]


async def test_a_query_is_tried(database_url: str) -> None:
    good = {"subscriptions_url": database_url, "subscriptions_query": QUERY}
    assert [state for state, _ in await said(**good)] == ["fine"]
    wrong = good | {"subscriptions_query": "select 1 from nowhere where %(customer)s = ''"}
    assert [state for state, _ in await said(**wrong)] == ["bad"]
    short = good | {"subscriptions_query": QUERY.replace("active", "active as on")}
    assert short != good
    [(state, words)] = await said(**short)
    assert (state, "docs/entitlements.md" in words) == ("bad", True)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"subscriptions_url": HTTPS}, "TOKEN is not set"),
        (
            {"subscriptions_url": HTTPS.replace("s:", ":"), "subscriptions_token": TOKEN},
            "is not https",
        ),
        ({"subscriptions_token": TOKEN}, "TOKEN is set, and nothing reads it"),
        ({"subscriptions_query": QUERY}, "QUERY is set, and nothing reads it"),
        (
            {
                "subscriptions_url": DATABASE,
                "subscriptions_query": QUERY,
                "subscriptions_writes": True,
            },
            "WRITES is set, and nothing reads it",
        ),
    ],
)
def test_what_is_set_in_vain_or_travels_openly(changed: dict[str, Any], words: str) -> None:
    found = [check.words for check in of_words(Settings.model_validate(changed))]
    assert len(found) == 1
    assert words in found[0]
