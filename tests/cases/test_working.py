"""Who has a case, where it is filed, and when it comes back."""

from datetime import timedelta

import pytest
from tests.cases.scene import a_colleague, a_scene, acting, due, events_of

from prunella import audit, cases, people
from prunella.cases import WAKE
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import Tx
from prunella.kit.timers import Timer


async def test_who_takes_a_case_has_it_open(tx: Tx) -> None:
    scene, ana = await a_scene(tx), await a_colleague(tx, "Ana")
    taken = await scene.case.assign(scene.ours, to=ana)
    assert (taken.assignee, taken.status) == (ana, "open")
    back = await taken.assign(scene.ours, to=None)
    assert (back.assignee, back.status) == (None, "open")
    assert (await events_of(tx, scene.case)).count("case.assigned") == 2


async def test_taking_what_one_has_already_changes_nothing(tx: Tx) -> None:
    scene, ana = await a_scene(tx), await a_colleague(tx, "Ana")
    await scene.case.assign(scene.ours, to=ana)
    before = len(await audit.of_subject(tx, scene.case.id))
    await scene.case.assign(scene.ours, to=ana)
    assert len(await audit.of_subject(tx, scene.case.id)) == before


async def test_a_case_is_given_only_to_who_works_here(tx: Tx) -> None:
    scene = await a_scene(tx)
    with pytest.raises(people.UnknownColleagueError):
        await scene.case.assign(scene.ours, to="stf_nobody")
    ana = await a_colleague(tx, "Ana")
    await people.tokens.revoke(tx, ana)
    with pytest.raises(people.UnknownColleagueError):
        await scene.case.assign(scene.ours, to=ana)


async def test_another_teams_queue_keeps_only_who_belongs_to_it(tx: Tx) -> None:
    scene = await a_scene(tx)
    both = await a_colleague(tx, "Ana", "support", "finance")
    taken = await scene.case.assign(scene.ours, to=both)
    given = await taken.give_to_team(scene.ours, "finance")
    assert (given.team, given.assignee, given.level) == ("finance", both, "support")
    up = await given.escalate(scene.ours, to="engineering", because="needs_a_developer")
    assert (up.level, up.team, up.assignee) == ("engineering", "engineering", None)
    last = (await audit.of_subject(tx, scene.case.id))[-1]
    assert (last.verb, last.because) == ("case.escalated", "needs_a_developer")
    assert last.before == {"level": "support", "team": "finance", "assignee": both}


async def test_tags_are_short_words_each_once(tx: Tx) -> None:
    scene = await a_scene(tx)
    tagged = await scene.case.tag(scene.ours, add=["VAT", "Past  Due", "vat"])
    assert tagged.tags == ("past-due", "vat")
    assert (await tagged.tag(scene.ours, add=["x"], remove=["VAT", "never"])).tags == (
        "past-due",
        "x",
    )
    for bad in ("", "no/slash", "x" * 41, ":spam"):
        with pytest.raises(cases.BadTagError):
            await scene.case.tag(scene.ours, add=[bad])
    with pytest.raises(cases.BadTagError):
        await scene.case.tag(scene.ours, add=[f"tag{n}" for n in range(20)])


async def test_what_is_put_aside_comes_back_when_it_said(tx: Tx) -> None:
    scene = await a_scene(tx)
    until = tx.now + timedelta(days=2)
    away = await scene.case.snooze(scene.ours, until)
    assert away.snoozed_until == until
    assert await due(tx, WAKE, scene.case.id) == until
    await cases.wake(acting(tx, SYSTEM, later=timedelta(days=1)), Timer(WAKE, away.id, until))
    assert (await scene.now()).snoozed_until == until
    await cases.wake(acting(tx, SYSTEM, later=timedelta(days=2)), Timer(WAKE, away.id, until))
    assert (await scene.now()).snoozed_until is None


async def test_the_customers_word_wakes_what_was_put_aside(tx: Tx) -> None:
    scene = await a_scene(tx)
    await scene.case.snooze(scene.ours, tx.now + timedelta(days=2))
    await scene.case.note(scene.ours, "Sleeping dogs.")
    assert (await scene.now()).snoozed_until is not None
    await scene.case.add_message(scene.theirs, "Any news?")
    assert (await scene.now()).snoozed_until is None
    assert await due(tx, WAKE, scene.case.id) is None


async def test_nobody_is_put_aside_into_the_past_or_for_years(tx: Tx) -> None:
    scene = await a_scene(tx)
    for days in (-1, 0, 400):
        with pytest.raises(cases.SnoozedPastError):
            await scene.case.snooze(scene.ours, tx.now + timedelta(days=days))


async def test_what_is_solved_sleeps_no_longer(tx: Tx) -> None:
    scene = await a_scene(tx)
    await scene.case.snooze(scene.ours, tx.now + timedelta(days=2))
    await scene.case.solve(scene.ours)
    assert await due(tx, WAKE, scene.case.id) is None


async def test_priority_follows_severity_plan_and_risk(tx: Tx) -> None:
    scene = await a_scene(tx, plan="free")
    dear = await a_scene(tx, plan="enterprise")
    assert scene.case.priority < dear.case.priority
    worse = await scene.case.set(scene.ours, severity="critical")
    assert worse.priority > dear.case.priority
    risky = await a_scene(tx, plan="free", diagnosis={"status": "red"})
    assert risky.case.priority > scene.case.priority


async def test_spam_is_no_spam_once_somebody_known_writes(tx: Tx) -> None:
    scene = await a_scene(tx)
    junk = await scene.case.mark_spam(scene.ours)
    assert junk.spam
    stranger = Actor(kind="customer", id=scene.customer.id, verified=False)
    await junk.add_message(acting(tx, stranger), "Buy now.")
    assert (await scene.now()).spam
    await junk.add_message(scene.theirs, "It is me.")
    assert not (await scene.now()).spam


async def test_what_follows_a_closed_spam_case_is_spam_only_from_strangers(tx: Tx) -> None:
    scene = await a_scene(tx)
    await (await scene.case.mark_spam(scene.ours)).set(scene.ours, status="closed")
    said = await scene.case.add_message(scene.theirs, "It is me.")
    after = await cases.get_case(tx, said.case_id or "")
    assert after is not None
    assert (after.id != scene.case.id, after.spam) == (True, False)


async def test_several_things_change_at_once_or_none(tx: Tx) -> None:
    scene, ana = await a_scene(tx), await a_colleague(tx, "Ana")
    what = cases.Change(assignee=ana, add_tags=("vat",), severity="low", status="pending")
    done = await cases.change(scene.ours, scene.case, what)
    assert (done.assignee, done.tags, done.severity, done.status) == (
        ana,
        ("vat",),
        "low",
        "pending",
    )
    other = await scene.another("Another")
    half = cases.Change(team="finance", assignee="stf_nobody")
    changed = await cases.change_many(scene.ours, [scene.case.id, other.id], half)
    assert changed.done == ()
    assert set(changed.refused) == {scene.case.id, other.id}
    assert (await scene.now()).team == (await scene.now(other)).team == "support"


async def test_a_hundred_at_once_and_no_more(tx: Tx) -> None:
    scene = await a_scene(tx)
    with pytest.raises(cases.TooManyCasesError):
        await cases.change_many(scene.ours, [f"case_{n}" for n in range(101)], cases.Change())
    twice = await cases.change_many(
        scene.ours, [scene.case.id, scene.case.id, "case_nowhere"], cases.Change(spam=True)
    )
    assert twice.done == (scene.case.id,)


async def test_the_history_tells_who_did_what_and_what_was_before(tx: Tx) -> None:
    scene, ana = await a_scene(tx), await a_colleague(tx, "Ana")
    await scene.case.assign(scene.ours, to=ana)
    await scene.case.set(scene.ours, severity="high")
    await scene.case.reply(acting(tx, Actor(kind="staff", id=ana, role="agent")), "Done.")
    steps = await cases.history_of(tx, scene.case)
    assert [step.what for step in steps if not step.what.startswith("case.clock")] == [
        "case.opened",
        "case.assigned",
        "case.set",
        "case.replied",
        "case.set",
    ]
    assert (steps[0].actor_kind, steps[0].because) == ("customer", "asked")
    assert (steps[1].actor_id, steps[1].before["assignee"]) == ("admin", None)
    assert (steps[2].before["severity"], steps[2].after["severity"]) == ("medium", "high")
    assert steps[3].actor_id == ana
    assert "Done." not in str(steps)
