"""What proves that too much was billed, for who decides about it: to be checked by hand."""

from collections.abc import Iterator

from prunella.actions import Action
from prunella.diagnostics import Facts
from prunella.diagnostics.miscounted import WrongLine
from prunella.diagnostics.overcharges import Overcharge, overcharge_of
from prunella.diagnostics.rules.overcharges import formula_of
from prunella.web.views.saying import Saying


def proof_of(action: Action, facts: Facts, saying: Saying) -> list[tuple[str, str]]:
    """The bill, each line that is wrong with its arithmetic, and the bill that it is held against.

    Empty where nothing of what the action is about is proven.
    """
    found = overcharge_of(facts, charge=action.target, invoice=action.target)
    return list(_rows(found, saying)) if found else []


def overcharge_on(facts: Facts) -> Overcharge | None:
    """The newest bill that is proven too high, and is not given back."""
    bills = (overcharge_of(facts, invoice=one.id) for one in reversed(facts.invoices))
    return next((one for one in bills if one and one.left), None)


def _rows(found: Overcharge, saying: Saying) -> Iterator[tuple[str, str]]:
    yield saying.say("page.approval.proof_invoice"), found.invoice.number or found.invoice.id
    for wrong in found.lines:
        yield from _line(wrong, saying)
    for other in found.others:
        yield saying.say("page.approval.proof_beside"), other.number or other.id


def _line(wrong: WrongLine, saying: Saying) -> Iterator[tuple[str, str]]:
    line = wrong.line
    yield saying.say("page.approval.proof_line"), line.description or line.id or ""
    yield saying.say("page.approval.proof_why"), saying.say(f"why.billed_{wrong.why}")
    yield saying.say("page.approval.proof_sum"), formula_of(wrong)
    if line.starts_at and line.ends_at:
        start, end = saying.day(line.starts_at), saying.day(line.ends_at)
        yield saying.say("page.approval.proof_time"), f"{start} – {end}"  # noqa: RUF001 as a span is written
