"""Solved, open again, closed; and what comes back a third time."""

import pytest
from tests.cases.scene import Scene, a_scene, due, events_of

from prunella import audit, cases
from prunella.cases import CLOSE, Case
from prunella.kit.house import Tx


async def test_what_was_solved_too_early_is_open_again(tx: Tx) -> None:
    scene = await a_scene(tx)
    solved = await scene.case.solve(scene.ours)
    assert await due(tx, CLOSE, scene.case.id)
    again = await solved.reopen(scene.ours)
    assert (again.status, again.solved_at) == ("open", None)
    assert await due(tx, CLOSE, scene.case.id) is None
    assert (await audit.of_subject(tx, scene.case.id))[-1].because == "reopened"
    closed = await again.set(scene.ours, status="closed")
    with pytest.raises(cases.CaseClosedError):
        await closed.reopen(scene.ours)


async def back_and_forth(scene: Scene, case: Case, times: int) -> None:
    for _ in range(times):
        await case.solve(scene.ours)
        await case.add_message(scene.theirs, "It is back.")


async def test_a_third_closing_for_the_same_cause_asks_for_what_is_behind_it(tx: Tx) -> None:
    scene = await a_scene(tx)
    await back_and_forth(scene, scene.case, 2)
    with pytest.raises(cases.RootCauseNeededError):
        await scene.case.solve(scene.ours)
    with pytest.raises(cases.RootCauseNeededError):
        await scene.case.reply(scene.ours, "Done.", status="solved")
    assert (await scene.now()).status == "open"
    solved = await scene.case.solve(scene.ours, root_cause="Their bank blocks us.")
    assert (solved.closings, solved.root_cause) == (3, "Their bank blocks us.")
    assert "Their bank" not in str(await audit.of_subject(tx, scene.case.id))


async def test_one_cause_is_counted_over_all_cases_of_the_account(tx: Tx) -> None:
    red = {"status": "red", "root_cause": "card_expired"}
    scene = await a_scene(tx, about="in_1", diagnosis=red)
    await scene.case.solve(scene.ours)
    second = await scene.another("Again", about="in_2", diagnosis=red)
    await second.solve(scene.ours)
    third = await scene.another("And again", about="in_3", diagnosis=red)
    with pytest.raises(cases.RootCauseNeededError):
        await third.set(scene.ours, status="closed")
    unlike = await scene.another("Where is my VAT number?", diagnosis=red)
    assert (await unlike.solve(scene.ours)).status == "solved"
    await third.solve(scene.ours, root_cause="Nobody reads our reminders.")
    fourth = await scene.another("Once more", about="in_4", diagnosis=red)
    assert (await fourth.solve(scene.ours)).status == "solved"


async def test_who_says_that_it_is_well_is_not_asked_why(tx: Tx) -> None:
    scene = await a_scene(tx)
    await back_and_forth(scene, scene.case, 2)
    assert (await scene.case.confirm(scene.theirs)).status == "solved"
    assert "case.root_cause_wanted" in await events_of(tx, scene.case)


async def test_spam_is_no_closing(tx: Tx) -> None:
    scene = await a_scene(tx)
    junk = await scene.case.mark_spam(scene.ours)
    assert (await junk.set(scene.ours, status="closed")).closings == 0
