"""What a good password is, and what a wrong one costs."""

import pytest
from argon2 import PasswordHasher
from tests.people.team import PASSWORD, quick_passwords

from prunella.people.passwords import Passwords, WeakPasswordError, check_strength

ANA = ("Ana Ruiz", "ana.ruiz", "Ruiz")


async def test_a_password_fits_its_own_hash_alone() -> None:
    passwords = quick_passwords()
    kept = await passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert await passwords.fits(PASSWORD, kept)
    assert not await passwords.fits(PASSWORD + " ", kept)
    assert not await passwords.fits("", kept)
    assert not await passwords.fits(PASSWORD * 20, kept)
    assert await passwords.hash(PASSWORD) != kept


async def test_where_there_is_no_password_nothing_fits_not_even_the_stand_in() -> None:
    passwords = quick_passwords()
    for word in (PASSWORD, "", "nobody has this password"):
        assert not await passwords.fits(word, None)
    assert not await passwords.fits(PASSWORD, "no hash at all")


async def test_one_password_typed_on_two_keyboards_is_one() -> None:
    passwords = quick_passwords()
    kept = await passwords.hash("un café très serré")
    assert await passwords.fits("un cafe\u0301 tre\u0300s serre\u0301", kept)


async def test_what_was_hashed_with_less_is_hashed_anew() -> None:
    kept = await quick_passwords().hash(PASSWORD)
    assert Passwords().is_old(kept)
    assert not quick_passwords().is_old(kept)
    today = PasswordHasher()
    assert (today.time_cost, today.memory_cost) >= (3, 65536)


@pytest.mark.parametrize(
    "word", [PASSWORD, "correct-horse-battery", "пароль из слов", "q8#Lm2!xZw0p"]
)
def test_a_good_password_is_long(word: str) -> None:
    check_strength(word, about=ANA)


@pytest.mark.parametrize(
    "word",
    ["", "short", "aaaaaaaaaaaa", "121212121212", "ana.ruiz Ana Ruiz", "RUIZ-ruiz-ruiz", "x" * 201],
)
def test_what_is_guessed_first_is_refused(word: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_strength(word, about=ANA)
