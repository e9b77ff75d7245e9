"""What every story of a bad day begins with."""

import random

import pytest
from tests.faults.seeds import drawn_seed


@pytest.fixture
def seed() -> int:
    """Shown with every failure: pytest prints what a test wrote."""
    return drawn_seed()


@pytest.fixture
def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 draws a story, hides nothing
