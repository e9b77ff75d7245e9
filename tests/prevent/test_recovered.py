"""Recovered money is what came in beyond what would have come in by itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.prevent.world import Town

from prunella.insight.economics import compare, recovered
from prunella.kit.actor import SYSTEM
from prunella.kit.money import Money

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 4, 1, tzinfo=UTC)


def arm(*, held_out: bool, failed: int, paid: int, running: int = 0) -> dict[str, object]:
    amounts = {"amount": failed * 100, "amount_paid": paid * 100, "amount_running": running * 100}
    counts = {"failed": failed, "paid": paid, "running": running}
    return {"currency": "usd", "held_out": held_out} | counts | amounts


def test_the_difference_is_what_plans_brought_in() -> None:
    rows = [
        arm(held_out=False, failed=1000, paid=700, running=100),
        arm(held_out=True, failed=50, paid=25),
    ]
    [line] = compare(rows, since=SINCE, until=UNTIL)
    assert (line.treated.decided, line.held_out.decided) == (900, 50)
    assert line.held_out.rate == Decimal("0.5")
    assert line.comparable
    # 900 decided at 50 % would have been 450 by themselves; 700 were paid.
    assert line.because_of_plans == Money(25_000, "usd")


def test_too_few_say_nothing() -> None:
    rows = [arm(held_out=False, failed=1000, paid=700), arm(held_out=True, failed=5, paid=0)]
    [line] = compare(rows, since=SINCE, until=UNTIL)
    assert line.because_of_plans is None


def test_plans_that_do_harm_show_as_harm() -> None:
    rows = [arm(held_out=False, failed=100, paid=40), arm(held_out=True, failed=100, paid=50)]
    [line] = compare(rows, since=SINCE, until=UNTIL)
    assert line.because_of_plans == Money(-1000, "usd")
    assert line.gain == Decimal("-0.1")


async def test_what_is_counted_is_what_happened(town: Town) -> None:
    for number in range(4):
        await town.settle(f"cus_{number}")
        await town.fail(f"cus_{number}", f"in_{number}")
    await town.rows("update recovery_plans set held_out = true where invoice = 'in_3' returning 1")
    await town.pass_time(days=1)
    await town.close("cus_0", "in_0", "paid", "paid")
    await town.close("cus_1", "in_1", "void", "voided")
    await town.close("cus_3", "in_3", "paid", "paid")
    async with town.house.transaction(SYSTEM) as tx:
        [line] = await recovered(tx, since=SINCE, until=UNTIL)
        later = await recovered(tx, since=UNTIL, until=UNTIL + timedelta(days=1))
    assert later == []
    assert line.currency == "usd"
    assert (line.treated.failed, line.treated.running, line.treated.paid) == (3, 1, 1)
    assert (line.held_out.failed, line.held_out.running, line.held_out.paid) == (1, 0, 1)
    assert line.treated.amount_paid == 366504
