"""Decisions: how long one takes by the shipped rules and by 50 of them."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import cedarpy
from bench.stage import percentiles

from prunella.actions.policy import Asker, Charge, Facts, Policy, Standing
from prunella.settings import Content, load_content, shipped

RULES = 50
TIMES = 5_000
_MORE = """
@id("bench.rule_{letters}")
@customer("a")
@staff("b")
forbid (principal, action == Action::"refund", resource)
unless {{ context.charge.age_days < {n} + 1000 || context.customer.refunds < {n} + 9 }};
"""


async def measure() -> list[str]:
    content = load_content(shipped("content"))
    facts = _facts()
    reading = _timed(partial(Policy.read, content))
    least, _ = percentiles([_timed(_least()) for _ in range(TIMES)])
    lines = []
    for name, policy in (("shipped", Policy.read(content)), ("50", _of(content))):
        asked = sum(rule.applies_to("refund") for rule in policy.rules)
        assert policy.judge(facts).verdict == "allow"
        times = [_timed(partial(policy.judge, _another(facts, n))) for n in range(TIMES)]
        p50, p99 = (ms * 1000 for ms in percentiles(times))
        lines.append(
            f"{name} rules, {asked} about a refund: p50 {p50:.0f} µs, p99 {p99:.0f} µs,"
            f" {p50 / (least * 1000):.1f} x Cedar's answer by one rule without facts;"
            f" reading them all anew takes {reading * 1e6 / p50:,.0f} times as long"
        )
        times = [_timed(partial(policy.judge, _too_much(facts))) for _ in range(TIMES)]
        p50, p99 = (ms * 1000 for ms in percentiles(times))
        lines.append(f"{name} rules, one of them missed: p50 {p50:.0f} µs, p99 {p99:.0f} µs")
    return lines


def _another(facts: Facts, n: int) -> Facts:
    """Hardly two requests are about the same figures."""
    charge = replace(facts.charge, captured=10_000 + n) if facts.charge else None
    return replace(facts, amount=1 + n % 4_900, charge=charge)


def _too_much(facts: Facts) -> Facts:
    return replace(facts, amount=6_000)


def _timed(doing: Callable[[], object]) -> float:
    before = time.perf_counter()
    doing()
    return time.perf_counter() - before


def _least() -> Callable[[], object]:
    """The least that can be asked of Cedar: what the machine makes of it at this moment."""
    policies = cedarpy.PolicySet.from_str("permit (principal, action, resource);")
    nobody = cedarpy.Entities.from_json_str("[]")
    asked = {name: {"type": name, "id": "x"} for name in ("principal", "action", "resource")}
    asked["action"] = {"type": "Action", "id": "x"}
    return partial(cedarpy.is_authorized, asked, policies, nobody)


def _facts() -> Facts:
    return Facts(
        kind="refund",
        asker=Asker(kind="customer", role="owner"),
        amount=4_900,
        currency="usd",
        charge=Charge(status="succeeded", captured=40_000, currency="usd", age_days=3),
        customer=Standing(plan="starter"),
        automatic_today={"usd": 5_000},
    )


def _of(content: Content) -> Policy:
    """As many more rules about refunds as make 50 in all that a refund is judged by."""
    known = sum(rule.applies_to("refund") for rule in Policy.read(content).rules)
    more = "".join(_MORE.format(n=n, letters=_letters(n)) for n in range(RULES - known))
    files = {**content.files, "policy/9_bench.cedar": more}
    return Policy.read(Content(folder=Path("bench"), files=files, digest="bench"))


def _letters(n: int) -> str:
    return chr(ord("a") + n // 26) + chr(ord("a") + n % 26)
