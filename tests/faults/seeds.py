"""From which number a run of the fault suites draws its story."""

import os
import secrets

FULL = os.environ.get("PRUNELLA_FAULTS") == "full"
SMALL_RUNS = 20_261_121


def drawn_seed() -> int:
    """A full run tells a new story each time, a small one the same; PRUNELLA_SEED replays any."""
    chosen = os.environ.get("PRUNELLA_SEED") or (secrets.randbelow(10**9) if FULL else SMALL_RUNS)
    print(f"replay with PRUNELLA_SEED={chosen}")  # noqa: T201 shown on failure
    return int(chosen)
