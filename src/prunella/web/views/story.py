"""The stem: what happened with a bill, where we are, what comes next."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import Attempt, Invoice
from prunella.web.views.coming import payments_to_come
from prunella.web.views.saying import Saying

PAST_SHOWN = 8
FINE_SHOWN = 4

Shape = Literal["", "now", "next", "warn", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One leaf of the stem; `shape` empty means done."""

    at: datetime
    when: str
    title: str
    text: str = ""
    shape: Shape = ""


@dataclass(frozen=True, slots=True)
class Wrote:
    """A mail of ours, and until when its button works."""

    at: datetime
    until: datetime | None = None


def story(
    facts: Facts,
    invoice: Invoice | None,
    wrote: Sequence[Wrote],
    saying: Saying,
    *,
    fine: bool,
    planned: Sequence[Step] = (),
) -> list[Step]:
    """Tell the story of the bill in question; without one, what went well of late.

    `planned` is what its recovery plan did and will do.
    """
    if invoice is None:
        past = [step for one in facts.invoices for step in _paid(one, saying)]
        shown = FINE_SHOWN
    else:
        past = [*what_happened(facts, invoice, wrote, saying), *planned]
        shown = PAST_SHOWN
    done = sorted((step for step in past if step.at <= facts.now), key=_at)[-shown:]
    ahead = list(_ahead(invoice, saying) if invoice else _next_payment(facts, saying))
    ahead += [step for step in planned if step.at > facts.now]
    here = _here(facts, saying, owed=bool(invoice and invoice.owed), fine=fine)
    return [*done, here, *_once(sorted(ahead, key=_at))]


def what_happened(
    facts: Facts, invoice: Invoice, wrote: Sequence[Wrote], saying: Saying
) -> list[Step]:
    """What became of a bill so far: sent, tried, written about, paid."""
    past = [*_sent(invoice, facts, saying), *_attempts(facts, invoice, saying)]
    past += [_wrote(mail, saying) for mail in wrote] + list(_paid(invoice, saying))
    return sorted(past, key=_at)


def _sent(invoice: Invoice, facts: Facts, saying: Saying) -> Iterator[Step]:
    at = invoice.finalized_at or invoice.created
    if at is None:
        return
    number = invoice.number or ""
    title = "page.story.sent" if number else "page.story.sent_plain"
    to = {"to": facts.email, "time": saying.time(at)} if facts.email else None
    text = saying.say("page.story.sent_to", **to) if to else ""
    yield _step(at, saying, title=saying.say(title, invoice=number), text=text)


def _attempts(facts: Facts, invoice: Invoice, saying: Saying) -> Iterator[Step]:
    for attempt in facts.attempts_for(invoice):
        known = _OUTCOMES.get(attempt.outcome)
        if known and attempt.at:
            word, shape = known
            title, text = saying.say(f"page.story.{word}"), _with(attempt, saying, word)
            yield _step(attempt.at, saying, title=title, text=text, shape=shape)


_OUTCOMES: dict[str, tuple[str, Shape]] = {
    "failed": ("said_no", "bad"),
    "requires_action": ("wants_confirmation", "warn"),
    "processing": ("processing", "next"),
}


def _with(attempt: Attempt, saying: Saying, word: str) -> str:
    time = saying.time(attempt.at) if attempt.at else ""
    last4 = attempt.method.last4 if attempt.method else None
    if word == "said_no" and last4:
        return saying.say("page.story.said_no_to", last4=last4, time=time)
    return saying.say(f"page.story.{word}_text", time=time)


def _wrote(mail: Wrote, saying: Saying) -> Step:
    until = saying.day(mail.until) if mail.until else ""
    text = saying.say("page.story.wrote_until", day=until) if until else ""
    return _step(mail.at, saying, title=saying.say("page.story.wrote"), text=text)


def _paid(invoice: Invoice, saying: Saying) -> Iterator[Step]:
    number, total = invoice.number, invoice.total
    if invoice.paid_at is None or invoice.status != "paid" or total is None or not total:
        return
    title = saying.say("page.story.paid", invoice=number or saying.say("phrase.an_invoice"))
    text = saying.say("page.story.paid_amount", amount=total)
    yield _step(invoice.paid_at, saying, title=title, text=text)


def _here(facts: Facts, saying: Saying, *, owed: bool, fine: bool) -> Step:
    word = "nothing_waits" if fine else "here"
    text = saying.say("page.story.here_text") if owed and not fine else ""
    return Step(
        at=facts.now,
        when=saying.say("page.story.today", day=saying.day_of_month(facts.now)),
        title=saying.say(f"page.story.{word}"),
        text=text,
        shape="now",
    )


def _ahead(invoice: Invoice, saying: Saying) -> Iterator[Step]:
    again, due = invoice.next_payment_attempt_at, invoice.due_at
    if invoice.owed and again and again > saying.now:
        word = "try_again" if invoice.attempted else "collect"
        text = saying.say(f"page.story.{word}_text", time=saying.time(again))
        yield _step(again, saying, title=saying.say(f"page.story.{word}"), text=text, shape="next")
    if invoice.owed and due and due > saying.now:
        yield _step(due, saying, title=saying.say("page.story.due"), shape="next")


def _next_payment(facts: Facts, saying: Saying) -> Iterator[Step]:
    for at, plan, how in payments_to_come(facts):
        text = saying.say(f"page.story.{how}", amount=plan.amount or "")
        yield _step(
            at, saying, title=saying.say("page.story.next_payment"), text=text, shape="next"
        )


def _step(at: datetime, saying: Saying, *, title: str, text: str = "", shape: Shape = "") -> Step:
    return Step(at=at, when=saying.short_day(at), title=title, text=text, shape=shape)


def _once(steps: Iterable[Step]) -> list[Step]:
    """A try that both Stripe and the plan speak of is one try."""
    return list({(step.when, step.title): step for step in steps}.values())


def _at(step: Step) -> datetime:
    return step.at


def latest(invoices: Iterable[Invoice], invoice_id: str | None) -> Invoice | None:
    return next((one for one in invoices if one.id == invoice_id), None)
