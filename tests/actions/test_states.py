"""The life of an action, walked at random."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella.actions.states import NEXT, OPEN, SETTLED, ForbiddenMoveError, State, check_move

STATES: tuple[State, ...] = get_args(State)
MAY_HAVE_BEEN_SENT = {"submitting", "unknown"}


@given(st.lists(st.sampled_from(STATES), max_size=40))
def test_whatever_is_tried_a_life_keeps_its_rules(tried: list[State]) -> None:
    life: list[State] = ["requested"]
    for state in tried:
        try:
            check_move(life[-1], state)
        except ForbiddenMoveError:
            continue
        life.append(state)
    for before, after in pairwise(life):
        assert before not in SETTLED, "what is settled stays"
        if after == "submitting":
            assert before == "approved", "nothing is sent that was not approved"
        if after in {"succeeded", "failed"}:
            assert before in MAY_HAVE_BEEN_SENT, "only what was sent succeeds or fails"
        if before in MAY_HAVE_BEEN_SENT:
            assert after != "denied", "what was sent cannot be denied any more"


@pytest.mark.parametrize("state", STATES)
def test_every_open_state_can_end(state: State) -> None:
    reached: set[State] = {state}
    while grown := {after for one in reached for after in NEXT[one]} - reached:
        reached |= grown
    assert reached & SETTLED
    assert (state in OPEN) != (state in SETTLED)
