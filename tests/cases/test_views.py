"""A view keeps what somebody looks for again and again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from prunella import cases, people
from prunella.cases import Filter, views
from prunella.kit.actor import Actor
from prunella.kit.house import House, Tx

ANN = Actor(kind="staff", id="stf_ann", role="agent", verified=True)
BEN = Actor(kind="staff", id="stf_ben", role="agent", verified=True)
LEAD = Actor(kind="staff", id="stf_lead", role="lead", verified=True)


def acting(tx: Tx, actor: Actor) -> Tx:
    return replace(tx, actor=actor)


async def names(tx: Tx) -> list[str]:
    return [view.name for view in await cases.views_of(tx)]


async def test_a_view_is_theirs_alone_until_it_is_shared(house: House) -> None:
    async with house.transaction(ANN) as tx:
        mine = await cases.save_view(tx, name="  VIP  bills ", wanted=Filter(tag="vip"))
        ben = acting(tx, BEN)
        await cases.save_view(ben, name="Ben's", wanted=Filter())
        assert (await names(tx), await names(ben)) == (["VIP bills"], ["Ben's"])
        assert await cases.get_view(ben, mine.id) is None
        shared = await mine.change(tx, shared=True)
        assert await names(ben) == ["Ben's", "VIP bills"]
        assert await cases.get_view(ben, mine.id) == shared


async def test_me_in_a_shared_view_is_whoever_looks(house: House) -> None:
    async with house.transaction(ANN) as tx:
        customer = await people.add_customer(tx, name="Northbeck")
        for owner in (ANN, BEN):
            case = await cases.open_case(tx, customer, subject=owner.id, because="asked")
            await tx.execute("update cases set assignee = %s where id = %s", (owner.id, case.id))
        view = await cases.save_view(tx, name="Mine", wanted=Filter(assignee="me"), shared=True)
        for actor in (ANN, BEN):
            seen = await cases.get_view(acting(tx, actor), view.id)
            assert seen
            page = await cases.inbox(acting(tx, actor), seen.at(tx))
            assert [one.subject for one in page.data] == [actor.id]


async def test_a_deadline_in_a_view_moves_with_the_clock(house: House) -> None:
    soon = timedelta(hours=4)
    async with house.transaction(ANN) as tx:
        await cases.save_view(tx, name="Soon", wanted=Filter(), due_within=soon)
        [view] = await cases.views_of(tx)
        assert view.at(tx).due_before == tx.now + soon
        later = replace(tx, now=tx.now + timedelta(days=1))
        assert view.at(later).due_before == later.now + soon


async def test_only_its_owner_or_a_lead_changes_a_shared_view(house: House) -> None:
    async with house.transaction(ANN) as tx:
        view = await cases.save_view(tx, name="All", wanted=Filter(), shared=True)
        with pytest.raises(views.NotYourViewError):
            await view.change(acting(tx, BEN), name="Mine now")
        await view.change(acting(tx, LEAD), name="All open")
        await view.remove(acting(tx, LEAD))
        own = await cases.save_view(tx, name="Own", wanted=Filter())
        with pytest.raises(views.NotYourViewError):
            await own.remove(acting(tx, LEAD))


async def test_two_views_of_one_name_are_one_too_many(house: House) -> None:
    async with house.transaction(ANN) as tx:
        await cases.save_view(tx, name="Mine", wanted=Filter())
        other = await cases.save_view(tx, name="Other", wanted=Filter())
        with pytest.raises(views.ViewNameTakenError):
            await cases.save_view(tx, name="MINE", wanted=Filter())
        with pytest.raises(views.ViewNameTakenError):
            await other.change(tx, name="mine")
        await cases.save_view(acting(tx, BEN), name="Mine", wanted=Filter())


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "\x00"])
async def test_a_view_has_a_name(tx: Tx, name: str) -> None:
    with pytest.raises(views.ViewNameError):
        await cases.save_view(tx, name=name, wanted=Filter())


async def test_the_fifty_first_view_is_refused(tx: Tx) -> None:
    for number in range(views.MAX_VIEWS):
        await cases.save_view(tx, name=str(number), wanted=Filter())
    with pytest.raises(views.TooManyViewsError):
        await cases.save_view(tx, name="One more", wanted=Filter())


async def test_a_view_of_a_customer_names_one_that_exists(tx: Tx) -> None:
    customer = await people.add_customer(tx, name="Northbeck")
    view = await cases.save_view(tx, name="NB", wanted=Filter(customer=customer.id))
    assert view.filter.customer == customer.id
    with pytest.raises(views.UnknownCustomerError):
        await cases.save_view(tx, name="No", wanted=Filter(customer="cust_no"))


async def test_whoever_may_only_look_keeps_views_for_themselves(house: House) -> None:
    async with house.transaction(ANN) as tx:
        viewer = acting(tx, replace(BEN, role="viewer"))
        own = await cases.save_view(viewer, name="Late", wanted=Filter(), due_within=timedelta())
        with pytest.raises(views.OwnViewsOnlyError):
            await own.change(viewer, shared=True)
        assert not (await own.change(viewer, name="Too late")).shared
        shared = await cases.save_view(acting(tx, BEN), name="All", wanted=Filter(), shared=True)
        with pytest.raises(views.OwnViewsOnlyError):
            await shared.change(viewer, name="Mine now")
        assert not (await shared.change(viewer, shared=False)).shared
