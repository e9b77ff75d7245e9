"""How a diagnosis came about, for staff: facts, rules, findings. The same rules, not a copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from prunella.diagnostics.diagnose import judge
from prunella.diagnostics.facts import Facts
from prunella.diagnostics.findings import Diagnosis, Finding, FixName
from prunella.diagnostics.looked import Looked, RuleName
from prunella.diagnostics.possible import POSSIBLE
from prunella.diagnostics.wording import Words
from prunella.kit.money import Money

# What the facts hold, and what one of each is called.
_KINDS: Mapping[str, str] = {
    "methods": "payment_method",
    "subscriptions": "subscription",
    "invoices": "invoice",
    "attempts": "attempt",
    "checkout_sessions": "checkout_session",
    "refunds": "refund",
    "disputes": "dispute",
    "setup_intents": "setup_intent",
}


@dataclass(frozen=True, kw_only=True)
class KnownFact:
    """One thing that was known: `values` as the facts hold them, addresses that pay left out."""

    kind: str
    id: str
    values: Mapping[str, Any]
    used_by: tuple[RuleName, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "values": _plain(self.values),
            "used_by": list(self.used_by),
        }


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One rule held against one thing. `question` and `why` are in words for staff."""

    rule: RuleName
    question: str
    subject: str
    fired: bool
    why: str
    finding: Finding | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "question": self.question,
            "subject": self.subject,
            "fired": self.fired,
            "why": self.why,
            "root_cause": self.finding.root_cause if self.finding else None,
            "status": self.finding.status if self.finding else None,
        }


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything that was known, every rule that was asked, and what followed."""

    customer: str
    now: datetime
    facts: tuple[KnownFact, ...]
    verdicts: tuple[Verdict, ...]
    diagnosis: Diagnosis

    def to_json(self) -> dict[str, Any]:
        return {
            "customer": self.customer,
            "now": self.now.isoformat(),
            "facts": [fact.to_json() for fact in self.facts],
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
            "diagnosis": self.diagnosis.to_json(),
            "alerts": list(self.diagnosis.alerts),
        }


def explain(
    facts: Facts,
    words: Words,
    possible: AbstractSet[FixName] = POSSIBLE,
) -> Explanation:
    """Judge as `diagnose` does, and keep what was looked at. Not for customers."""
    judgement = judge(facts, words, possible)
    return Explanation(
        customer=facts.customer,
        now=facts.now,
        facts=tuple(_facts(facts, judgement.looks)),
        verdicts=tuple(_verdict(look, words) for look in judgement.looks),
        diagnosis=judgement.diagnosis,
    )


def _verdict(look: Looked, words: Words) -> Verdict:
    return Verdict(
        rule=look.rule,
        question=words.say(f"rule.{look.rule}"),
        subject=look.subject,
        fired=look.fired,
        why=words.say(f"why.{look.because}"),
        finding=look.finding,
    )


def _facts(facts: Facts, looks: Sequence[Looked]) -> Iterator[KnownFact]:
    yield KnownFact(kind="customer", id=facts.customer, values=dict(_own(facts)))
    for name, kind in _KINDS.items():
        for one in getattr(facts, name):
            ids = _ids(one)
            yield KnownFact(
                kind=kind,
                id=ids[0] if ids else "",
                values=dict(_values(one)),
                used_by=tuple(dict.fromkeys(look.rule for look in looks if _uses(look, ids))),
            )


def _own(facts: Facts) -> Iterator[tuple[str, Any]]:
    yield from ((name, value) for name, value in _values(facts) if name not in _KINDS)


def _ids(one: object) -> list[str]:
    """What rules call it: its own id; of an attempt its charge and intent."""
    named = (getattr(one, key, None) for key in ("id", "charge", "payment_intent"))
    own = getattr(one, "id", None)
    return [own] if isinstance(own, str) else [name for name in named if isinstance(name, str)]


def _uses(look: Looked, ids: Sequence[str]) -> bool:
    if look.subject in ids:
        return True
    return look.finding is not None and any(
        value in ids for value in look.finding.evidence.values() if isinstance(value, str)
    )


def _values(one: Any) -> Iterator[tuple[str, Any]]:
    """What is known of it; an address that lets its holder pay is left out, as in prints."""
    for one_field in fields(one):
        value = getattr(one, one_field.name)
        if one_field.repr and value is not None and value not in ((), ""):
            yield one_field.name, value


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    if isinstance(value, date | Decimal):
        return value.isoformat() if isinstance(value, date) else str(value)
    if is_dataclass(value):
        return {name: _plain(inner) for name, inner in _values(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value
