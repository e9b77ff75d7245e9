"""What other rules would have decided: past decisions judged again, on the facts of their time.

The facts stay as they were: what a different decision would have changed for later ones (less
given back, so more left of a limit) is not reckoned with.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prunella.actions import store_replay
from prunella.actions.policy import ERROR, Policy, Verdict, from_json
from prunella.kit.house import Tx
from prunella.kit.money import Money

MOST_SHOWN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A decision that would have been another. The rules are those that were missed."""

    action: str
    kind: str
    at: datetime
    money: Money | None
    before: Verdict
    after: Verdict
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]


@dataclass(slots=True)
class Replayed:
    """What came of it. `changes` holds the first `MOST_SHOWN`, the counts hold all.

    `without_facts`: decisions of a time when facts were not kept, or not all that are asked now.
    """

    judged: int = 0
    without_facts: int = 0
    changes: list[Change] = field(default_factory=list)
    count: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    money: Counter[tuple[Verdict, Verdict, str]] = field(default_factory=Counter)

    @property
    def changed(self) -> int:
        return sum(self.count.values())

    def of(self, way: tuple[Verdict, Verdict]) -> list[Money]:
        """Return the money of all that changed this way, one amount a currency."""
        found = [(key[2], amount) for key, amount in self.money.items() if key[:2] == way]
        return [Money(amount, currency) for currency, amount in sorted(found)]

    def add(self, change: Change) -> None:
        way = (change.before, change.after)
        self.count[way] += 1
        if change.money:
            self.money[(*way, change.money.currency)] += change.money.amount
        if len(self.changes) < MOST_SHOWN:
            self.changes.append(change)


async def replay(tx: Tx, policy: Policy, *, since: datetime) -> Replayed:
    """Judge every decision since then by `policy`. Nothing is written."""
    found, after = Replayed(), ""
    while rows := await store_replay.page(tx, since=since, after=after):
        for row in rows:
            _judge(found, policy, row)
        after = rows[-1]["id"]
    return found


def _judge(found: Replayed, policy: Policy, row: Mapping[str, Any]) -> None:
    decided = row["decision"]
    if "facts" not in decided:
        found.without_facts += 1
        return
    again = policy.judge(from_json(decided["facts"]))
    if again.rules == (ERROR,) != tuple(decided["rules"]):  # a fact that was not kept at the time
        found.without_facts += 1
        return
    _compare(found, row, verdict=again.verdict, rules=again.rules)


async def shadowed(tx: Tx, *, shadow: str, since: datetime) -> Replayed:
    """Return what the shadow of this digest said since then, at the time of each request."""
    found, after = Replayed(), ""
    while rows := await store_replay.page(tx, since=since, after=after):
        for row in rows:
            said = row["decision"].get("shadow")
            if said and said["content"] == shadow:
                _compare(found, row, verdict=said["verdict"], rules=said["rules"])
        after = rows[-1]["id"]
    return found


def _compare(
    found: Replayed, row: Mapping[str, Any], *, verdict: Verdict, rules: Sequence[str]
) -> None:
    decided = row["decision"]
    found.judged += 1
    if verdict == decided["verdict"]:
        return
    found.add(
        Change(
            action=row["id"],
            kind=row["kind"],
            at=row["created_at"],
            money=_money(row),
            before=decided["verdict"],
            after=verdict,
            rules_before=_missed(decided["verdict"], decided["rules"]),
            rules_after=_missed(verdict, rules),
        )
    )


def _missed(verdict: str, rules: Sequence[str]) -> tuple[str, ...]:
    return () if verdict == "allow" else tuple(rules)


def _money(row: Mapping[str, Any]) -> Money | None:
    if row["amount"] is None or not row["currency"]:
        return None
    return Money(row["amount"], row["currency"])
