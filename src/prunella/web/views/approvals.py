"""What waits for a person, and one action from the request to what the customer was told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prunella.actions import Action, Approval, Policy, Step, Waiting
from prunella.audit import Entry
from prunella.cases import Case, Message
from prunella.kit.actor import Actor
from prunella.people import Customer
from prunella.web.views.asked import amount_of, figures_of, reason_of, rules_of, title_of
from prunella.web.views.desk import State, deed_of
from prunella.web.views.exactly import exactly
from prunella.web.views.saying import Saying
from prunella.web.views.talk import without_links
from prunella.web.views.who_decides import decides
from prunella.web.views.whose import whose

_SHAPES: Mapping[str, str] = {
    "denied": "bad",
    "awaiting_approval": "warn",
    "unknown": "warn",
    "failed": "bad",
}
_FOLLOWING = frozenset({"approved", "submitting", "unknown", "awaiting_approval"})


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A request that waits, in three lines."""

    id: str
    name: str
    title: str
    why: str
    lapses: str
    state: State
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step of an action's life; `shape` is that of the stem."""

    shape: str
    at: str
    when: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """An audit entry, and whether its proof leads to the signed head of the log."""

    seq: int
    verb: str
    by: str
    when: str
    state: State
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person decides: `shown` names the facts that stand on the page."""

    shown: str
    changed: bool
    lapses: str
    role: str
    obstacle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionShown:
    action: Action
    customer: Customer
    title: str
    amount: str
    reason: str
    exact: list[tuple[str, str]]
    state: State
    word: str
    lead: str
    asked_by: str
    rules: list[tuple[State, str, str]]
    figures: list[tuple[str, str]]
    steps: list[StepShown]
    stripe: list[tuple[str, str]]
    told: list[tuple[str, str]]
    seals: list[Seal]
    case: Case | None
    question: Question | None
    decided: str
    note: str
    shadow: str
    outside: tuple[str, str]


def queue_rows(
    found: Sequence[Waiting], names: Mapping[str, str], saying: Saying
) -> list[QueueRow]:
    return [
        QueueRow(
            id=one.action.id,
            name=names.get(one.action.customer, one.action.customer),
            title=title_of(one.action, saying),
            why=str(one.action.decision.get("explanation_for_staff", "")),
            lapses=saying.until(one.lapses_at),
            state="wait" if one.own else "warn",
            role=decides(one.role or saying.say("page.approval.nobody"), saying),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything that is known of an action, as it was read."""

    action: Action
    customer: Customer
    steps: Sequence[Step]
    approval: Approval | None
    waiting: Waiting | None
    proof: Sequence[tuple[str, str]]
    messages: Sequence[Message]
    seals: list[Seal]
    case: Case | None
    names: Mapping[str, str]


def action_shown(known: Known, policy: Policy, saying: Saying) -> ActionShown:
    action = known.action
    deed, decided = deed_of(action, saying), _decided(known, saying)
    facts = known.waiting.facts if known.waiting else None
    return ActionShown(
        action=action,
        customer=known.customer,
        title=title_of(action, saying),
        amount=amount_of(action, saying),
        reason=reason_of(action, saying),
        exact=list(exactly(action, saying)),
        state=deed.state,
        word=deed.word,
        lead=saying.say(whose(action, f"page.approval.lead_{action.state}", saying)),
        asked_by=who(action.requested_by, known, saying),
        rules=list(rules_of(action, policy, saying)),
        figures=[*figures_of(facts, saying), *known.proof] if facts else list(known.proof),
        steps=[_step(step, action, decided, saying) for step in known.steps],
        stripe=list(_stripe(action)),
        told=[
            (saying.until(one.created_at), without_links(one.text, saying.words))
            for one in known.messages
        ],
        seals=known.seals,
        case=known.case,
        question=question_of(known.waiting, saying) if known.waiting else None,
        decided=decided,
        note=known.approval.note if known.approval else "",
        shadow=shadow_of(action, saying),
        outside=(
            saying.say(whose(action, "page.approval.stripe", saying)),
            saying.say(whose(action, "page.approval.stripe_nothing", saying)),
        ),
    )


def _decided(known: Known, saying: Saying) -> str:
    """Who said what, once somebody did."""
    approval = known.approval
    if approval is None or not approval.outcome or not approval.decided_by:
        return ""
    by = who(approval.decided_by, known, saying)
    return saying.say(f"page.approval.was_{approval.outcome}", by=by)


def shadow_of(action: Action, saying: Saying) -> str:
    """What the rules on trial said, where they would have decided otherwise."""
    said = action.decision.get("shadow")
    if not said or said["verdict"] == action.decision["verdict"]:
        return ""
    words = saying.say(f"page.approval.shadow_{said['verdict']}")
    return f"{words}: {', '.join(said['rules'])}" if said["rules"] else words


def who(actor: Actor, known: Known, saying: Saying) -> str:
    match actor.kind:
        case "customer":
            return known.customer.name
        case "staff":
            name = known.names.get(actor.id, actor.id)
            return saying.say("page.approval.staff", name=name, role=actor.role)
        case "lee":
            return saying.say("page.approval.lee")
        case "service":
            return saying.say("page.approval.service", name=known.names.get(actor.id, actor.id))
    return saying.say("page.approval.itself")


def question_of(waiting: Waiting, saying: Saying) -> Question:
    obstacle = ""
    if waiting.role is None:
        obstacle = saying.say("page.approval.not_now")
    elif waiting.own:
        obstacle = saying.say("page.approval.own")
    return Question(
        shown=waiting.shown,
        changed=waiting.changed,
        lapses=saying.until(waiting.lapses_at),
        role=decides(waiting.role, saying) if waiting.role else "",
        obstacle=obstacle,
    )


def _step(step: Step, action: Action, decided: str, saying: Saying) -> StepShown:
    shape = _SHAPES.get(step.state, "")
    if step.state == action.state and step.state in _FOLLOWING:
        shape = "now"
    return StepShown(
        shape=shape,
        at=step.at.isoformat(),
        when=saying.time(step.at),
        title=saying.say(whose(action, f"page.approval.step_{step.state}", saying)),
        text=_why(step, action, decided, saying),
    )


def _why(step: Step, action: Action, decided: str, saying: Saying) -> str:
    if step.because.startswith("approval.") and decided:
        return decided
    if step.because.startswith("policy."):
        return str(action.decision.get("explanation", ""))
    if step.because == "brake.stopped":
        return saying.say("page.limits.stopped")
    if step.state == "requested":
        return reason_of(action, saying) or saying.say("page.approval.no_reason")
    if step.state == "submitting":
        return saying.say("page.approval.under_key", name=action.id)
    return _because(step.because, action, saying)


def _because(word: str, action: Action, saying: Saying) -> str:
    known = whose(action, f"page.step_because.{word.replace('.', '_')}", saying)
    if known in saying.words.texts:
        return saying.say(known)
    return saying.say("page.approval.because", word=word.replace("_", " "))


def _stripe(action: Action) -> Iterator[tuple[str, str]]:
    """Ids and codes as Stripe gave them."""
    for name, value in (action.result | (action.error or {})).items():
        if isinstance(value, str | int) and name != "words":
            yield name, str(value)


def seal(entry: Entry, *, steps: int | None, holds: bool, saying: Saying) -> Seal:
    """`steps` is the length of the proof, None while the entry is not sealed."""
    words = saying.say("page.approval.not_sealed")
    if steps is not None:
        key = "page.approval.unchanged" if holds else "page.approval.edited"
        words = saying.say(key, steps=steps)
    return Seal(
        seq=entry.seq,
        verb=entry.verb,
        by=" ".join(filter(None, (entry.actor_kind, entry.actor_role))),
        when=saying.until(entry.at),
        state="wait" if steps is None else "ok" if holds else "bad",
        proof=words,
    )
