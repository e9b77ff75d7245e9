"""A paid bill that asks too much, told with the arithmetic that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from prunella.diagnostics.facts import Facts, Sold
from prunella.diagnostics.findings import Finding, FixOffer
from prunella.diagnostics.looked import Looked
from prunella.diagnostics.miscounted import WrongLine
from prunella.diagnostics.overcharges import Overcharge, billed
from prunella.diagnostics.rules.failure import seen
from prunella.diagnostics.voice import Voice, join
from prunella.kit.money import decimals_of

MOST_LINES_TOLD = 3


def overcharge_findings(facts: Facts, voice: Voice) -> Iterator[Looked]:
    for one in billed(facts):
        found = one.overcharge if one.overcharge and one.overcharge.left else None
        yield Looked(
            rule="billed_too_much",
            subject=one.invoice.id,
            because=one.because,
            finding=_finding(facts, voice, found) if found else None,
        )


def _finding(facts: Facts, voice: Voice, found: Overcharge) -> Finding:
    return Finding(
        root_cause="invoice_miscalculated",
        status="red",
        hurt="money_back",
        title=voice.say("title.invoice_miscalculated"),
        happened=_happened(facts, voice, found),
        means=voice.say("meaning.invoice_miscalculated", amount=found.left),
        todo=voice.say(f"todo.invoice_miscalculated{'' if _bills_on(facts) else '_back'}"),
        todo_by_person=voice.say("todo.invoice_miscalculated_by_person"),
        evidence=_evidence(facts, found),
        offers=tuple(_offers(facts, voice, found)),
        amount=found.left,
        at=found.payment.at,
    )


def _bills_on(facts: Facts) -> bool:
    """Whether a next invoice is to come, which a credit could come off."""
    return any(one.running for one in facts.subscriptions)


def _offers(facts: Facts, voice: Voice, found: Overcharge) -> Iterator[FixOffer]:
    """Money back or credit, whichever they like: the second stands beside the first."""
    left, charge = found.left, found.charge
    back = voice.say("fix.refund_overcharge", amount=left)
    yield FixOffer(name="refund_overcharge", label=back, main=True, charge=charge, amount=left)
    if _bills_on(facts):
        credit = voice.say("fix.credit_overcharge", amount=left)
        yield FixOffer(name="credit_overcharge", label=credit, charge=charge, amount=left)
    person = voice.say("fix.talk_to_human")
    yield FixOffer(name="talk_to_human", label=person, charge=charge, amount=left)


def _happened(facts: Facts, voice: Voice, found: Overcharge) -> str:
    bill, paid = voice.bill(found.invoice), voice.amount(found.payment.amount)
    at = found.payment.at or facts.now
    first = voice.say("happened.invoice_miscalculated", day=voice.day(at), amount=paid, bill=bill)
    told = (_wrong(facts, voice, one) for one in found.lines[:MOST_LINES_TOLD])
    return join(first, *dict.fromkeys(told))


def _wrong(facts: Facts, voice: Voice, wrong: WrongLine) -> str:
    line = wrong.line
    if wrong.why == "wrong_sum":
        return voice.say(
            "happened.billed_wrong_sum",
            quantity=line.quantity or 0,
            price=_price(line.unit_amount, wrong.right.currency),
            right=wrong.right,
            amount=wrong.billed,
        )
    start, end = (voice.day(at) if at else "" for at in (line.starts_at, line.ends_at))
    if wrong.why == "again":
        return voice.say(
            "happened.billed_again", start=start, end=end, bill=voice.bill(wrong.beside[0])
        )
    plan = next((one for one in facts.subscriptions if _is_of(line.item, one.sold)), None)
    ended = voice.day(plan.ended_at) if plan and plan.ended_at else ""
    return voice.say("happened.billed_after_end", day=ended, start=start, end=end)


def _is_of(item: str | None, sold: tuple[Sold, ...]) -> bool:
    return item in {one.item for one in sold}


def formula_of(wrong: WrongLine) -> str:
    """The arithmetic, so that a person can check it: `3 × 10.00 = 30.00; 40.00 - 30.00 = 10.00`."""  # noqa: RUF002 the sign on every invoice
    billed, right, over = (str(one.major) for one in (wrong.billed, wrong.right, wrong.over))
    if wrong.why != "wrong_sum" or wrong.line.unit_amount is None:
        return f"{billed} - {right} = {over}"
    price = _price(wrong.line.unit_amount, wrong.right.currency)
    return f"{wrong.line.quantity} × {price} = {right}; {billed} - {right} = {over}"  # noqa: RUF001 the sign on every invoice


def _price(unit_amount: Decimal | None, currency: str) -> str:
    """A price may be finer than any coin: all of its digits are shown, and two at least."""
    major = (unit_amount or Decimal(0)).scaleb(-decimals_of(currency)).normalize()
    fine = -int(major.as_tuple().exponent)
    return f"{major:.{max(fine, decimals_of(currency))}f}"


def _evidence(facts: Facts, found: Overcharge) -> dict[str, object]:
    wrong = found.lines[0]
    method = seen(facts, found.payment.method)
    beside = found.others[0] if found.others else None
    return {
        "charge": found.charge,
        "invoice": found.invoice.id,
        "invoice_number": found.invoice.number,
        "why": wrong.why,
        "formula": "; ".join(formula_of(one) for one in found.lines),
        "lines": ", ".join(one.line.id or "" for one in found.lines),
        "period_starts_at": wrong.line.starts_at,
        "period_ends_at": wrong.line.ends_at,
        "other_invoice": beside.id if beside else None,
        "other_invoice_number": beside.number if beside else None,
        "paid": found.payment.amount.amount if found.payment.amount else None,
        "billed": found.invoice.total.amount if found.invoice.total else None,
        "over": found.over.amount,
        "given_back": found.back.amount,
        "amount": found.left.amount,
        "currency": found.left.currency,
        "at": found.payment.at,
        "card_brand": method.brand if method else None,
        "card_last4": method.last4 if method else None,
    }
