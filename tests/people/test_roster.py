"""Who works here: members and holders of tokens, their handles and teams, a customer's CSM."""

import pytest

from prunella import audit, people
from prunella.kit.house import Tx
from prunella.people import roster, tokens


async def token_of(tx: Tx, name: str, role: str = "agent") -> str:
    actor = await tokens.of_bearer(tx, await tokens.create(tx, name=name, role=role))
    assert actor
    return actor.id


async def test_who_holds_a_token_is_a_colleague_and_stays_known_after_leaving(tx: Tx) -> None:
    ana = await token_of(tx, "Ana-María Ruiz", "lead")
    found = await people.colleague(tx, ana)
    assert found == people.Colleague(ana, "Ana-María Ruiz", "ana-maria-ruiz", "lead")
    assert await people.colleagues(tx) == [found]
    await tokens.revoke(tx, ana)
    left = await people.colleague(tx, ana)
    assert left
    assert not left.active
    assert await people.colleagues(tx) == []
    assert await people.by_handle(tx, ["ana-maria-ruiz"]) == {}


async def test_two_of_one_name_have_two_handles(tx: Tx) -> None:
    ids = [await token_of(tx, "Kim") for _ in range(3)]
    found = await people.by_handle(tx, ["KIM", "kim-2", "kim-3", "kim-4"])
    assert {handle: one.id for handle, one in found.items()} == dict(
        zip(("kim", "kim-2", "kim-3"), ids, strict=True)
    )


async def test_a_first_name_alone_means_who_alone_has_it(tx: Tx) -> None:
    jonas = await token_of(tx, "Jonas Weber")
    for name in ("Ana Ruiz", "Ana Silva"):
        await token_of(tx, name)
    found = await people.by_handle(tx, ["jonas", "ana", "jon"])
    assert {handle: one.id for handle, one in found.items()} == {"jonas": jonas}


async def test_a_program_is_no_colleague_and_whoever_holds_the_first_key_is(tx: Tx) -> None:
    crm = await token_of(tx, "CRM", "service")
    assert await people.colleague(tx, crm) is None
    assert await people.colleague(tx, "admin") == roster.ADMIN
    assert (await people.by_handle(tx, ["admin"]))["admin"] == roster.ADMIN
    assert (await people.colleague(tx, await token_of(tx, "Admin"))) != roster.ADMIN


async def test_teams_are_those_there_are_each_once(tx: Tx) -> None:
    ana = await token_of(tx, "Ana")
    await roster.set_teams(tx, ana, ["finance", "support", "finance"])
    found = await people.colleague(tx, ana)
    assert found
    assert found.teams == ("support", "finance")
    entry = (await audit.of_subject(tx, ana))[-1]
    assert (entry.verb, entry.after) == ("colleague.teams_set", {"teams": ["support", "finance"]})
    with pytest.raises(people.UnknownTeamError):
        await roster.set_teams(tx, ana, ["sales"])
    with pytest.raises(people.UnknownColleagueError):
        await roster.set_teams(tx, "admin", ["support"])


async def test_a_handle_belongs_to_one_person(tx: Tx) -> None:
    ana, ben = await token_of(tx, "Ana"), await token_of(tx, "Ben")
    await roster.set_profile(tx, ana, handle="Ruiz", signature="Ana Ruiz\nSupport")
    assert (await people.by_handle(tx, ["ruiz"]))["ruiz"].signature == "Ana Ruiz\nSupport"
    with pytest.raises(roster.HandleTakenError):
        await roster.set_profile(tx, ben, handle="ruiz", signature="")
    for handle in ("", "-ben", "be n", "b" * 41, "admin", "bén"):
        with pytest.raises(roster.BadHandleError):
            await roster.set_profile(tx, ben, handle=handle, signature="")


async def test_the_desk_tells_the_time_of_ones_own_zone_else_of_the_companys(tx: Tx) -> None:
    ana = await token_of(tx, "Ana")
    assert await roster.zone_for(tx, ana) == await roster.zone_for(tx, "admin") == "UTC"
    own = {"handle": "ana", "signature": ""}
    await roster.set_profile(tx, ana, **own, time_zone="Asia/Tokyo")
    assert await roster.zone_for(tx, ana) == "Asia/Tokyo"
    with pytest.raises(people.UnknownZoneError):
        await roster.set_profile(tx, ana, **own, time_zone="+09:00")
    await roster.set_profile(tx, ana, **own)
    assert await roster.zone_for(tx, ana) == "UTC"


async def test_a_capacity_is_a_number_of_cases_or_the_teams_own(tx: Tx) -> None:
    ana = await token_of(tx, "Ana")
    for capacity in (12, 0, None):
        await roster.set_capacity(tx, ana, capacity)
        found = await people.colleague(tx, ana)
        assert found
        assert found.capacity == capacity
    with pytest.raises(roster.BadProfileError):
        await roster.set_capacity(tx, ana, -1)


async def test_a_customer_has_one_who_looks_after_them(tx: Tx) -> None:
    oak = await people.add_customer(tx, name="Hollow Oak Toys")
    assert await people.csm_of(tx, oak.id) is None
    ana = await token_of(tx, "Ana", "csm")
    await people.set_csm(tx, oak.id, ana)
    found = await people.csm_of(tx, oak.id)
    assert found
    assert found.name == "Ana"
    await tokens.revoke(tx, ana)
    assert await people.csm_of(tx, oak.id) is None
    with pytest.raises(people.UnknownColleagueError):
        await people.set_csm(tx, oak.id, ana)
    await people.set_csm(tx, oak.id, None)
    assert (await audit.of_subject(tx, oak.id))[-1].after == {"csm": None}
