"""A town whose time a test moves."""

import pytest
from tests.conftest import MakeHouse, TestClock
from tests.prevent.world import Town, build_town


@pytest.fixture
async def town(make_house: MakeHouse, clock: TestClock) -> Town:
    return await build_town(make_house, clock)
