"""How much may be given back without a person: content/policy/limits.toml, validated."""

from collections.abc import Iterator, Mapping
from typing import Any

from prunella.actions import store_limits
from prunella.kit.house import Tx
from prunella.kit.money import Money, MoneyError
from prunella.settings import Content, ContentError

FILE = "policy/limits.toml"
DUPLICATE = "duplicate"
_NAMES = (DUPLICATE,)


def check(content: Content) -> list[str]:
    """Return what is wrong with limits.toml: file, line and remedy, a line each."""
    try:
        fields = content.toml(FILE)
    except ContentError as error:
        return [str(error)]
    return [
        f"{content.folder / FILE}:{content.line_of(FILE, word)}: {words}"
        for word, words in _problems(fields)
    ]


def _problems(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in fields:
        if name not in _NAMES:
            yield f"[{name}]", f"there is no limit called {name}: use {', '.join(_NAMES)}"
    for name in _NAMES:
        limits = fields.get(name)
        if not isinstance(limits, dict):
            yield "", f"[{name}] is missing: list a currency like usd in it, or leave it empty"
            continue
        for currency, text in limits.items():
            if not isinstance(text, str) or not _is_amount(text, currency):
                yield currency, 'a limit is an amount in quotes, like usd = "200.00"'


def _is_amount(text: str, currency: str) -> bool:
    try:
        return Money.from_major(text, currency).amount >= 0
    except MoneyError:
        return False


async def set_limits(tx: Tx, content: Content) -> None:
    """Keep what limits.toml says. Raises `ContentError` with everything that is wrong, in words."""
    problems = check(content)
    if problems:
        raise ContentError("\n".join(problems))
    fields: Mapping[str, Mapping[str, str]] = content.toml(FILE)
    rows = [
        (name, currency.lower(), Money.from_major(text, currency).amount)
        for name, limits in fields.items()
        for currency, text in limits.items()
    ]
    await store_limits.put_all(tx, rows)


async def limit_of(tx: Tx, name: str, currency: str) -> int | None:
    """Return the most in minor units, None where a person decides."""
    return await store_limits.find(tx, name, currency.lower())
