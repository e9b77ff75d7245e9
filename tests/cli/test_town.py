"""The demo's two hundred customers: each root cause that Stripe can tell is somebody's."""

import asyncio
from collections import defaultdict
from typing import get_args

import pytest
from tests.conftest import MakeHouse
from tests.mirror.world import served

from prunella import mirror, people
from prunella.cli.demo.causes import GROUPS, shown
from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.clock import SandboxClock
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.diagnostics import Diagnostics, Words
from prunella.diagnostics.findings import RootCause
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House
from prunella.settings import load_content, shipped
from prunella_sandbox import Clock, World
from prunella_sandbox.company import BEGINS, Company, populate
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside

NOT_STRIPES = {
    *("entitlement_missing", "entitlement_surplus", "quota_near", "quota_exceeded"),
    *("usage_spike", "bill_growth", "stripe_unreachable"),
}
"""What usage, the product's own source or an outage tells; everything else Stripe can tell."""
CAUSES = set(get_args(RootCause)) - NOT_STRIPES
Causes = dict[str, set[tuple[str, ...]]]


@pytest.fixture
async def causes(make_house: MakeHouse) -> Causes:
    """By state: the root causes of those in it, the first of each first, from a sync alone."""
    began = Clock()
    began.offset_seconds = (BEGINS - system_now()).total_seconds()
    async with served(create_outside(World(seed=1, clock=began), Mailbox())) as url:
        company = await asyncio.to_thread(populate, url, customers=200)
        clock = SandboxClock(url)
        await clock.refresh()
        house = await make_house(use_clock=clock)
        client = build_client("sk_test_sandbox", api_base=url, max_network_retries=0)
        await mirror.sync(house, Reads(client, pace=Pace(1000.0), clock=clock))
        await close_client(client)
    return await diagnosed(house, company)


async def diagnosed(house: House, company: Company) -> Causes:
    words = Words.from_catalogue(load_content(shipped("content")).toml("messages/en.toml"))
    diagnostics = Diagnostics(words)
    found: Causes = defaultdict(set)
    async with house.transaction(SYSTEM) as tx:
        for resident in company.customers:
            customer = await people.find_customer(tx, resident.id)
            if customer is not None:
                diagnosis = await diagnostics.of(tx, customer)
                found[resident.state].add(tuple(one.root_cause for one in diagnosis.findings))
    return found


async def test_each_root_cause_has_a_customer_and_the_demo_leads_to_one(causes: Causes) -> None:
    seen = {cause for told in causes.values() for findings in told for cause in findings}
    assert seen == CAUSES
    for group in GROUPS:
        for cause in group.causes:
            first = {findings[0] for findings in causes[cause.state]}
            assert first == {cause.name}, cause


def test_the_demo_names_each_cause_once() -> None:
    named = [cause.name for group in GROUPS for cause in group.causes]
    assert sorted(named) == sorted(CAUSES)
    residents = [{"state": "healthy", "name": "Alder Lane"}, {"state": "healthy", "name": "Rowan"}]
    ((title, (one,)),) = shown(residents)
    assert (title, one.resident["name"]) == ("All is well", "Alder Lane")
