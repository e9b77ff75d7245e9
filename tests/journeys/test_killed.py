"""`kill -9` at every step of Flow 1: one letter, one charge, green, one outcome."""

from collections.abc import Iterator

import pytest
from tests.journeys.blows import VICTIMS, Breakable, Victim, breakable, heals
from tests.journeys.subscriber import Subscriber

STEPS = ("event", "letter", "secure page", "card")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breakable]:
    with breakable(tmp_path_factory.mktemp("breakable")) as opened:
        yield opened


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_after_a_step(installation: Breakable, victim: Victim, step: str) -> None:
    def strike(done: str, _: Subscriber) -> None:
        if done == step:
            installation.kill(victim)

    heals(installation, strike)
