"""Coming in with password and code: once each, slowly for who guesses, and telling nobody more."""

import asyncio

import pytest
from tests.people.team import HERE, PASSWORD, Joined, joined, quick_passwords

from prunella import audit
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House
from prunella.people import own, recovery, sessions, staff, totp
from prunella.people.entrance import Entrance, HalfGoneError, WrongSignInError, sweep
from prunella.people.passwords import Passwords
from prunella.people.sessions import Where
from prunella.people.throttle import TooManyTriesError
from prunella.people.totp import WrongCodeError


@pytest.fixture
def door(house: House) -> Entrance:
    return Entrance(house, quick_passwords())


async def half_of(door: Entrance, ana: Joined, where: Where = HERE) -> str:
    return await door.password(email=ana.member.email, password=ana.password, where=where)


async def refusals(house: House, member: str) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        found = await audit.of_subject(tx, member)
    return [entry.because for entry in found if entry.verb == "sign_in.refused"]


async def test_password_and_code_open_a_session_that_says_where(
    house: House, door: Entrance
) -> None:
    ana = await joined(house)
    half = await half_of(door, ana)
    cookie = await door.code(half=half, code=ana.code(), where=HERE)
    async with house.transaction(SYSTEM) as tx:
        session = await sessions.find(tx, cookie)
        assert session
        assert session.actor == ana.member.actor
        (shown,) = await sessions.of_person(tx, ana.member.id)
        entry = (await audit.of_subject(tx, ana.member.id))[-1]
    assert (shown.id, shown.device, shown.address) == (session.id, HERE.device, HERE.address)
    assert (entry.verb, entry.actor_id) == ("session.opened", ana.member.id)


async def test_the_password_alone_opens_nothing(house: House, door: Entrance) -> None:
    ana = await joined(house)
    half = await half_of(door, ana)
    async with house.transaction(SYSTEM) as tx:
        assert await sessions.find(tx, half) is None
        assert await sessions.of_person(tx, ana.member.id) == []


async def test_unknown_invited_disabled_and_wrong_are_told_the_same(
    house: House, door: Entrance
) -> None:
    ana, gone = await joined(house), await joined(house, "Ben Okoro")
    async with house.transaction(SYSTEM) as tx:
        await staff.add(tx, name="Cleo", email="cleo@tai.example", role="agent")
        await staff.disable(tx, gone.member.id)
    told = set()
    for email, password in (
        ("nobody@tai.example", PASSWORD),
        ("cleo@tai.example", PASSWORD),
        (gone.member.email, PASSWORD),
        (ana.member.email, "another plain password"),
        (ana.member.email, ""),
        ("", PASSWORD),
        ("x" * 5000, PASSWORD),
    ):
        with pytest.raises(WrongSignInError) as caught:
            await door.password(email=email, password=password, where=HERE)
        told.add(repr(caught.value))
    assert len(told) == 1
    assert await refusals(house, ana.member.id) == ["wrong_password", "wrong_password"]


async def test_who_guesses_is_slowed_down_known_or_not_and_alike(
    house: House, door: Entrance
) -> None:
    ana = await joined(house)
    waits = []
    for email in (ana.member.email, "nobody@tai.example"):
        for _ in range(5):
            with pytest.raises(WrongSignInError):
                await door.password(email=email, password="wrong wrong wrong", where=HERE)
        with pytest.raises(TooManyTriesError) as caught:
            await door.password(email=email.upper(), password=PASSWORD, where=HERE)
        waits.append(caught.value.wait_s)
    assert all(0 < wait <= 60 for wait in waits), waits
    elsewhere = Where(address="198.51.100.4")
    assert await half_of(door, ana, elsewhere), "somebody elsewhere is not shut out with them"


async def test_many_at_once_are_not_more_tries(house: House, door: Entrance) -> None:
    ana = await joined(house)

    async def guess(number: int) -> str:
        try:
            await door.password(email=ana.member.email, password=f"guess {number}", where=HERE)
        except (WrongSignInError, TooManyTriesError) as error:
            return type(error).__name__
        return "in"

    found = await asyncio.gather(*(guess(number) for number in range(12)))
    assert found.count("WrongSignInError") == 5
    assert found.count("TooManyTriesError") == 7


async def test_guessing_from_many_places_is_slowed_down_too(house: House, door: Entrance) -> None:
    ana = await joined(house)
    for number in range(30):
        with pytest.raises(WrongSignInError):
            await door.password(
                email=ana.member.email, password="wrong", where=Where(address=f"192.0.2.{number}")
            )
    with pytest.raises(TooManyTriesError):
        await half_of(door, ana, Where(address="192.0.2.200"))


async def test_who_signs_in_rightly_all_day_is_never_slowed_down(
    house: House, door: Entrance
) -> None:
    ana = await joined(house)
    for _ in range(40):
        await half_of(door, ana)


async def test_a_code_works_once(house: House, door: Entrance) -> None:
    ana = await joined(house)
    first, second = await half_of(door, ana), await half_of(door, ana)
    code = ana.code()
    await door.code(half=first, code=code, where=HERE)
    with pytest.raises(WrongCodeError):
        await door.code(half=second, code=code, where=HERE)
    assert await refusals(house, ana.member.id) == ["wrong_code"]


async def test_one_code_shown_by_two_at_once_lets_one_in(house: House, door: Entrance) -> None:
    ana = await joined(house)
    halves = [await half_of(door, ana) for _ in range(4)]
    code = ana.code()

    async def show(half: str) -> bool:
        try:
            return bool(await door.code(half=half, code=code, where=HERE))
        except WrongCodeError:
            return False

    assert sum(await asyncio.gather(*(show(half) for half in halves))) == 1


async def test_the_code_of_setting_up_is_used_up(house: House, door: Entrance) -> None:
    ana = await joined(house)
    half = await half_of(door, ana)
    with pytest.raises(WrongCodeError):
        await door.code(half=half, code=ana.code(steps=-1), where=HERE)


async def test_a_half_sign_in_works_once_and_for_minutes(house: House, door: Entrance) -> None:
    ana = await joined(house)
    half = await half_of(door, ana)
    await door.code(half=half, code=ana.code(), where=HERE)
    with pytest.raises(HalfGoneError):
        await door.code(half=half, code=ana.recovery_codes[0], where=HERE)
    old = await half_of(door, ana)
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("update half_sign_ins set expires_at = %s", (system_now(),))
    for gone in (old, "", "half_nonsense", "x" * 10_000):
        with pytest.raises(HalfGoneError):
            await door.code(half=gone, code=ana.recovery_codes[0], where=HERE)


async def test_codes_cannot_be_guessed_in_a_row_not_even_with_fresh_halves(
    house: House, door: Entrance
) -> None:
    ana = await joined(house)
    wrong = "000000" if ana.code() != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            await door.code(half=await half_of(door, ana), code=wrong, where=HERE)
    with pytest.raises(TooManyTriesError):
        await door.code(half=await half_of(door, ana), code=ana.code(), where=HERE)


async def test_a_recovery_code_stands_in_for_the_app_once(house: House, door: Entrance) -> None:
    ana = await joined(house)
    typed = ana.recovery_codes[3].upper().replace("-", " ")
    await door.code(half=await half_of(door, ana), code=typed, where=HERE)
    async with house.transaction(SYSTEM) as tx:
        assert await recovery.left(tx, ana.member.id) == 9
        kept = await tx.all("select * from recovery_codes")
    assert all(
        code.replace("-", "").encode() not in str(kept).encode() for code in ana.recovery_codes
    )
    with pytest.raises(WrongCodeError):
        await door.code(half=await half_of(door, ana), code=typed, where=HERE)


async def test_new_recovery_codes_end_the_old_ones(house: House, door: Entrance) -> None:
    ana = await joined(house)
    async with house.transaction(ana.member.actor) as tx:
        new = await recovery.renew(tx, ana.member.id)
    with pytest.raises(WrongCodeError):
        await door.code(half=await half_of(door, ana), code=ana.recovery_codes[0], where=HERE)
    await door.code(half=await half_of(door, ana), code=new[0], where=HERE)


async def test_a_recovery_code_of_somebody_else_opens_nothing(house: House, door: Entrance) -> None:
    ana, ben = await joined(house), await joined(house, "Ben Okoro")
    with pytest.raises(WrongCodeError):
        await door.code(half=await half_of(door, ana), code=ben.recovery_codes[0], where=HERE)


async def test_another_password_ends_every_session_but_the_one_that_goes_on(
    house: House, door: Entrance
) -> None:
    ana = await joined(house)
    old = await door.code(half=await half_of(door, ana), code=ana.code(), where=HERE)
    half = await half_of(door, ana)
    new_hash = await door.passwords.hash("other words that are long")
    async with house.transaction(ana.member.actor) as tx:
        new = await own.change_password(tx, ana.member.id, new_hash, HERE)
        assert await sessions.find(tx, old) is None
        assert await sessions.find(tx, new)
    with pytest.raises(HalfGoneError):
        await door.code(half=half, code=ana.recovery_codes[0], where=HERE)
    with pytest.raises(WrongSignInError):
        await half_of(door, ana)


async def test_the_old_app_works_until_the_new_one_has_told_a_code(
    house: House, door: Entrance
) -> None:
    ana = await joined(house)
    async with house.transaction(ana.member.actor) as tx:
        await own.begin_authenticator(tx, ana.member.id)
        secret = await own.next_authenticator(tx, ana.member.id)
        assert secret
        with pytest.raises(WrongCodeError):
            await own.finish_authenticator(tx, ana.member.id, ana.code(), HERE)
    cookie = await door.code(half=await half_of(door, ana), code=ana.code(), where=HERE)
    async with house.transaction(ana.member.actor) as tx:
        code = totp.code_at(secret, system_now())
        await own.finish_authenticator(tx, ana.member.id, code, HERE)
        assert await sessions.find(tx, cookie) is None
        assert await own.next_authenticator(tx, ana.member.id) is None
    ana.secret = secret
    assert await door.code(half=await half_of(door, ana), code=ana.code(), where=HERE)


async def test_an_app_that_was_never_finished_is_forgotten(house: House) -> None:
    ana = await joined(house)
    async with house.transaction(ana.member.actor) as tx:
        await own.begin_authenticator(tx, ana.member.id)
        past = system_now() - own.SETTING_UP_LASTS
        await tx.execute("update staff set totp_next_at = %s", (past,))
        assert await own.next_authenticator(tx, ana.member.id) is None


async def test_who_sits_at_an_open_desk_still_needs_the_password(
    house: House, door: Entrance
) -> None:
    ana = await joined(house)
    await door.confirm(member=ana.member.id, password=PASSWORD, where=HERE)
    for _ in range(5):
        with pytest.raises(WrongSignInError):
            await door.confirm(member=ana.member.id, password="guess", where=HERE)
    with pytest.raises(TooManyTriesError):
        await door.confirm(member=ana.member.id, password=PASSWORD, where=HERE)


async def test_a_password_kept_with_less_is_kept_with_more_after_signing_in(house: House) -> None:
    ana = await joined(house)
    await Entrance(house, quick_passwords()).password(
        email=ana.member.email, password=PASSWORD, where=HERE
    )
    door = Entrance(house, Passwords())
    await door.password(email=ana.member.email, password=PASSWORD, where=HERE)
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select password_hash from staff where id = %s", (ana.member.id,))
    assert row
    assert not door.passwords.is_old(row["password_hash"])


async def test_what_ran_out_is_forgotten_and_nothing_else(house: House, door: Entrance) -> None:
    ana = await joined(house)
    half = await half_of(door, ana)
    with pytest.raises(WrongSignInError):
        await door.password(email="nobody@tai.example", password="", where=HERE)
    async with house.transaction(SYSTEM) as tx:
        await sweep(tx)
        counted = await tx.all("select * from sign_in_tries")
        assert len(counted) == 2, "the wrong try counts on, from here and from anywhere"
        past = system_now()
        await tx.execute("update half_sign_ins set expires_at = %s", (past,))
        await tx.execute("update sign_in_tries set full_at = %s", (past,))
        await sweep(tx)
        assert await tx.all("select * from sign_in_tries") == []
    with pytest.raises(HalfGoneError):
        await door.code(half=half, code=ana.code(), where=HERE)
