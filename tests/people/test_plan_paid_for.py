"""Which plan a customer has: the profile's, else what plans.toml finds in the prices they pay."""

from psycopg.types.json import Jsonb
from tests.people.test_customers import found, mirrored

from prunella import people
from prunella.kit.house import Tx
from prunella.people.plans import set_plans
from prunella.settings import load_content, shipped

SUBSCRIPTION = """
insert into mirror_objects
  (id, kind, customer, status, created, as_of, as_of_until, deleted, version, data)
values (%s, 'subscription', 'cus_1', %s, %s, %s, %s, false, 1, %s)
"""


async def pays(tx: Tx, lookup_key: str, *, status: str = "active") -> None:
    price = {"id": f"price_{lookup_key}", "lookup_key": lookup_key, "product": "prod_1"}
    data = {"id": f"sub_{lookup_key}", "items": {"data": [{"price": price}]}}
    await tx.execute(SUBSCRIPTION, (data["id"], status, tx.now, tx.now, tx.now, Jsonb(data)))


async def test_the_plan_is_the_largest_that_they_pay_for(tx: Tx) -> None:
    await set_plans(tx, load_content(shipped("content")))
    await mirrored(tx)
    assert (await found(tx, "cus_1")).plan == "free"
    await pays(tx, "starter_usd")
    assert (await found(tx, "cus_1")).plan == "starter"
    await pays(tx, "enterprise_eur", status="past_due")
    customer = await found(tx, "cus_1")
    assert customer.plan == "enterprise"
    assert await found(tx, customer.id) == customer


async def test_who_was_deleted_at_stripe_is_free_and_whom_the_mirror_lost_is_not_known(
    tx: Tx,
) -> None:
    await set_plans(tx, load_content(shipped("content")))
    await mirrored(tx)
    await pays(tx, "starter_usd")
    customer = await found(tx, "cus_1")
    await mirrored(tx, deleted=True)
    assert (await found(tx, customer.id)).plan == "free"
    await tx.execute("delete from mirror_objects")
    assert (await found(tx, customer.id)).plan is None


async def test_a_plan_that_is_over_counts_no_more_and_the_profile_always(tx: Tx) -> None:
    await set_plans(tx, load_content(shipped("content")))
    await mirrored(tx)
    await pays(tx, "enterprise_usd", status="canceled")
    assert (await found(tx, "cus_1")).plan == "free"
    await pays(tx, "something_else")
    customer = await found(tx, "cus_1")
    assert customer.plan is None
    told = await people.set_profile(tx, customer, time_zone=None, plan="professional")
    assert told is not None
    await pays(tx, "starter_usd")
    assert (await found(tx, "cus_1")).plan == "professional"
