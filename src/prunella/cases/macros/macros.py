"""Using a macro: its words filled in for this case, its changes, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from prunella import people
from prunella.cases import clocks
from prunella.cases.case import Case
from prunella.cases.letters import Letters, language_of
from prunella.cases.letters.template import SOURCE
from prunella.cases.macros.macro import Macro, MacroValueError, UnknownMacroError
from prunella.cases.macros.reading import read
from prunella.cases.opening import get_case
from prunella.diagnostics import Words
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.settings import Content

MAX_VALUE = 4_000
MAY_SAY = frozenset({"by", "root_cause"})
"""Another promise than the contract's, and what is behind it where it is solved once more."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a macro would say: to the customer in their language, and among us."""

    reply: str
    note: str


@dataclass(frozen=True, slots=True)
class Macros:
    """All macros of the content. `languages`: the catalogue by language, for days and times."""

    letters: Letters
    languages: Mapping[str, Words]
    known: Mapping[str, Macro]

    @classmethod
    def read(cls, content: Content, *, letters: Letters, languages: Mapping[str, Words]) -> Self:
        """Raises ContentError with file, line and remedy."""
        return cls(letters, languages, read(content))

    @property
    def all(self) -> list[Macro]:
        return sorted(self.known.values(), key=lambda macro: macro.title)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(macro.name for macro in self.all)

    def get(self, name: str) -> Macro:
        """Raises UnknownMacroError."""
        if name not in self.known:
            raise UnknownMacroError(name)
        return self.known[name]

    async def fill(
        self, tx: Tx, case: Case, name: str, values: Mapping[str, str] | None = None
    ) -> Filled:
        """Return what it would say, and change nothing. Raises MacroValueError."""
        macro, given = self.get(name), dict(values or {})
        allowed = macro.asks.keys() | MAY_SAY
        too_long = any(len(value) > MAX_VALUE for value in given.values())
        missing = [one for one in macro.asks if not given.get(one, "").strip()]
        if missing or too_long or given.keys() - allowed:
            raise MacroValueError
        customer = await people.find_customer(tx, case.customer)
        if customer is None:
            raise LookupError(case.customer)
        theirs = await self._values(tx, case, macro, customer, customer.locale)
        ours = await self._values(tx, case, macro, customer, SOURCE)
        reply = self._text(macro.reply, theirs | given, customer.locale or SOURCE)
        return Filled(reply=reply, note=self._text(macro.note, ours | given, SOURCE))

    async def apply(
        self, tx: Tx, case: Case, name: str, values: Mapping[str, str] | None = None
    ) -> Case:
        """Change the case and say what the macro says; returns the case as it is then.

        Raises UnknownMacroError, MacroValueError, and what the verbs of the case raise.
        """
        macro = self.get(name)
        said = await self.fill(tx, case, name, values)
        cause = (values or {}).get("root_cause", "")
        if said.note:
            await case.note(tx, said.note)
        case = await _changed(tx, case, macro)
        if said.reply:
            status = macro.status or "pending"
            await case.reply(tx, said.reply, status=status, root_cause=cause)
        elif macro.status:
            await case.set(tx, status=macro.status, root_cause=cause)
        return await get_case(tx, case.id) or case

    def _text(self, template: str, values: Mapping[str, str], locale: str) -> str:
        return self.letters.reply(template, values, locale=locale) if template else ""

    async def _values(
        self, tx: Tx, case: Case, macro: Macro, customer: Customer, locale: str
    ) -> dict[str, str]:
        """What the case fills in, told in this language."""
        words = self.languages.get(language_of(locale), self.languages[SOURCE])
        severity = macro.severity or case.severity
        by = await clocks.promised_at(tx, customer, severity=severity)
        colleague = await people.colleague(tx, tx.actor.id)
        return {
            "name": customer.name,
            "number": str(case.number),
            "subject": case.subject,
            "plan": customer.plan or "unknown",
            "severity": severity,
            "colleague": colleague.name if colleague else self.letters.company,
            "by": words.in_zone(customer.time_zone).day_and_time(by, now=tx.now),
        }


async def _changed(tx: Tx, case: Case, macro: Macro) -> Case:
    if macro.severity or macro.kind:
        case = await case.set(tx, severity=macro.severity, kind=macro.kind)
    if macro.tags or macro.untag:
        case = await case.tag(tx, add=macro.tags, remove=macro.untag)
    if macro.level:
        case = await case.escalate(tx, to=macro.level, because=f"macro_{macro.name}"[:60])
    if macro.team:
        case = await case.give_to_team(tx, macro.team)
    if macro.to_me:
        case = await case.assign(tx, to=tx.actor.id)
    return case
