"""`kill -9` at every step of Flow 1: one letter, one charge, green, one outcome."""

from collections.abc import Iterator

import pytest
from tests.journeys.blows import (
    PAYING,
    SAVING,
    VICTIMS,
    Breakable,
    Victim,
    breakable,
    heals,
    stripe_hesitates,
    while_sending,
)
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


@pytest.mark.parametrize("fault", ["slow", "timeout_after", "error_after"])
@pytest.mark.parametrize("kind", [SAVING, PAYING])
@pytest.mark.parametrize("victim", ["worker", "postgres"])
def test_killed_in_the_middle_of_a_write(
    installation: Breakable, victim: Victim, kind: str, fault: str
) -> None:
    watching = []

    def strike(done: str, customer: Subscriber) -> None:
        if done == "secure page":
            stripe_hesitates(customer, kind, fault=fault)
            kill = lambda: installation.kill(victim)  # noqa: E731 said where it is meant
            watching.append(while_sending(customer, kind, kill))
        elif done == "back":
            watching.pop().join()

    heals(installation, strike)
