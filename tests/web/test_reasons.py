"""Why something was not done is read in one's own language, and kept as it was decided."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.actions.test_gather import ours
from tests.diagnostics.stripe_json import NOW, card, customer, paid_invoice, subscription, taken
from tests.web.browsing import form_of, send, signed_in, text_of
from tests.web.company import ADMIN, Company
from tests.web.test_languages import CONTENT, ENGLISH, GERMAN

from prunella.actions import Policy, settle
from prunella.actions.policy import ERROR
from prunella.diagnostics import Words
from prunella.web.views.reasons import decision_told, error_told, reason_told

POLICY = Policy.read(CONTENT)
DUPLICATE = "/billing/fixes/refund_duplicate"
KEPT = "That is more than may be given back without a person."


@pytest.fixture
async def german(web: Company) -> httpx.AsyncClient:
    """Somebody who reads German, and paid $400.00 twice within a minute."""
    paid = [
        taken(name, amount=40_000, amount_captured=40_000, at=NOW - timedelta(days=9, minutes=ago))
        for name, ago in (("ch_one", 0), ("ch_two", -1))
    ]
    reader = customer(preferred_locales=["de"])
    await web.knows(reader, card(), subscription(), paid_invoice(), *paid)
    return await signed_in(web, "cus_northbeck")


async def test_what_waits_for_a_person_is_told_in_german(german: httpx.AsyncClient) -> None:
    await send(german, form_of(await german.get("/billing"), DUPLICATE))
    words = text_of(await german.get("/billing/actions"))
    assert "Geld zurück" in words
    assert "Ein Mensch sieht es sich an und sagt Ihnen, was daraus wird." in words
    assert "person" not in words


async def test_a_no_is_told_in_german_and_staff_read_what_was_kept(
    web: Company, german: httpx.AsyncClient
) -> None:
    body = {
        "kind": "refund",
        "customer": "cus_northbeck",
        "target": "ch_one",
        "reason": "All of it",
    }
    more = {"amount": 90_000, "currency": "usd"}
    async with web.api(web.token("cus_northbeck")) as own:
        asked = await own.post("/v1/actions", json=body | more, headers={"idempotency-key": "one"})
    decided = asked.json()["decision"]
    assert decided["verdict"] == "deny"
    assert decided["rules"][0] == "refund.not_over"
    assert decided["explanation"] == "Das ist mehr, als von dieser Zahlung übrig ist."
    assert decided["explanation"] in text_of(await german.get("/billing/actions"))
    async with web.api() as staff:
        kept = (await staff.get(f"/v1/actions/{asked.json()['id']}")).json()["decision"]
    assert kept["explanation"] == "That is more than what is left of this payment."
    assert kept["rules"] == decided["rules"]


async def test_a_program_of_theirs_reads_the_diagnosis_in_their_language_and_staff_in_english(
    web: Company, german: httpx.AsyncClient
) -> None:
    assert german.cookies
    told = []
    for token in (web.token("cus_northbeck"), ADMIN):
        async with web.api(token) as api:
            found = (await api.get("/v1/customers/cus_northbeck/diagnosis")).json()
            fixes = (await api.get("/v1/customers/cus_northbeck/fixes")).json()["fixes"]
        assert found["root_cause"] == "duplicate_charge"
        told.append((found["explanation"], fixes[0]["label"]))
    (in_german, button), (in_english, _) = told
    assert "zweimal für dasselbe abgebucht" in in_german
    assert button == "400,00\xa0$ zurückverlangen"
    assert "twice for the same thing" in in_english


def decided(verdict: str, *rules: str, state: str = "awaiting_approval", **more: Any) -> Any:
    decision = {"verdict": verdict, "rules": list(rules), "explanation": KEPT}
    return ours(state=state, decision=decision, **more)


@pytest.mark.parametrize("rule", ["ours.gone", "ours.untranslated"])
def test_what_is_not_translated_is_told_as_it_was_kept(rule: str) -> None:
    assert decision_told(decided("deny", rule), POLICY, GERMAN) == KEPT


def test_what_could_not_be_judged_has_words_in_every_language() -> None:
    unclear = decided("deny", ERROR, state="denied")
    assert "A person looks at it." in reason_told(unclear, POLICY, ENGLISH)
    assert "Ein Mensch sieht es sich an." in reason_told(unclear, POLICY, GERMAN)


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["en", "de"])
def test_what_was_allowed_and_stopped_is_not_told_that_it_can_be_done(words: Words) -> None:
    assert reason_told(decided("allow", "refund.cap"), POLICY, words) == ""


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["en", "de"])
def test_who_was_refused_is_not_told_that_a_person_will_decide(words: Words) -> None:
    refused = decided("needs_approval", "refund.cap", state="denied")
    assert reason_told(refused, POLICY, words) == ""


@pytest.mark.parametrize("kind", [*settle.TOLD, "something_new"])
def test_what_went_wrong_is_told_as_it_was_kept_or_in_german(kind: str) -> None:
    error = {"class": kind, "words": settle.TOLD.get(kind, settle.OTHERWISE)}
    failed = decided("allow", state="failed", error=error)
    assert error_told(failed, ENGLISH) == error["words"]
    assert error_told(failed, GERMAN) not in {"", error["words"]}
    assert error_told(replace(failed, state="unknown"), GERMAN) == ""


def test_what_is_kept_in_english_is_what_english_readers_are_told() -> None:
    kept = POLICY.rulebook.chapters["refund"].allowed.explanation
    assert decision_told(decided("allow"), POLICY, ENGLISH) == kept
