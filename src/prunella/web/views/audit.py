"""The audit log as the desk sees it: an entry a row, and one entry with its proof in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from prunella.audit import Entry, Inclusion, Value
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    seq: int
    at: str
    when: str
    who: str
    actor: str
    role: str
    verb: str
    subject: str
    customer: str | None
    because: str
    changes: list[tuple[str, str, str]]
    """Figure, before, after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofShown:
    """`state` is ok, bad, or wait for an entry that is not sealed yet."""

    state: str
    verdict: str
    steps: list[str]
    line: str
    note: str


def entry_row(entry: Entry, saying: Saying, names: Mapping[str, str]) -> EntryRow:
    """Return it as it reads; who has a name is called by it."""
    before, after = entry.before or {}, entry.after or {}
    figures = [*before, *(name for name in after if name not in before)]
    return EntryRow(
        seq=entry.seq,
        at=entry.at.isoformat(),
        when=saying.day_and_time(entry.at),
        who=names.get(entry.actor_id, entry.actor_id),
        actor=entry.actor_id,
        role=entry.actor_role or entry.actor_kind,
        verb=entry.verb,
        subject=entry.subject,
        customer=entry.customer,
        because=entry.because,
        changes=[(name, _shown(before, name), _shown(after, name)) for name in figures],
    )


def proof_shown(proof: Inclusion | None, saying: Saying) -> ProofShown:
    if proof is None:
        verdict = saying.say("page.audit.not_sealed")
        return ProofShown(state="wait", verdict=verdict, steps=[], line="", note="")
    signed = proof.head.checkpoint
    place, size = proof.index + 1, signed.size
    state, word = ("ok", "holds") if proof.holds else ("bad", "broken")
    steps = [
        saying.say("page.audit.place", place=f"{place:,}", size=f"{size:,}"),
        saying.say("page.audit.path", count=len(proof.path)),
        saying.say("page.audit.signed", at=saying.day_and_time(signed.at)),
    ]
    return ProofShown(
        state=state,
        verdict=saying.say(f"page.audit.{word}"),
        steps=steps,
        line=proof.line.decode(),
        note=signed.note,
    )


def _shown(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)
