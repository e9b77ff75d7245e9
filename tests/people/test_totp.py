"""Codes of an app: those of RFC 6238, a little drift, each good once."""

from datetime import datetime, timedelta

import pytest

from prunella.kit.clock import from_unix
from prunella.people import totp

# RFC 6238, appendix B, for SHA-1: the last six of the eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
NOW = from_unix(1_700_000_010)
STEP = timedelta(seconds=30)


def step_of(code: str, *, after: int = 0, now: datetime = NOW) -> int | None:
    return totp.step_of(code, secret=RFC_SECRET, after=after, now=now)


@pytest.mark.parametrize(("at", "code"), RFC.items())
def test_the_codes_of_the_standard(at: int, code: str) -> None:
    assert totp.code_at(RFC_SECRET, from_unix(at)) == code
    assert step_of(code, now=from_unix(at)) == at // 30


def test_a_phone_may_be_half_a_minute_off_and_not_more() -> None:
    good = {steps: step_of(totp.code_at(RFC_SECRET, NOW + steps * STEP)) for steps in range(-3, 4)}
    assert [steps for steps, found in good.items() if found is not None] == [-1, 0, 1]


def test_a_code_is_good_once_and_so_is_every_one_before_it() -> None:
    now = totp.code_at(RFC_SECRET, NOW)
    used = step_of(now)
    assert used
    assert step_of(now, after=used) is None
    assert step_of(totp.code_at(RFC_SECRET, NOW - STEP), after=used) is None
    assert step_of(totp.code_at(RFC_SECRET, NOW + STEP), after=used) == used + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "０１２３４５"])  # noqa: RUF001 digits of other scripts
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert step_of(code) is None


def test_spaces_in_a_code_do_not_matter() -> None:
    code = totp.code_at(RFC_SECRET, NOW)
    assert step_of(f" {code[:3]} {code[3:]} ")


def test_an_app_can_read_it_or_a_person_can_type_it() -> None:
    secret = totp.new_secret()
    assert len(secret) == 32
    assert totp.spelled(secret).replace(" ", "") == secret
    drawn = totp.drawn(secret, account="ana@tai.example")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert "script" not in drawn
