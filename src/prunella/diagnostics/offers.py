"""Which remedies a customer is offered, over all findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.wording import Words


def offers_of(findings: Sequence[Finding], words: Words) -> tuple[FixOffer, ...]:
    """Each remedy once a target, the worst finding's first; a person is always the last of them.

    Only the first main offer stays main: one main button a page.
    """
    found = [offer for finding in findings for offer in finding.offers]
    about = {(one.name, one.target): one for one in reversed(found)}
    kept = [one for one in found if about[one.name, one.target] is one]
    acts = [one for one in kept if one.name != "talk_to_human"]
    main = next((one for one in found if one.main), None)
    person = FixOffer(
        name="talk_to_human",
        label=words.say("fix.talk_to_human"),
        main=main is not None and main.name == "talk_to_human",
    )
    aim = (main.name, main.target) if main else None
    return (*(replace(one, main=(one.name, one.target) == aim) for one in acts), person)
