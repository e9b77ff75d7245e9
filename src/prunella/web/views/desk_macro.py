"""A macro that was chosen: what it asks for, what it says, what it changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prunella.cases import Filled, Macro
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroShown:
    """`reply` and `note` are empty where it says nothing."""

    name: str
    title: str
    asks: list[tuple[str, str, str]]
    reply: str
    note: str
    changes: str


def macro_shown(
    macro: Macro, filled: Filled, saying: Saying, *, known: Mapping[str, str]
) -> MacroShown:
    """`known` is what it asks for, and the case says by itself."""
    return MacroShown(
        name=macro.name,
        title=macro.title,
        asks=[(name, label, known.get(name, "")) for name, label in macro.asks.items()],
        reply=filled.reply,
        note=filled.note,
        changes=", ".join(_changes(macro, saying)),
    )


def _changes(macro: Macro, saying: Saying) -> Iterator[str]:
    if macro.status:
        yield saying.say(f"page.status.{macro.status}")
    if macro.severity:
        yield saying.say(f"page.severity.{macro.severity}")
    if macro.kind:
        yield saying.say(f"page.kind_of.{macro.kind}")
    if macro.team or macro.level:
        yield saying.say(f"page.team.{macro.team or macro.level}")
    if macro.to_me:
        yield saying.say("page.verb.take")
    if macro.tags:
        yield saying.say("page.macro.tags", what=" ".join(macro.tags))
