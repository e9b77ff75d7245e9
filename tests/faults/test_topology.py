"""Several workers on one PostgreSQL, one of them killed over and over."""

import os
from pathlib import Path

import pytest
from tests.operations.living import dying_worker, live, settled
from tests.operations.topology import topology

FULL = os.environ.get("PRUNELLA_FAULTS") == "full"
ROUNDS, CUSTOMERS = (10, 25) if FULL else (1, 6)


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_worker_dies_over_and_over(database_url: str, tmp_path: Path, seed: int) -> None:
    with topology(database_url, tmp_path) as running:
        with dying_worker(running, seed=seed, pause_s=2.5) as killed:
            bills = live(running, customers=CUSTOMERS)
        assert killed, f"seed {seed}: nobody was killed"
        settled(running, bills)
