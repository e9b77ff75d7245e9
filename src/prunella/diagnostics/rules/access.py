"""What they may use, beside what they pay for: too little is mended, too much is for us to know."""

from __future__ import annotations

from collections.abc import Iterator

from prunella.diagnostics.facts import Facts
from prunella.diagnostics.facts_access import Access, Entitlement
from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.voice import Voice


def access_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    known = facts.entitlement
    if known is None:
        return
    finding = None
    if known.paid and known.usable and known.differs:
        too_little = known.compared == "uses_less"
        finding = (_too_little if too_little else _too_much)(
            voice, known, paid=known.paid, usable=known.usable
        )
    yield Looked(rule="access", subject=facts.customer, because=known.compared, finding=finding)


def _too_little(voice: Voice, known: Entitlement, *, paid: Access, usable: Access) -> Finding:
    """The mistake is ours. Nobody pays for it, and one click mends it where it can be mended."""
    sync = FixOffer(name="sync_entitlement", label=voice.say("fix.sync_entitlement"), main=True)
    person = FixOffer(
        name="talk_to_human", label=voice.say("fix.talk_to_human"), main=not known.writable
    )
    return Finding(
        root_cause="entitlement_missing",
        status="amber" if usable.level else "red",
        hurt="attention" if usable.level else "service_off",
        title=voice.say(f"title.entitlement_{'missing' if usable.level else 'off'}"),
        happened=_happened(voice, paid=paid, usable=usable),
        means=voice.say("meaning.entitlement_missing"),
        todo=voice.say("todo.entitlement_missing" if known.writable else "todo.entitlement_asks"),
        todo_by_person=voice.say("todo.entitlement_asks"),
        evidence=_evidence(known, paid=paid, usable=usable),
        offers=(sync, person) if known.writable else (person,),
        at=known.as_of,
        subscription=paid.subscription,
    )


def _happened(voice: Voice, *, paid: Access, usable: Access) -> str:
    plan = _plan(voice, paid)
    if not usable.level:
        return voice.say("happened.entitlement_off", plan=plan)
    if usable.level < paid.level:
        return voice.say("happened.entitlement_less", plan=plan, usable=_plan(voice, usable))
    counts = {"paid": paid.quantity or 0, "usable": usable.quantity or 0}
    return voice.say("happened.entitlement_fewer", plan=plan, **counts)


def _too_much(voice: Voice, known: Entitlement, *, paid: Access, usable: Access) -> Finding:
    """Nothing is wrong for them, so nothing alarms them; people of the company see it as well."""
    stem = "more" if paid.level else "unpaid"
    return Finding(
        root_cause="entitlement_surplus",
        status="green",
        hurt="fine",
        title=voice.say("title.entitlement_surplus"),
        happened=voice.say(f"happened.entitlement_{stem}", plan=_plan(voice, paid)),
        means=voice.say("meaning.entitlement_surplus"),
        evidence=_evidence(known, paid=paid, usable=usable),
        at=known.as_of,
        alert="entitlement_surplus",
    )


def _plan(voice: Voice, access: Access) -> str:
    return voice.say(f"page.account.{access.plan}") if access.plan else ""


def _evidence(known: Entitlement, *, paid: Access, usable: Access) -> dict[str, object]:
    return {
        "subscription": paid.subscription,
        "paid_plan": paid.plan,
        "paid_quantity": paid.quantity,
        "usable_plan": usable.plan,
        "usable_quantity": usable.quantity,
        "as_of": known.as_of,
    }
