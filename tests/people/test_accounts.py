"""One account under several names: merged at Stripe, deleted there, or free before it came."""

import asyncio

import pytest
from tests.people.test_customers import found, mirrored

from prunella import actions, cases, people
from prunella.diagnostics import Diagnostics, Words
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx
from prunella.settings import load_content, shipped

AN_ACTION = """
insert into actions (id, kind, customer, target, reason, params, requested_by, state, decision,
  business_key, created_at, result)
values ('act_1', 'open_portal', %s, 'cus_1', 'fix', '{}', '{"kind": "system", "id": ""}',
  'succeeded', '{}', 'portal:1', %s, '{}')
"""


async def open_case(tx: Tx, customer: people.Customer) -> str:
    opened = await cases.open_case(
        tx, customer, subject="A question", text="Why so much?", because="asked"
    )
    return opened.id


async def test_an_old_address_leads_to_the_customer_it_was_merged_into(tx: Tx) -> None:
    await mirrored(tx)
    before = await found(tx, "cus_1")
    case = await open_case(tx, before)
    await mirrored(tx, id="cus_2", name="Northbeck Inc")
    await mirrored(tx, deleted=True, metadata={"merged_into": "cus_2"})
    after = await found(tx, "cus_1")
    assert (after.stripe_customer, after.name) == ("cus_2", "Northbeck Inc")
    assert await found(tx, "cus_2") == after
    assert await found(tx, before.id) == after
    assert [one.id for one in (await cases.list_cases(tx, customer=after.id)).data] == [case]


async def both_names(tx: Tx) -> tuple[people.Customer, people.Customer]:
    """An account before and after it was merged into another one."""
    await mirrored(tx)
    before = await found(tx, "cus_1")
    await mirrored(tx, id="cus_2", name="Northbeck Inc")
    await found(tx, "cus_2")
    await mirrored(tx, deleted=True, metadata={"merged_into": "cus_2"})
    return before, await found(tx, "cus_1")


async def test_every_name_of_an_account_tells_all_of_them(tx: Tx) -> None:
    before, after = await both_names(tx)
    assert set(await people.names_of_account(tx, before.id)) == {before.id, after.id}
    assert set(await people.names_of_account(tx, after.id)) == {before.id, after.id}


async def test_many_are_addressed_at_once_each_by_the_account_that_it_leads_to(tx: Tx) -> None:
    before, after = await both_names(tx)
    free = await people.add_customer(tx, name="Hollow Oak Toys", email="hello@hollowoak.example")
    known = [before.id, after.id, free.id]
    assert await people.addresses_of(tx, known) == {
        before.id: "cus_2",
        after.id: "cus_2",
        free.id: free.id,
    }
    assert await people.addresses_of(tx, [*known, "cust_nobody"]) == {
        one: (await found(tx, one)).address for one in known
    }


async def test_an_account_that_no_other_leads_to_has_one_name_and_is_not_asked(tx: Tx) -> None:
    await mirrored(tx)
    await found(tx, "cus_1")
    alone = await found(tx, "cus_1")
    assert not alone.followed
    assert await people.ids_of(tx, alone) == [alone.id]
    before, after = await both_names(tx)
    assert after.followed
    assert await people.ids_of(tx, after) == [after.id, before.id]
    again = await found(tx, after.address)
    assert again.followed
    assert await people.ids_of(tx, again) == [after.id, before.id]


async def test_a_case_from_before_can_be_merged_into_one_from_after(tx: Tx) -> None:
    before, after = await both_names(tx)
    older = await cases.get_case(tx, await open_case(tx, before))
    newer = await cases.open_case(
        tx, after, subject="The same", text="Still too much.", because="asked"
    )
    assert older
    assert (await older.merge_into(tx, newer)).id == newer.id


@pytest.mark.parametrize("ended_before", [True, False])
async def test_letters_that_were_ended_stay_so_under_each_name(
    tx: Tx, *, ended_before: bool
) -> None:
    before, after = await both_names(tx)
    ended_by = before if ended_before else after
    address = await cases.unsubscribe_address(tx, ended_by.id, "card_expiring", public_url="")
    secret = address.rpartition("/")[2]
    await cases.choose(tx, secret, wanted=False)
    for one in (before, after):
        assert not await cases.wants(tx, one.id, "card_expiring")

    other = await cases.unsubscribe_address(tx, after.id, "card_expiring", public_url="")
    assert not (await cases.choice_of(tx, other.rpartition("/")[2])).wanted
    await cases.choose(tx, other.rpartition("/")[2], wanted=True)
    assert await cases.wants(tx, before.id, "card_expiring")


async def test_merges_may_follow_each_other_but_not_run_in_a_circle(tx: Tx) -> None:
    await mirrored(tx, metadata={"merged_into": "cus_2"})
    await mirrored(tx, id="cus_2", metadata={"merged_into": "cus_3"})
    await mirrored(tx, id="cus_3", metadata={"merged_into": "cus_1"})
    ends = {(await found(tx, ref)).id for ref in ("cus_1", "cus_2", "cus_3")}
    assert len(ends) == 1


async def test_merged_into_a_customer_that_nobody_knows_changes_nothing(tx: Tx) -> None:
    await mirrored(tx, metadata={"merged_into": "cus_unheard_of"})
    assert (await found(tx, "cus_1")).stripe_customer == "cus_1"


async def test_a_deleted_customer_keeps_what_was_known_last(tx: Tx) -> None:
    await mirrored(tx, email="pay@northbeck.example")
    before = await found(tx, "cus_1")
    await mirrored(tx, deleted=True, name=None, email=None)
    assert await found(tx, "cus_1") == before


async def test_a_free_account_lives_without_stripe_and_keeps_all_when_it_comes_there(
    tx: Tx,
) -> None:
    free = await people.add_customer(tx, name="Hollow Oak Toys", email="hello@hollowoak.example")
    words = Words.from_catalogue(
        load_content(shipped("content")).toml("messages/en.toml"), locale="en_US"
    )
    diagnosis = await Diagnostics(words).of(tx, free)
    assert (diagnosis.root_cause, diagnosis.status) == ("healthy", "green")
    case = await open_case(tx, free)
    await mirrored(tx, name="Hollow Oak Toys Ltd", metadata={"prunella_customer": free.id})
    paying = await found(tx, "cus_1")
    assert (paying.id, paying.address) == (free.id, "cus_1")
    assert [one.id for one in (await cases.list_cases(tx, customer=paying.id)).data] == [case]
    rows = await tx.all("select id from customers")
    assert len(rows) == 1


async def test_a_link_made_late_takes_along_what_the_stripe_customer_had(tx: Tx) -> None:
    free = await people.add_customer(tx, name="Hollow Oak Toys")
    await mirrored(tx)
    early = await found(tx, "cus_1")
    case = await open_case(tx, early)
    linked = await people.link(tx, free.id, "cus_1")
    assert (linked.id, linked.stripe_customer) == (free.id, "cus_1")
    assert await found(tx, early.id) == linked
    assert [one.id for one in (await cases.list_cases(tx, customer=free.id)).data] == [case]
    assert await people.link(tx, free.id, "cus_1") == linked
    await mirrored(tx, id="cus_2")
    with pytest.raises(people.NotFreeError):
        await people.link(tx, free.id, "cus_2")


async def test_a_hundred_first_touches_of_a_linked_customer_double_nothing(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        free = await people.add_customer(tx, name="Hollow Oak Toys")
        await mirrored(tx, metadata={"prunella_customer": free.id})

    async def touch() -> str:
        async with house.transaction(SYSTEM) as tx:
            return (await found(tx, "cus_1")).id

    assert set(await asyncio.gather(*(touch() for _ in range(100)))) == {free.id}


async def test_what_was_done_under_an_old_name_shows_with_the_new_one(tx: Tx) -> None:
    for ref in ("cus_1", "cus_2", "cus_3"):
        await mirrored(tx, id=ref)
    first = await found(tx, "cus_1")
    case = await open_case(tx, first)
    await tx.execute(AN_ACTION, (first.id, tx.now))
    await mirrored(tx, deleted=True, metadata={"merged_into": "cus_2"})
    await found(tx, "cus_1")
    await mirrored(tx, id="cus_2", deleted=True, metadata={"merged_into": "cus_3"})
    last = await found(tx, "cus_2")
    assert last.stripe_customer == "cus_3"
    assert [one.id for one in await actions.of_customer(tx, last.id)] == ["act_1"]
    assert [one.id for one in await cases.cases_of(tx, last.id)] == [case]
    assert [one.customer for one in await cases.contacts_of(tx, last.id)] == [first.id]
