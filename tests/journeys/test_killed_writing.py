"""`kill -9` while Stripe is being told: it hesitates, or does it and gives no answer of use."""

from collections.abc import Iterator

import pytest
from tests.journeys.blows import (
    PAYING,
    SAVING,
    Breakable,
    Victim,
    breakable,
    heals,
    stripe_hesitates,
    while_sending,
)
from tests.journeys.subscriber import Subscriber


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breakable]:
    with breakable(tmp_path_factory.mktemp("breakable")) as opened:
        yield opened


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
