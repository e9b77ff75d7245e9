"""A year in the life of a company. PRUNELLA_CUSTOMERS and PRUNELLA_DAYS make it larger."""

import os
import time

import pytest
from tests.faults.seeds import FULL, drawn_seed
from tests.simulation.judge import (
    money_twice,
    too_many_letters,
    wrong_in_mirror,
    wrong_outcomes,
    wrong_plans,
)
from tests.simulation.year import begin_year

pytestmark = pytest.mark.faults

CUSTOMERS = int(os.environ.get("PRUNELLA_CUSTOMERS") or (1_000 if FULL else 50))
DAYS = int(os.environ.get("PRUNELLA_DAYS") or (365 if FULL else 60))
CHECKS = (wrong_in_mirror, wrong_plans, too_many_letters, money_twice, wrong_outcomes)


async def test_at_the_end_of_the_year_all_is_as_stripe_has_it(database_url: str) -> None:
    seed = drawn_seed()
    began = time.monotonic()
    async with begin_year(database_url, customers=CUSTOMERS, seed=seed) as year:
        await year.live(days=DAYS)
        await year.settle()
        problems = {check.__name__: await check(year) for check in CHECKS}
        mended = [found.mended for found in year.swept]
        print(  # noqa: T201 the figures of the year
            f"{CUSTOMERS} customers, {DAYS} days, {time.monotonic() - began:.0f} s:",
            {**year.crowd.done, **year.post.fate, **year.counted, "mended by sweeps": mended},
        )
        assert mended[-1] == 0
        assert {name: found[:20] for name, found in problems.items() if found} == {}
