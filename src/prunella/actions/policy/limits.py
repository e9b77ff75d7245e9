"""How much may be done without a person, and by which: content/policy/limits.toml, validated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prunella.kit.money import Money, MoneyError
from prunella.settings import Content, ContentError

FILE = "policy/limits.toml"
AMOUNTS = (
    "charge",
    "customer",
    "duplicate",
    "automatic_day",
    "agent",
    "csm",
    "finance",
    "lead",
)
COUNTS = ("refunds_in_30_days", "charge_age_days", "tries_in_30_days")
LAPSE = "lapse_hours"
_LARGEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`amounts` by name and currency, in minor units; a currency that is not listed has none."""

    amounts: Mapping[str, Mapping[str, int]]
    refunds_in_30_days: int
    charge_age_days: int
    tries_in_30_days: int
    approval_lapses_after: timedelta

    @classmethod
    def read(cls, content: Content) -> "Limits":
        """Raises `ContentError` with everything that is wrong, in words."""
        problems = check(content)
        if problems:
            raise ContentError("\n".join(problems))
        tables = content.toml(FILE)
        return cls(
            amounts={name: _minor(tables[name]) for name in AMOUNTS},
            approval_lapses_after=timedelta(hours=tables["approval"][LAPSE]),
            **{name: tables["counts"][name] for name in COUNTS},
        )

    def of(self, name: str, currency: str | None) -> int | None:
        """Return the most in minor units, None where a person decides."""
        return self.amounts.get(name, {}).get((currency or "").lower())


def check(content: Content) -> list[str]:
    """Return what is wrong with limits.toml: file, line and remedy, a line each."""
    try:
        tables = content.toml(FILE)
    except ContentError as error:
        return [str(error)]
    return [
        f"{content.folder / FILE}:{content.line_of(FILE, word)}: {words}"
        for word, words in _problems(tables)
    ]


def _problems(tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    known = (*AMOUNTS, "counts", "approval")
    for name in tables:
        if name not in known:
            yield f"[{name}]", f"there is no limit called {name}: use {', '.join(known)}"
    for name in AMOUNTS:
        yield from _amounts(name, tables.get(name))
    yield from _numbers("counts", COUNTS, tables.get("counts"))
    yield from _numbers("approval", (LAPSE,), tables.get("approval"))


def _amounts(name: str, limits: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(limits, dict):
        yield "", f"[{name}] is missing: list a currency like usd in it, or leave it empty"
        return
    for currency, text in limits.items():
        if not isinstance(text, str) or not _is_amount(text, currency):
            yield currency, f'[{name}]: a limit is an amount in quotes, like usd = "200.00"'


def _numbers(name: str, wanted: tuple[str, ...], found: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(found, dict) or set(found) != set(wanted):
        yield f"[{name}]", f"[{name}] holds exactly {', '.join(wanted)}"
        return
    for key, number in found.items():
        if type(number) is not int or not 0 <= number <= _LARGEST:
            yield key, f"{key} is a whole number from 0 to {_LARGEST}"


def _is_amount(text: str, currency: str) -> bool:
    try:
        return Money.from_major(text, currency).amount >= 0
    except MoneyError:
        return False


def _minor(limits: Mapping[str, str]) -> dict[str, int]:
    found = (Money.from_major(text, currency) for currency, text in limits.items())
    return {money.currency: money.amount for money in found}
