"""Members of the staff: invited, joined, given another role, disabled."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.people.team import HERE, PASSWORD, Joined, joined, quick_passwords

from prunella import audit, people
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.clock import system_now
from prunella.kit.house import House, Tx
from prunella.people import invitations, sessions, staff, tokens, totp
from prunella.people.entrance import Entrance
from prunella.people.invitations import BadInvitationError
from prunella.people.rights import NotAdminError

AGENT = Actor(kind="staff", id="stf_somebody", role="lead", verified=True)


def entrance(house: House) -> Entrance:
    return Entrance(house, quick_passwords())


async def come_in(house: House, ana: Joined, steps: int = 1) -> str:
    door = entrance(house)
    half = await door.password(email=ana.member.email, password=ana.password, where=HERE)
    return await door.code(half=half, code=ana.code(steps), where=HERE)


async def test_who_is_invited_is_nobodys_colleague_before_they_joined(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        ben = await staff.add(tx, name="Ben Okoro", email="ben@tai.example", role="lead")
        assert ben.state == "invited"
        assert await people.colleagues(tx) == []
    ana = await joined(house)
    async with house.transaction(SYSTEM) as tx:
        assert [one.id for one in await people.colleagues(tx)] == [ana.member.id]
        found = await people.colleague(tx, ana.member.id)
        assert found
        assert (found.name, found.handle, found.role) == ("Ana Ruiz", "ana-ruiz", "agent")


async def test_an_address_belongs_to_one_member(tx: Tx) -> None:
    await staff.add(tx, name="Ben", email="ben@tai.example", role="agent")
    with pytest.raises(staff.EmailTakenError):
        await staff.add(tx, name="Another Ben", email=" BEN@tai.example ", role="agent")


@pytest.mark.parametrize(
    ("name", "email", "role"),
    [
        ("", "b@tai.example", "agent"),
        ("Ben", "nowhere", "agent"),
        ("Ben", "b@tai.example", "service"),
        ("Ben\n", "b@tai.example", "king"),
    ],
)
async def test_a_member_needs_a_name_an_address_and_a_role(
    tx: Tx, name: str, email: str, role: str
) -> None:
    with pytest.raises(staff.BadMemberError):
        await staff.add(tx, name=name, email=email, role=role)


async def test_only_an_admin_says_who_works_here(house: House) -> None:
    ana = await joined(house)
    async with house.transaction(AGENT) as tx:
        with pytest.raises(NotAdminError):
            await staff.add(tx, name="Ben", email="ben@tai.example", role="admin")
        with pytest.raises(NotAdminError):
            await staff.set_role(tx, ana.member.id, "admin")
        with pytest.raises(NotAdminError):
            await staff.disable(tx, ana.member.id)
        with pytest.raises(NotAdminError):
            await invitations.invite(tx, ana.member.id)
        with pytest.raises(NotAdminError):
            await tokens.create(tx, name="Mine", role="admin")


async def test_an_admin_cannot_lock_out_the_last_one_by_leaving(house: House) -> None:
    ana = await joined(house, role="admin")
    async with house.transaction(ana.member.actor) as tx:
        with pytest.raises(staff.OwnStandingError):
            await staff.disable(tx, ana.member.id)
        with pytest.raises(staff.OwnStandingError):
            await staff.set_role(tx, ana.member.id, "viewer")


async def test_who_is_disabled_loses_everything_at_once(house: House) -> None:
    ana = await joined(house)
    cookie = await come_in(house, ana)
    half = await entrance(house).password(email=ana.member.email, password=PASSWORD, where=HERE)
    async with house.transaction(ana.member.actor) as tx:
        secret = await tokens.create_own(tx, name="Mine")
        assert await tokens.of_bearer(tx, secret) == ana.member.actor
        assert await sessions.find(tx, cookie)
    async with house.transaction(SYSTEM) as tx:
        link = await invitations.invite(tx, ana.member.id)
        await staff.disable(tx, ana.member.id)
    async with house.transaction(SYSTEM) as tx:
        assert await tokens.of_bearer(tx, secret) is None
        assert await sessions.find(tx, cookie) is None
        with pytest.raises(BadInvitationError):
            await invitations.read(tx, link)
        entry = (await audit.of_subject(tx, ana.member.id))[-1]
        assert (entry.verb, entry.after) == ("staff.disabled", {"sessions": 1, "tokens": 1})
        assert await people.colleagues(tx) == []
    with pytest.raises(people.entrance.HalfGoneError):
        await entrance(house).code(half=half, code=ana.code(), where=HERE)
    with pytest.raises(people.entrance.WrongSignInError):
        await come_in(house, ana)


async def test_who_is_let_in_again_signs_in_as_before_and_has_no_old_token(house: House) -> None:
    ana = await joined(house)
    async with house.transaction(ana.member.actor) as tx:
        secret = await tokens.create_own(tx, name="Mine")
    async with house.transaction(SYSTEM) as tx:
        await staff.disable(tx, ana.member.id)
        await staff.enable(tx, ana.member.id)
    assert await come_in(house, ana)
    async with house.transaction(SYSTEM) as tx:
        assert await tokens.of_bearer(tx, secret) is None


async def test_another_role_counts_at_once_in_sessions_and_tokens(house: House) -> None:
    ana = await joined(house, role="lead")
    cookie = await come_in(house, ana)
    async with house.transaction(ana.member.actor) as tx:
        secret = await tokens.create_own(tx, name="Mine")
    async with house.transaction(SYSTEM) as tx:
        await staff.set_role(tx, ana.member.id, "viewer")
        session, actor = await sessions.find(tx, cookie), await tokens.of_bearer(tx, secret)
    assert session
    assert actor
    assert session.role == actor.role == "viewer"


async def test_a_members_many_tokens_are_one_person(house: House) -> None:
    ana = await joined(house, role="finance")
    async with house.transaction(ana.member.actor) as tx:
        secrets = [await tokens.create_own(tx, name=name) for name in ("laptop", "script")]
        actors = [await tokens.of_bearer(tx, secret) for secret in secrets]
    assert actors == [ana.member.actor, ana.member.actor]


async def test_a_set_up_link_works_once_for_a_week_and_the_newest_alone(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        ben = await staff.add(tx, name="Ben", email="ben@tai.example", role="agent")
        old, new = [await invitations.invite(tx, ben.id) for _ in range(2)]
        with pytest.raises(BadInvitationError):
            await invitations.read(tx, old)
        await tx.execute("update invitations set expires_at = %s", (system_now(),))
        with pytest.raises(BadInvitationError):
            await invitations.read(tx, new)
        again = await invitations.invite(tx, ben.id)
        await invitations.use(tx, again, password_hash="x", step=1)
        for secret in (again, "", "join_" + "x" * 1000):
            with pytest.raises(BadInvitationError):
                await invitations.use(tx, secret, password_hash="x", step=1)


async def test_a_set_up_link_that_two_use_at_once_lets_one_in(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        ben = await staff.add(tx, name="Ben", email="ben@tai.example", role="agent")
        link = await invitations.invite(tx, ben.id)

    async def use(password: str) -> str | None:
        try:
            async with house.transaction(SYSTEM) as tx:
                await invitations.use(tx, link, password_hash=password, step=1)
        except BadInvitationError:
            return None
        return password

    done = [one for one in await asyncio.gather(*(use(f"p{n}") for n in range(6))) if one]
    assert len(done) == 1
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select password_hash from staff where id = %s", (ben.id,))
    assert row == {"password_hash": done[0]}


async def test_a_new_link_replaces_password_and_app_and_ends_sessions(house: House) -> None:
    ana = await joined(house)
    cookie = await come_in(house, ana)
    async with house.transaction(SYSTEM) as tx:
        link = await invitations.invite(tx, ana.member.id)
        invitation = await invitations.read(tx, link)
        assert invitation.totp_secret != ana.secret
        assert await sessions.find(tx, cookie), "asking for a link alone ends nothing"
        await invitations.use(tx, link, password_hash="new", step=1)
        assert await sessions.find(tx, cookie) is None
    with pytest.raises(people.entrance.WrongSignInError):
        await come_in(house, ana)


async def test_the_first_admin_needs_no_password_of_ours(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        link = await invitations.first(tx)
        assert link
        assert await invitations.first(tx) is None, "it is told once"
        invitation = await invitations.read(tx, link)
        assert invitation.member is None
        step = invitations.check_code(
            invitation, totp.code_at(invitation.totp_secret, system_now())
        )
        with pytest.raises(staff.BadMemberError):
            invitations.check_name(name="", email="ana@tai.example")
        done = await invitations.use(
            tx, link, password_hash="x", step=step, name="Ana", email="ana@tai.example"
        )
    assert (done.member.role, done.member.state) == ("admin", "active")
    assert len(set(done.recovery_codes)) == 10
    async with house.transaction(SYSTEM) as tx:
        assert await invitations.first(tx) is None
        verbs = [entry.verb for entry in await audit.of_subject(tx, done.member.id)]
    assert verbs == ["staff.added", "staff.joined", "staff.recovery_codes_made"]


async def test_the_first_link_dies_once_somebody_is_here(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        link = await invitations.first(tx)
        assert link
        await tokens.create(tx, name="Operator", role="admin")
        with pytest.raises(BadInvitationError):
            await invitations.read(tx, link)


async def test_a_first_link_that_ran_out_is_made_anew(tx: Tx) -> None:
    assert await invitations.first(tx)
    past = system_now() - timedelta(seconds=1)
    await tx.execute("update invitations set expires_at = %s", (past,))
    assert await invitations.first(tx)


async def test_everyone_may_make_tokens_of_their_own_and_end_them(house: House) -> None:
    ana, ben = await joined(house), await joined(house, "Ben Okoro", "admin")
    async with house.transaction(ana.member.actor) as tx:
        for name in ("laptop", "script"):
            await tokens.create_own(tx, name=name, scopes=["cases:read"])
        mine = await tokens.of_member(tx, ana.member.id)
        assert [(one.name, one.scopes, one.role) for one in mine] == [
            ("script", ["cases:read"], "agent"),
            ("laptop", ["cases:read"], "agent"),
        ]
        await tokens.revoke_as(tx, mine[0].id)
        with pytest.raises(tokens.UnknownTokenError):
            await tokens.revoke_as(tx, mine[0].id)
        assert await tokens.listed(tx) == [], "those of members are their own"
        other = replace(tx, actor=AGENT)
        with pytest.raises(NotAdminError):
            await tokens.revoke_as(other, mine[1].id)
        await tokens.revoke_as(replace(tx, actor=ben.member.actor), mine[1].id)
