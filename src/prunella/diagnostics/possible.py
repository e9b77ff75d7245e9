"""Only what can be done here is offered: a button that leads nowhere is worse than none."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import get_args

from prunella.diagnostics.findings import Finding, FixName
from prunella.diagnostics.voice import Voice

PERSON: FixName = "talk_to_human"
# What this installation can carry out; a fix joins when its last step is built.
POSSIBLE: frozenset[FixName] = frozenset(get_args(FixName))


def within(finding: Finding, possible: AbstractSet[FixName], voice: Voice) -> Finding:
    """Leave out what is not possible; where that was the main thing to do, a person is."""
    kept = tuple(one for one in finding.offers if one.name in possible or one.name == PERSON)
    if finding.fix in {None, PERSON} or finding.fix in possible:
        return replace(finding, offers=kept)
    person = tuple(replace(one, main=True) for one in kept if one.name == PERSON)
    others = tuple(one for one in kept if one.name != PERSON)
    todo = finding.todo_by_person or voice.say("todo.ask")
    return replace(finding, offers=(*person, *others), todo=todo)
