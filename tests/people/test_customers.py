"""Customers: a row on first touch, and what Stripe knows of them follows the mirror."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from prunella import people
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx
from prunella.people.company import set_company
from prunella.people.zones import main_zone, zone_of
from prunella.settings import Content, ContentError

MIRROR = """
insert into mirror_objects (id, kind, as_of, as_of_until, deleted, version, data)
values (%s, %s, %s, %s, %s, 1, %s)
on conflict (id) do update set data = excluded.data, deleted = excluded.deleted
"""


async def mirrored(tx: Tx, *, deleted: bool = False, kind: str = "customer", **more: Any) -> str:
    known = {"id": "cus_1", "object": "customer", "name": "Northbeck", **more}
    row = (known["id"], kind, tx.now, tx.now, deleted, Jsonb(known))
    await tx.execute(MIRROR, row)
    return str(known["id"])


def content(line: str) -> Content:
    return Content(folder=Path("content"), files={"company.toml": line}, digest="")


async def found(tx: Tx, ref: str) -> people.Customer:
    customer = await people.find_customer(tx, ref)
    assert customer is not None
    return customer


async def test_a_mirrored_customer_gets_a_row_on_first_touch(tx: Tx) -> None:
    await mirrored(
        tx,
        email="pay@northbeck.example",
        address={"country": "DE"},
        preferred_locales=["de", "en"],
    )
    customer = await found(tx, "cus_1")
    assert customer.id.startswith("cust_")
    assert (customer.address, customer.name) == ("cus_1", "Northbeck")
    assert (customer.country, customer.locale) == ("DE", "de")
    assert customer.time_zone == "Europe/Berlin"
    assert await found(tx, customer.id) == customer
    assert await people.of_stripe(tx, "cus_1") == customer


async def test_a_thousand_first_touches_at_once_make_one_row(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await mirrored(tx)

    async def touch() -> str:
        async with house.transaction(SYSTEM) as tx:
            return (await found(tx, "cus_1")).id

    assert len(set(await asyncio.gather(*(touch() for _ in range(50))))) == 1


async def test_who_finds_a_changed_customer_waits_for_nobody_who_found_them_first(
    house: House,
) -> None:
    async with house.transaction(SYSTEM) as tx:
        await mirrored(tx)
        await found(tx, "cus_1")
        await mirrored(tx, name="Northbeck Ltd")
    async with house.transaction(SYSTEM) as one, house.transaction(SYSTEM) as other:
        assert (await found(one, "cus_1")).name == "Northbeck Ltd"
        await other.execute("set local lock_timeout = '1s'")
        assert (await found(other, "cus_1")).name == "Northbeck Ltd"
    async with house.transaction(SYSTEM) as tx:
        assert (await tx.one("select name from customers") or {})["name"] == "Northbeck Ltd"


async def test_a_changed_address_at_stripe_is_where_the_next_mail_goes(tx: Tx) -> None:
    await mirrored(tx, email="old@northbeck.example")
    before = await found(tx, "cus_1")
    await mirrored(tx, email="new@northbeck.example", name="Northbeck Ltd")
    after = await found(tx, before.id)
    assert (after.email, after.name) == ("new@northbeck.example", "Northbeck Ltd")
    assert await people.names_of(tx, [before.id, "cust_nobody"]) == {before.id: "Northbeck Ltd"}


async def test_a_deleted_customer_keeps_what_was_known_last(tx: Tx) -> None:
    await mirrored(tx, email="pay@northbeck.example")
    before = await found(tx, "cus_1")
    await mirrored(tx, deleted=True, name=None)
    assert await found(tx, "cus_1") == before


@pytest.mark.parametrize(
    "ref", ["cus_unknown", "cust_unknown", "", "in_1", "cus_\0", "cust_\n", "c" * 300]
)
async def test_who_is_not_known_is_nobody(tx: Tx, ref: str) -> None:
    assert await people.find_customer(tx, ref) is None


async def test_a_customer_without_a_name_is_called_by_what_there_is(tx: Tx) -> None:
    await mirrored(tx, name=None, email="pay@northbeck.example")
    assert (await found(tx, "cus_1")).name == "pay@northbeck.example"
    await mirrored(tx, id="cus_2", name=None)
    assert (await found(tx, "cus_2")).name == "cus_2"


async def test_a_free_account_needs_no_stripe(tx: Tx) -> None:
    customer = await people.add_customer(tx, name="Bramley", country="us")
    assert (customer.stripe_customer, customer.plan) == (None, "free")
    assert customer.address == customer.id
    assert customer.time_zone == "America/New_York"
    assert await found(tx, customer.id) == customer


async def test_the_profile_knows_better_than_the_country(tx: Tx) -> None:
    await mirrored(tx, address={"country": "US"}, metadata={"time_zone": "America/Denver"})
    customer = await found(tx, "cus_1")
    assert customer.time_zone == "America/Denver"
    changed = await people.set_profile(
        tx, customer, time_zone="America/Chicago", plan="professional"
    )
    assert changed is not None
    assert (changed.time_zone, changed.plan) == ("America/Chicago", "professional")
    with pytest.raises(people.UnknownZoneError):
        await people.set_profile(tx, customer, time_zone="Central", plan=None)


async def test_where_nobody_knows_it_is_the_companys_zone(tx: Tx) -> None:
    await mirrored(tx, metadata={"time_zone": "Mars/Base"})
    assert (await found(tx, "cus_1")).time_zone == "UTC"
    await set_company(tx, content('time_zone = "Europe/Vienna"'))
    assert (await found(tx, "cus_1")).time_zone == "Europe/Vienna"
    free = await people.add_customer(tx, name="Bramley")
    guest = await people.guest(tx, email="ida@sagebrook.example")
    assert {free.time_zone, guest.time_zone} == {"Europe/Vienna"}


async def test_content_from_before_the_company_had_a_zone_lives_in_utc(tx: Tx) -> None:
    await set_company(tx, Content(folder=Path("content"), files={}, digest=""))
    assert await people.home_zone(tx) == "UTC"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('time_zone = "Vienna"', "company.toml:1: time_zone must be a name like Europe/Berlin"),
        ('\ntime_zone = "+02:00"', "company.toml:2: time_zone must be a name like Europe/Berlin"),
        ('time_zone = "UTC"\nzone = 1', "company.toml:2: zone means nothing here: use time_zone"),
    ],
)
async def test_a_wrong_zone_of_the_company_is_told_with_its_line(
    tx: Tx, line: str, told: str
) -> None:
    with pytest.raises(ContentError, match=f"(?m){re.escape(told)}$"):
        await set_company(tx, content(line))


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("US", "America/New_York"),
        ("au", "Australia/Sydney"),
        ("BR", "America/Sao_Paulo"),
        ("CA", "America/Toronto"),
        ("RU", "Europe/Moscow"),
        ("GB", "Europe/London"),
        ("JP", "Asia/Tokyo"),
        ("XX", None),
        ("", None),
    ],
)
def test_a_countrys_main_zone_is_where_most_people_live(country: str, zone: str | None) -> None:
    assert main_zone(country) == zone


def test_a_zone_is_a_name_and_never_a_path() -> None:
    assert zone_of("../../etc/passwd", None, None) is None
    assert zone_of("+02:00", "Europe/Paris", "US") == "Europe/Paris"
