"""Which errors say that nothing happened, and which do not."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import stripe

from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.writes import Later, Refused, Unsure, Writes, problem_of_write


def said(cls: type[Any], status: int, **error: Any) -> stripe.StripeError:
    needed = {stripe.InvalidRequestError: ("", None), stripe.CardError: ("", None, None)}
    made: stripe.StripeError = cls(
        *needed.get(cls, ()), http_status=status, json_body={"error": error}
    )
    made.code = error.get("code")
    return made


@pytest.mark.parametrize(
    ("error", "answered"),
    [
        (said(stripe.APIError, 500), True),
        (said(stripe.APIError, 503), True),
        (said(stripe.APIError, 409, code="idempotency_key_in_use"), False),
        (said(stripe.IdempotencyError, 409, code="idempotency_key_in_use"), False),
        (said(stripe.IdempotencyError, 400), False),
        (said(stripe.InvalidRequestError, 409, code="lock_timeout"), False),
        (said(stripe.APIError, 200), False),
    ],
)
def test_what_may_have_happened(error: stripe.StripeError, *, answered: bool) -> None:
    problem = problem_of_write(error)
    assert isinstance(problem, Unsure)
    assert problem.answered == answered


@pytest.mark.parametrize(
    "error",
    [
        said(stripe.RateLimitError, 429, code="rate_limit"),
        said(stripe.InvalidRequestError, 400, code="lock_timeout"),
    ],
)
def test_what_certainly_waits(error: stripe.StripeError) -> None:
    assert isinstance(problem_of_write(error), Later)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (said(stripe.CardError, 402, code="card_declined", decline_code="lost_card"), "declined"),
        (said(stripe.CardError, 402, code="expired_card"), "declined"),
        (said(stripe.CardError, 402, code="authentication_required"), "needs_customer"),
        (
            said(
                stripe.CardError, 402, code="card_declined", decline_code="authentication_required"
            ),
            "needs_customer",
        ),
        (
            said(stripe.InvalidRequestError, 400, code="invoice_payment_intent_requires_action"),
            "needs_customer",
        ),
        (said(stripe.InvalidRequestError, 400, code="parameter_unknown"), "refused"),
        (said(stripe.InvalidRequestError, 404, code="resource_missing"), "refused"),
        (said(stripe.AuthenticationError, 401), "key_refused"),
        (said(stripe.PermissionError, 403), "key_refused"),
    ],
)
def test_what_is_certainly_a_no(error: stripe.StripeError, kind: str) -> None:
    problem = problem_of_write(error)
    assert isinstance(problem, Refused)
    assert problem.kind == kind


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (httpx.ConnectError(""), Later),
        (httpx.ConnectTimeout(""), Later),
        (httpx.PoolTimeout(""), Later),
        (httpx.ReadTimeout(""), Unsure),
        (httpx.WriteError(""), Unsure),
        (httpx.RemoteProtocolError(""), Unsure),
        (None, Unsure),
    ],
)
def test_a_connection_that_fails_after_sending_says_nothing(
    cause: Exception | None, expected: type[Exception]
) -> None:
    error = stripe.APIConnectionError("")  # type: ignore[no-untyped-call]
    error.__cause__ = cause
    assert isinstance(problem_of_write(error), expected)


def test_a_no_carries_what_the_bank_said() -> None:
    body = {
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "advice_code": "try_again_later",
        "payment_intent": {"id": "pi_1", "latest_charge": "ch_1"},
    }
    problem = problem_of_write(said(stripe.CardError, 402, **body))
    assert isinstance(problem, Refused)
    assert problem.code == "card_declined"
    assert problem.facts == {
        "decline_code": "insufficient_funds",
        "advice_code": "try_again_later",
        "charge": "ch_1",
        "payment_intent": "pi_1",
    }


@pytest.fixture
def silence() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


async def pay(url: str) -> None:
    client = build_client("sk_test_x", api_base=url, max_network_retries=2)
    try:
        await Writes(client, timeout_s=0.2).retry_payment(
            invoice="in_1", payment_method=None, off_session=True, key="act_1"
        )
    finally:
        await close_client(client)


async def test_silence_is_no_answer(silence: str) -> None:
    with pytest.raises(Unsure, match="time_out"):
        await pay(silence)


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(Later):
        await pay(f"http://127.0.0.1:{port}")
