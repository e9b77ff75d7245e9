"""`kill -9` at any moment of Flow 1: nothing is lost, nothing happens twice.

One random moment for each part by default; PRUNELLA_FAULTS=full takes 40, PRUNELLA_SEED replays.
"""

import random
import threading
from collections.abc import Iterator

import pytest
from tests.faults.seeds import FULL
from tests.journeys.blows import (
    PAYING,
    SAVING,
    VICTIMS,
    Breakable,
    Victim,
    breakable,
    heals,
    stripe_hesitates,
)
from tests.journeys.payer import STEPS
from tests.journeys.subscriber import Subscriber

pytestmark = pytest.mark.faults

MOMENTS = 40 if FULL else 1
LATEST_S = 2.5
FAULTS = (None, "slow", "timeout_after", "error_after")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breakable]:
    with breakable(tmp_path_factory.mktemp("breakable")) as opened:
        yield opened


@pytest.mark.parametrize("moment", range(MOMENTS))
@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_at_any_moment(
    installation: Breakable, seed: int, victim: Victim, moment: int
) -> None:
    chance = random.Random(f"{seed} {moment}")  # noqa: S311 no secret: it is printed
    after = chance.choice(("before", "event", *STEPS[:-1]))
    pause_s = chance.uniform(0, LATEST_S)
    fault, kind = chance.choice(FAULTS), chance.choice((SAVING, PAYING))
    print(f"PRUNELLA_SEED={seed}: {victim}, {pause_s:.2f} s after {after}, {fault} at {kind}")  # noqa: T201 shown on failure
    blows: list[threading.Timer] = []

    def strike(done: str, customer: Subscriber) -> None:
        if done == "secure page" and fault:
            stripe_hesitates(customer, kind, fault=fault)
        if done == after:
            blows.append(threading.Timer(pause_s, installation.kill, [victim]))
            blows[-1].start()
        if done == "green":
            blows[-1].join()

    try:
        heals(installation, strike)
    finally:
        for blow in blows:
            blow.join()
        installation.company.outside("DELETE", "/_sandbox/faults")
