"""Which failures of a whole run are looked at once more."""

import pytest
from tests.second_look import MOST, deserves_one

JOURNEY = "tests/journeys/test_flow_one.py::test_a_click_pays"


def test_few_journeys_get_a_second_look() -> None:
    assert deserves_one([JOURNEY, "tests/faults/test_postgres.py::test_restarts[3]"])


@pytest.mark.parametrize(
    "failed",
    [
        [],
        ["tests/actions/test_refund.py::test_the_cap_holds"],
        [JOURNEY, "tests/actions/test_refund.py::test_the_cap_holds"],
        ["tests/journeys/test_flow_one.py"],
        [f"{JOURNEY}[{n}]" for n in range(MOST + 1)],
    ],
    ids=["none", "no process in it", "one without", "could not be read", "too many"],
)
def test_whatever_else_fails_has_failed(failed: list[str]) -> None:
    assert not deserves_one(failed)
