"""The recovery plan as its customer reads it, and as the desk does."""

from datetime import timedelta

from tests.diagnostics.stripe_json import NOW

from prunella.diagnostics import Words
from prunella.kit.money import Money
from prunella.settings import load_content, shipped
from prunella.tiers.prevent import Plan, Step
from prunella.web.views.recovery import planned_steps, staff_plan
from prunella.web.views.saying import Saying

WORDS = Words.from_catalogue(load_content(shipped("content")).toml("messages/en.toml"))
SAYING = Saying(words=WORDS, now=NOW)
DAY = timedelta(days=1)


def step(kind: str, state: str, days: int, **more: object) -> Step:
    at = NOW + days * DAY
    known = {"name": "first", "planned_at": at, "due_at": at}
    over = {"at": at} if state != "next" else {}
    return Step(kind=kind, state=state, **(known | over | more))  # type: ignore[arg-type]  # a table


PLAN = Plan(
    invoice="in_march",
    customer="cust_1",
    subscription=None,
    decline_class="soft",
    held_out=False,
    amount=Money(366_504, "usd"),
    state="running",
    ended_because=None,
    content="",
    opened_at=NOW - 3 * DAY,
    stripe_stopped_at=None,
    ended_at=None,
    paid_at=None,
    steps=(
        step("letter", "done", -3),
        step("letter", "skipped", -1, reason="cap"),
        step("stripe_try", "next", 1),
        step("letter", "next", 3, name="last", planned_at=NOW + 2 * DAY),
        step("cutoff", "next", 14),
    ),
)


def test_a_customer_reads_what_comes_next_and_nothing_that_was_only_considered() -> None:
    told = planned_steps(PLAN, SAYING)
    assert [one.title for one in told] == [
        "We try the card again",
        "We write to you",
        "From then on your plan can stop",
    ]
    assert [one.shape for one in told] == ["next", "next", "bad"]
    assert not any("cap" in one.text for one in told)


def test_the_desk_reads_all_of_it_and_why() -> None:
    shown = staff_plan(PLAN, SAYING)
    assert shown.amount == "$3,665.04"
    texts = " ".join(one.text for one in shown.steps)
    assert "as many letters as the cap allows" in texts
    assert "First planned for" in texts
    assert [one.shape for one in shown.steps] == ["", "warn", "next", "next", "bad"]


def test_without_a_plan_nothing_is_promised() -> None:
    assert planned_steps(None, SAYING) == []
