"""The whole of what may be done: rules and limits of one content, and the judgement by them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cedarpy

from prunella.actions.policy.chapter import Chapter
from prunella.actions.policy.decision import Decision
from prunella.actions.policy.facts import Asker, Facts
from prunella.actions.policy.fit import UnfitError
from prunella.actions.policy.known import MOST, Known
from prunella.actions.policy.limits import Limits
from prunella.actions.policy.limits import check as check_limits
from prunella.actions.policy.rule import Rule
from prunella.actions.policy.rulebook import Rulebook
from prunella.actions.policy.schema import BEGIN
from prunella.settings import Content, ContentError

ERROR = "policy.error"
_OF_WHOM: dict[str, Any] = {
    "principal": {"type": "Who", "id": "who"},
    "resource": {"type": "Object", "id": "object"},
}


class _UnclearError(Exception):
    """Cedar gave no decision."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`digest` names the content that it was read from."""

    rulebook: Rulebook
    limits: Limits
    digest: str
    known: Known
    _may_ask: dict[tuple[str, Asker, str], bool] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, content: Content) -> "Policy":
        """Raises `ContentError` with everything that is wrong, in words."""
        problems = check(content)
        if problems:
            raise ContentError("\n".join(problems))
        limits = Limits.read(content)
        return cls(Rulebook.read(content), limits, content.digest, Known(limits))

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.rulebook.rules

    def rule(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.name == name), None)

    def judge(self, facts: Facts) -> Decision:
        """Name every rule that is missed. What cannot be judged is denied."""
        try:
            missed = self._missed(facts, kind=facts.kind)
        except _UnclearError as error:
            return _unclear(str(error))
        if not missed:
            return self.rulebook.chapters[facts.kind].allowed
        return _missing(missed)

    def may_ask(self, asker: Asker, *, kind: str, flow: str = "") -> bool:
        """Whether this asker may have this kind at all, whatever the rest of the facts.

        The rules whose names begin with `who.` decide it, once for all who ask alike.
        """
        asked = (kind, asker, flow)
        if asked not in self._may_ask:
            if len(self._may_ask) >= MOST:
                self._may_ask.clear()
            self._may_ask[asked] = self._begins(Facts(kind=kind, asker=asker, flow=flow))
        return self._may_ask[asked]

    def _begins(self, facts: Facts) -> bool:
        try:
            return not self._missed(facts, kind=BEGIN)
        except _UnclearError:
            return False

    def _missed(self, facts: Facts, *, kind: str) -> list[Rule]:
        """Only a clean yes to all rules as one is a yes; else each of them is asked."""
        chapter = self.rulebook.chapters.get(kind)
        if chapter is None:
            raise _UnclearError(kind)
        reading = chapter.reading
        try:
            found = reading.read(facts)
            known = self.known.of(found[: len(reading.words)], facts, chapter)
        except UnfitError as error:
            raise _UnclearError(str(error)) from error
        asked = {
            **_OF_WHOM,
            "action": {"type": "Action", "id": kind},
            "context": reading.context(found, facts, self.limits),
        }
        answer = cedarpy.is_authorized(asked, known.together, known.entities)
        if _is_yes(answer):
            return []
        return _named(cedarpy.is_authorized(asked, chapter.each, known.entities), chapter)


def check(content: Content) -> list[str]:
    """Return what is wrong with the rules and limits: file, line and remedy, a line each."""
    problems = check_limits(content)
    try:
        Rulebook.read(content)
    except ContentError as error:
        problems = [*str(error).splitlines(), *problems]
    return problems


def _is_yes(answer: cedarpy.AuthzResult) -> bool:
    """An error is no decision: Cedar itself would skip the `forbid` that it happened in."""
    return answer.decision is cedarpy.Decision.Allow and not answer.diagnostics.errors


def _named(answer: cedarpy.AuthzResult, chapter: Chapter) -> list[Rule]:
    if _is_yes(answer):
        return []
    named = set(answer.diagnostics.reasons)
    missed = [rule for rule in chapter.rules if rule.name in named]
    if answer.decision is not cedarpy.Decision.Deny or answer.diagnostics.errors or not missed:
        raise _UnclearError("; ".join(answer.diagnostics.errors) or "no rule gave a reason")
    return missed


def _missing(missed: Sequence[Rule]) -> Decision:
    # What a person may lift is explained last: it is not what stands in the way.
    missed = sorted(missed, key=lambda rule: rule.liftable)
    liftable = all(rule.liftable for rule in missed)
    return Decision(
        verdict="needs_approval" if liftable else "deny",
        rules=tuple(rule.name for rule in missed),
        explanation=missed[0].for_customer,
        explanation_for_staff=" ".join(_told(rule) for rule in missed),
    )


def _told(rule: Rule) -> str:
    """The sentence comes first, for people; the name is behind it."""
    sentence = rule.for_staff.strip().removesuffix(".")
    return f"{sentence[:1].upper()}{sentence[1:]} ({rule.name})."


def _unclear(problem: str) -> Decision:
    return Decision(
        verdict="deny",
        rules=(ERROR,),
        explanation="We could not decide this by ourselves. A person looks at it.",
        explanation_for_staff=f"{ERROR}: the rules gave no decision ({problem}).",
    )
