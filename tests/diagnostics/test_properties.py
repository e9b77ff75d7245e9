"""Whatever is known or missing, a diagnosis stands and keeps its order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diagnostics.stripe_json import CUSTOMER, NOW, diagnosed, failed, words

from prunella.diagnostics.declines import DECLINES
from prunella.diagnostics.diagnose import diagnose, offers
from prunella.diagnostics.explain import explain
from prunella.diagnostics.facts import (
    Attempt,
    ChargedBy,
    CheckoutSession,
    Dispute,
    Facts,
    Invoice,
    Line,
    PaymentMethod,
    Refund,
    Sold,
    Source,
    Subscription,
)
from prunella.diagnostics.findings import HURTS, FixName
from prunella.diagnostics.parse import facts_from
from prunella.kit.money import Money

WORDS = words()
WORST = ("green", "amber", "red")
WITHIN = timedelta(days=150)

times = st.none() | st.datetimes(
    (NOW - WITHIN).replace(tzinfo=None),
    (NOW + WITHIN).replace(tzinfo=None),
    timezones=st.just(UTC),
)
money = st.none() | st.builds(
    Money,
    st.integers(-(2**40), 2**40),
    st.sampled_from(["usd", "eur", "jpy", "kwd", "ugx"]),
)
ids = st.none() | st.sampled_from(["a", "b", "c"])
some_id = st.sampled_from(["a", "b", "c"])
fields = st.none() | st.builds(
    ChargedBy,
    field=st.sampled_from(["subscription.default_payment_method", "customer.default_source"]),
    id=some_id,
)
methods = st.builds(
    PaymentMethod,
    id=ids,
    kind=st.sampled_from(["card", "us_bank_account", "sepa_debit", "link"]),
    brand=st.none() | st.sampled_from(["visa", "Visa", "American Express", "unknown", ""]),
    last4=st.none() | st.just("0341"),
    exp_month=st.none() | st.integers(1, 12),
    exp_year=st.none() | st.integers(2024, 2030),
)
statuses = st.none() | st.sampled_from(
    [
        "active",
        "trialing",
        "past_due",
        "unpaid",
        "incomplete",
        "incomplete_expired",
        "canceled",
        "paused",
        "something_new",
    ]
)
collection = st.none() | st.sampled_from(["charge_automatically", "send_invoice"])
amounts = st.none() | st.sampled_from([Money(n, "usd") for n in (-900, 0, 900, 1800)])
units = st.none() | st.sampled_from([Decimal(900), Decimal("0.5"), Decimal("9" * 19)])
days = st.none() | st.sampled_from([NOW - timedelta(days=n) for n in (60, 30)])
sold = st.builds(
    Sold,
    item=some_id,
    price=ids,
    licensed=st.booleans(),
    flat=st.booleans(),
    unit_amount=units,
    interval=st.sampled_from(["month", "decade"]),
)
lines = st.builds(
    Line,
    price=ids,
    item=ids,
    quantity=st.none() | st.sampled_from([1, 2, 2**62]),
    starts_at=days,
    ends_at=days,
    id=ids,
    amount=amounts,
    comes_to=amounts,
    unit_amount=units,
    plain=st.booleans(),
    part=st.booleans(),
)
subscriptions = st.builds(
    Subscription,
    id=some_id,
    status=statuses,
    created=times,
    collection_method=collection,
    charged_by=fields,
    latest_invoice=ids,
    amount=money,
    current_period_end=times,
    trial_end=times,
    trial_without_card=st.none() | st.sampled_from(["pause", "cancel", "create_invoice", "new"]),
    ended_at=times,
    canceled_at=times,
    cancel_at=times,
    cancel_at_period_end=st.booleans(),
    cancel_reason=st.none() | st.sampled_from(["payment_failed", "cancellation_requested", "new"]),
    status_before=statuses,
    collection_paused=st.booleans(),
    collection_resumes_at=times,
    schedule=ids,
    update_pending=st.booleans(),
    sold=st.lists(sold, max_size=2).map(tuple),
)
invoices = st.builds(
    Invoice,
    id=some_id,
    number=st.none() | st.just("TAI-1"),
    status=st.none() | st.sampled_from(["draft", "open", "paid", "void"]),
    remaining=money,
    total=money,
    collection_method=collection,
    subscription=ids,
    charged_by=fields,
    attempted=st.booleans(),
    created=times,
    finalized_at=times,
    due_at=times,
    paid_at=times,
    next_payment_attempt_at=times,
    link_renewed_at=times,
    lines=st.lists(lines, max_size=2).map(tuple),
    reason=st.none() | st.sampled_from(["subscription_cycle", "manual"]),
    credited=st.sampled_from([0, 0, 900]),
)
codes = st.none() | st.sampled_from([*DECLINES, "card_declined", "something_new"])
attempts = st.builds(
    Attempt,
    outcome=st.sampled_from(["succeeded", "failed", "processing", "requires_action"]),
    at=times,
    amount=money,
    charge=ids,
    payment_intent=ids,
    invoice=ids,
    method=st.none() | methods,
    code=codes,
    decline_code=codes,
    advice_code=st.none() | st.sampled_from(["do_not_try_again", "try_again_later", "new"]),
    outcome_type=st.none() | st.sampled_from(["issuer_declined", "blocked", "invalid"]),
    payment_intent_status=st.none() | st.sampled_from(["requires_action", "canceled"]),
    description=ids,
    metadata=st.just(()) | st.just((("seat", "2"),)),
    captured=st.booleans(),
    refunded=money,
    disputed=st.booleans(),
)
refunds = st.builds(
    Refund,
    id=some_id,
    status=st.none()
    | st.sampled_from(["pending", "succeeded", "failed", "canceled", "requires_action", "new"]),
    amount=money,
    charge=ids,
    payment_intent=ids,
    at=times,
    failure_reason=st.none() | st.just("lost_or_stolen_card"),
)
disputes = st.builds(
    Dispute,
    id=some_id,
    status=st.none() | st.sampled_from(["needs_response", "warning_under_review", "won", "new"]),
    amount=money,
    charge=ids,
    payment_intent=ids,
    at=times,
    reason=st.none() | st.just("fraudulent"),
    evidence_due_at=times,
)
fixes = st.frozensets(st.sampled_from(get_args(FixName)))
sessions = st.builds(
    CheckoutSession,
    id=some_id,
    status=st.none() | st.sampled_from(["open", "expired", "complete"]),
    mode=st.none() | st.sampled_from(["payment", "subscription", "setup"]),
    payment_status=st.none() | st.sampled_from(["paid", "unpaid"]),
    amount=money,
    created=times,
    expires_at=times,
    recovered_from=ids,
)


def several(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(kind, max_size=4).map(tuple)


facts = st.builds(
    Facts,
    customer=st.just(CUSTOMER),
    now=st.just(NOW),
    time_zone=st.sampled_from(["UTC", "America/Chicago", "Pacific/Kiritimati"]),
    as_of=times,
    deleted=st.just(value=False),
    sources=several(st.builds(Source, name=st.just("stripe"), as_of=times)),
    charged_by=fields,
    methods=several(methods),
    subscriptions=several(subscriptions),
    invoices=several(invoices),
    attempts=several(attempts),
    checkout_sessions=several(sessions),
    refunds=several(refunds),
    disputes=several(disputes),
)


@settings(max_examples=200, deadline=None)
@given(facts)
def test_any_facts_give_an_answer_that_holds_together(known: Facts) -> None:
    diagnosis = diagnose(known, WORDS)
    statuses = [WORST.index(finding.status) for finding in diagnosis.findings]
    assert WORST.index(diagnosis.status) == max(statuses)
    assert statuses == sorted(statuses, reverse=True)
    hurts = [HURTS.index(finding.hurt) for finding in diagnosis.findings]
    assert hurts == sorted(hurts)
    assert diagnosis.root_cause == diagnosis.findings[0].root_cause
    assert (diagnosis.root_cause == "healthy") == (diagnosis.status == "green")
    assert diagnosis.explanation.strip()
    assert [check.check for check in diagnosis.meter] == [
        "payment",
        "card",
        "plan",
        "usage",
        "access",
    ]


@settings(max_examples=200, deadline=None)
@given(facts)
def test_there_is_always_a_person_and_at_most_one_main_button(known: Facts) -> None:
    diagnosis = diagnose(known, WORDS)
    offered = offers(diagnosis)
    assert offered[-1].name == "talk_to_human"
    main = [offer.name for offer in offered if offer.main]
    recommended = diagnosis.recommended_action
    assert main == ([recommended] if recommended else [])
    assert len({(offer.name, offer.target) for offer in offered}) == len(offered)


@settings(max_examples=200, deadline=None)
@given(facts, fixes)
def test_nothing_is_offered_that_leads_nowhere(
    known: Facts,
    possible: frozenset[FixName],
) -> None:
    diagnosis = diagnose(known, WORDS, possible)
    assert {offer.name for offer in diagnosis.offers} <= {*possible, "talk_to_human"}
    for finding in diagnosis.findings:
        assert {offer.name for offer in finding.offers} <= {*possible, "talk_to_human"}
        assert sum(offer.main for offer in finding.offers) <= 1
    assert [offer.name for offer in diagnosis.offers][-1] == "talk_to_human"
    assert sum(offer.main for offer in diagnosis.offers) <= 1


@settings(max_examples=200, deadline=None)
@given(facts, fixes)
def test_the_explanation_is_the_diagnosis_with_its_reasons(
    known: Facts,
    possible: frozenset[FixName],
) -> None:
    explained = explain(known, WORDS, possible)
    assert explained.diagnosis == diagnose(known, WORDS, possible)
    fired = [verdict.finding for verdict in explained.verdicts if verdict.fired]
    told = [one for one in explained.diagnosis.findings if one.title != "Everything is in order"]
    assert sorted(map(str, fired)) == sorted(map(str, told))
    assert all(verdict.why and verdict.question for verdict in explained.verdicts)
    assert explained.to_json()["customer"] == CUSTOMER


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
KINDS = (
    "customer",
    "payment_method",
    "subscription",
    "invoice",
    "invoice_payment",
    "payment_intent",
    "charge",
    "checkout.session",
    "refund",
    "dispute",
    "setup_intent",
)
# fmt: off
NAMES = [
    "object", "status", "currency", "amount", "amount_remaining", "amount_total", "total",
    "created", "due_date", "customer", "payment", "payment_intent", "charge", "invoice",
    "subscription", "items", "data", "price", "unit_amount", "quantity", "parent",
    "subscription_details", "outcome", "reason", "type", "failure_code", "last_payment_error",
    "default_payment_method", "default_source", "invoice_settings", "sources", "card", "last4",
    "exp_year", "exp_month", "brand", "payment_method", "payment_method_details",
    "status_transitions", "paid_at", "finalized_at", "expires_at", "mode", "collection_method",
    "trial_end", "ended_at", "cancel_at", "cancellation_details", "pause_collection", "schedule",
    "pending_update", "lines", "pricing", "price_details", "period", "metadata", "description",
    "amount_refunded", "captured", "disputed", "evidence_details", "due_by",
]
# fmt: on
STATES = [
    *("a", "b", "usd", "open", "failed", "expired", "active", "unpaid"),
    *("trialing", "paused", "canceled", "succeeded", "pending", "needs_response"),
]
objects = st.fixed_dictionaries(
    {"id": st.sampled_from([CUSTOMER, "a", "b"])},
    optional=dict.fromkeys(
        NAMES,
        json | st.sampled_from(STATES) | st.integers(0, 2**31),
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(KINDS), st.lists(objects, max_size=3)))
def test_no_json_makes_it_stumble(raw: dict[str, list[dict[str, Any]]]) -> None:
    known = facts_from(raw, customer=CUSTOMER, now=NOW, as_of=datetime(2026, 3, 3, tzinfo=UTC))
    assert diagnose(known, WORDS).to_json()["customer"] == CUSTOMER


hidden = [code for code, decline in DECLINES.items() if decline.concealed]


@settings(max_examples=50, deadline=None)
@given(
    one=st.sampled_from(hidden),
    other=st.sampled_from(hidden),
    advice=st.none() | st.sampled_from(["do_not_try_again", "confirm_card_data"]),
    hours=st.integers(1, 600),
)
def test_concealed_reasons_cannot_be_told_apart(
    one: str,
    other: str,
    advice: str | None,
    hours: int,
) -> None:
    at = NOW - timedelta(hours=hours)
    first = diagnosed(*failed(decline_code=one, advice_code=advice, at=at))
    second = diagnosed(*failed(decline_code=other, advice_code=None, at=at))
    assert first.to_json() == second.to_json()
    assert first.meter == second.meter
    assert first.offers == second.offers
