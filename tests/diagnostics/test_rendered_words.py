"""How customers are spoken to, held against every text that can be rendered."""

import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.diagnostics import access_stories
from tests.diagnostics.stripe_json import (
    CATALOGUE,
    NOW,
    Json,
    card,
    charge,
    customer,
    diagnosed,
    failed,
    intent,
    invoice,
    paid_invoice,
    seconds,
    session,
    subscription,
    words,
)
from tests.diagnostics.test_root_causes import EVERY_FIX, ROWS

from prunella.diagnostics.declines import DECLINES
from prunella.diagnostics.facts import Source
from prunella.diagnostics.findings import Diagnosis
from prunella.diagnostics.wording import places
from prunella.kit.money import Money

SOURCE = Path(__file__).parents[2] / "src/prunella"
CONCEALED = "Your bank declined the payment. Use another payment method."
TEXTS = words().texts
# As long as values get: what they stand for must still fit into a sentence.
SAMPLES: dict[str, str | int | Money] = {
    "amount": Money(1234567, "usd"),
    "day": "Wednesday 30 September 2026",
    "by": "Wednesday 30 September, 23:59",
    "card": "the American Express card ending 4242",
    "bill": "invoice TAI-20471",
}
NEVER = re.compile(
    r"unfortunately|please|declined|stolen|fraud|(?<!nothing is )\blost\b|blacklist|pick.?up"
    r"|restricted|security|\brisk|blocked|agent|ticket|error|fail(ed|ure) code|issuer|network"
    r"|conceal|[!_]",
    re.IGNORECASE,
)


def everything_said() -> Iterator[tuple[str, str]]:
    """Each text of the catalogue that is read by people, filled in."""
    for key, text in TEXTS.items():
        if not key.startswith("format."):
            yield (
                key,
                words().say(key, **{name: SAMPLES.get(name, name) for name in places(key, text)}),
            )


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?:])\s", text) if sentence]


SAID = dict(everything_said())


@pytest.mark.parametrize("key", SAID)
def test_every_text_keeps_to_the_words_for_customers(key: str) -> None:
    said = SAID[key].replace(CONCEALED, "")
    assert not NEVER.search(said), f"{key}: {said}"
    for sentence in sentences(said):
        assert len(sentence.split()) < 20, f"{key} is long: {sentence}"


def test_only_one_text_says_declined_and_it_is_the_agreed_sentence() -> None:
    assert [key for key, text in SAID.items() if "declined" in text] == ["todo.concealed"]
    assert SAID["todo.concealed"] == CONCEALED


@pytest.mark.parametrize("key", [key for key in TEXTS if key.startswith("meter.")])
def test_a_light_is_named_with_nine_letters_at_most(key: str) -> None:
    assert len(TEXTS[key]) <= 9


def test_full_sentences_end_with_a_full_stop() -> None:
    rooms = ("asked.", "reason.", "happened.", "meaning.", "todo.", "fine.", "diagnosis.")
    assert [key for key, text in TEXTS.items() if key.startswith(rooms) and text[-1] != "."] == []


def test_the_catalogue_holds_texts_alone() -> None:
    assert len(TEXTS) == len(SAID) + sum(key.startswith("format.") for key in TEXTS)
    assert tomllib.loads(CATALOGUE.read_text()).keys() >= {"title", "todo", "fix", "meter"}


def stories() -> Iterator[Diagnosis]:
    for code in (*DECLINES, "something_new"):
        yield diagnosed(*failed(decline_code=code))
        for advice in ("do_not_try_again", "confirm_card_data", "try_again_later"):
            yield diagnosed(*failed(decline_code=code, advice_code=advice))
        yield diagnosed(*failed(decline_code=code, outcome_type="blocked"))
        yield diagnosed(*_never_again(code))
        yield diagnosed(charge(payment_intent=None, decline_code=code))
        yield diagnosed(charge(decline_code=code, created=None), invoice(), intent())
        new = customer(invoice_settings={"default_payment_method": "pm_new1"})
        yield diagnosed(*failed(decline_code=code), new, card(), card("pm_new1", last4="4242"))
        yield diagnosed(*failed(decline_code=code), card(exp_year=2031))
        for status in ("unpaid", "incomplete", "canceled", "active"):
            yield diagnosed(subscription(status), *failed(decline_code=code)[1:])
    yield from _without_a_failure()
    yield from access_stories.stories()
    for as_of in (NOW, None):
        away = Source(name="stripe", as_of=as_of, state="unreachable")
        yield diagnosed(paid_invoice(), sources=[away])
        yield diagnosed(*failed(), sources=[away])
    for row in ROWS:
        yield diagnosed(*row.given, possible=EVERY_FIX)
        yield diagnosed(*row.given)


def _never_again(code: str) -> list[Json]:
    objects = failed(decline_code=code)
    return [one | {"next_payment_attempt": None} for one in objects]


def _without_a_failure() -> Iterator[Diagnosis]:
    bills: tuple[Json, ...] = (
        {},
        {"collection_method": "send_invoice", "due_date": seconds(NOW - timedelta(40))},
    )
    for status in ("active", "past_due", "unpaid", "incomplete", "incomplete_expired", "trialing"):
        for cards in (customer(), customer(invoice_settings=None)):
            plan = subscription(status, created=seconds(NOW), trial_end=seconds(NOW + timedelta(3)))
            yield diagnosed(plan, cards, paid_invoice())
            yield diagnosed(plan, cards, session(amount_total=None))
            for bill in bills:
                yield diagnosed(plan, cards, invoice(**bill))
                yield diagnosed(plan, cards, invoice(number=None, attempted=False, **bill))


def test_no_story_breaks_the_rules() -> None:
    """Sentences are longest when put together, so they are measured there too."""
    for diagnosis in stories():
        shown = [diagnosis.explanation, *(check.word for check in diagnosis.meter)]
        shown += [offer.label for offer in diagnosis.offers]
        shown += [finding.title for finding in diagnosis.findings]
        shown += [finding.explanation for finding in diagnosis.findings]
        for text in shown:
            plain = text.replace(CONCEALED, "")
            assert not NEVER.search(plain), text
            assert all(len(sentence.split()) < 20 for sentence in sentences(plain)), text
            assert not any(code in plain for code in DECLINES if "_" in code), text
            assert "  " not in text
            assert text == text.strip() != ""


def test_every_text_is_used() -> None:
    """A text that nothing says is a text that somebody rewords in vain."""
    said = "".join(
        path.read_text() for path in SOURCE.rglob("*") if path.suffix in {".py", ".html"}
    )
    built = ("brand.", "reason.", "todo.", "title.", "happened.", "meaning.", "meter.", "fine.")
    asked = [key for key in TEXTS if not key.startswith(built)]
    assert [key for key in asked if not _is_said(key, said)] == []


def _is_said(key: str, said: str) -> bool:
    """Pages put the last parts of a key together; its section has to be named somewhere."""
    parts = key.split(".")
    named = any(".".join(parts[:n]) in said for n in range(len(parts), 1, -1))
    return named or any(f"{parts[0]}.{joint}" in said for joint in ("{", "%s"))
