"""What must hold at the end of the year: each check returns what is wrong, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.simulation.year import Year

from prunella import cases
from prunella.kit.actor import SYSTEM
from prunella.mirror.objects.seen import unfold
from prunella.mirror.sweep.compare import same
from prunella.mirror.sync.kinds import SYNCED
from prunella_sandbox.rendering import shown

KINDS = (*SYNCED, "payment_method")


async def wrong_in_mirror(year: Year) -> list[str]:
    """Object by object: Stripe's whole state against ours."""
    async with year.rooms.house.transaction(SYSTEM) as tx:
        rows = await tx.all("select id, kind, customer, deleted, data from mirror_objects")
    ours = {row["id"]: row for row in rows}
    problems = [words for kind in KINDS for words in _wrong_of(year, kind, ours)]
    stray = [name for name, row in ours.items() if not row["deleted"] and not _is_there(year, row)]
    return problems + [f"{name} is not at Stripe" for name in stray]


def _wrong_of(year: Year, kind: str, ours: dict[str, dict[str, Any]]) -> Iterator[str]:
    for stored in list(year.world.newest_first(kind)):
        if stored.get("deleted") or (kind == "payment_method" and not stored.get("customer")):
            continue
        now = year.clock.now()
        theirs = unfold(shown(year.world, stored), since=now, until=now)[0]
        row = ours.get(stored["id"])
        if row is None:
            yield f"{stored['id']} is missing"
        elif row["deleted"]:
            yield f"{stored['id']} is marked as deleted"
        elif not same(row["data"], theirs.data):
            fields = [key for key in theirs.data if row["data"].get(key) != theirs.data[key]]
            yield f"{stored['id']} differs in {fields}"


def _is_there(year: Year, row: dict[str, Any]) -> bool:
    found = year.world.find(row["kind"], row["id"])
    return found is not None and not found.get("deleted")


async def wrong_plans(year: Year) -> list[str]:
    """Each invoice that failed has exactly one plan, unless it was settled before we could know.

    One of which no webhook told is found by the daily look, and its plan begins some days later.
    """
    failed = {_invoice_of(event) for event in _failures(year)}
    told = {_invoice_of(event) for event in _failures(year) if event["id"] not in year.post.lost}
    async with year.rooms.house.transaction(SYSTEM) as tx:
        plans = await tx.all("select invoice, state from recovery_plans")
    year.counted["failed invoices"] = len(failed)
    year.counted["plans"] = len(plans)
    counted = Counter(plan["invoice"] for plan in plans)
    lacking = {name for name in failed - set(counted) if _owed(year, name)}
    year.counted["settled before it was known"] = len(failed - set(counted)) - len(lacking)
    year.counted["never told of, without a plan yet"] = len(lacking - told)
    idle = [
        p["invoice"] for p in plans if p["state"] == "running" and not _owed(year, p["invoice"])
    ]
    return [
        *(f"{name} has no plan" for name in sorted(lacking & told)),
        *(f"{name} has {n} plans" for name, n in counted.items() if n != 1),
        *(f"{name} is settled and its plan runs" for name in idle),
    ]


def _failures(year: Year) -> Iterator[dict[str, Any]]:
    everything = year.world.newest_first("event")
    return (event for event in everything if event["type"] == "invoice.payment_failed")


def _invoice_of(event: dict[str, Any]) -> str:
    return str(event["data"]["object"]["id"])


def _owed(year: Year, invoice: str) -> bool:
    found = year.world.find("invoice", invoice)
    customer = year.world.find("customer", found["customer"]) if found else None
    gone = customer is None or bool(customer.get("deleted"))
    return bool(found and found["status"] == "open" and found["attempt_count"] and not gone)


async def too_many_letters(year: Year) -> list[str]:
    async with year.rooms.house.transaction(SYSTEM) as tx:
        rules = await cases.letter_rules(tx)
        rows = await tx.all("select customer, at from letters_written order by at")
    written: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        written[row["customer"]].append(row["at"])
    year.counted["letters"] = len(rows)
    return [
        f"{customer}: more than {rules.most} letters within {rules.within_days} days of {first}"
        for customer, times in written.items()
        for first, last in zip(times, times[rules.most :], strict=False)
        if last - first < rules.within
    ]


async def money_twice(year: Year) -> list[str]:
    """Each paid invoice by one succeeded charge at most, and by one action of ours."""
    charges = Counter(
        charge["payment_intent"]
        for charge in year.world.newest_first("charge")
        if charge["status"] == "succeeded"
    )
    paid = Counter[str]()
    for payment in year.world.newest_first("invoice_payment"):
        if payment["status"] == "paid":
            paid[payment["invoice"]] += charges[payment["payment"].get("payment_intent")]
    year.counted["charges"] = charges.total()
    async with year.rooms.house.transaction(SYSTEM) as tx:
        ours = await tx.all(
            "select target, state, coalesce(result ? 'paid_before', false) as before"
            " from actions where kind = 'retry_payment' order by id"
        )
    for action in ours:
        year.counted[f"our payments {action['state']}"] += 1
    succeeded = [action for action in ours if action["state"] == "succeeded"]
    done = Counter(action["target"] for action in succeeded if not action["before"])
    said = sorted({action["target"] for action in succeeded})
    return [
        *(f"{name} was paid by {n} charges" for name, n in paid.items() if n > 1),
        *(f"{name} was paid by us {n} times" for name, n in done.items() if n > 1),
        *(f"{name}: we say paid, Stripe does not" for name in said if not paid[name]),
        *(f"{a['target']} is left {a['state']}" for a in ours if a["state"] in _UNSETTLED),
    ]


_UNSETTLED = {"requested", "approved", "submitting", "unknown"}


async def wrong_outcomes(year: Year) -> list[str]:
    async with year.rooms.house.transaction(SYSTEM) as tx:
        rows = await tx.all(
            """
            select c.id, c.ended_at is not null as ended, count(o.contact) as outcomes
            from contacts c left join outcomes o on o.contact = c.id group by c.id
            """
        )
        dead = await tx.all("select name, subject, error from timers where dead")
        undelivered = await tx.all("select listener, error from deliveries where dead")
    year.counted["contacts"] = len(rows)
    wrong = [row for row in rows if row["outcomes"] != int(row["ended"])]
    return [
        *(f"{row['id']} has {row['outcomes']} outcomes" for row in wrong),
        *(f"timer {row['name']} of {row['subject']}: {row['error']}" for row in dead),
        *(f"delivery to {row['listener']}: {row['error']}" for row in undelivered),
    ]
