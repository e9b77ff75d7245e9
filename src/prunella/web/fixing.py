"""A fix seen from a page or a program: begun in one transaction, followed for some seconds."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import structlog

from prunella import actions, mirror
from prunella.connectors.stripe.errors import StripeProblem
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.router import PERSON
from prunella.tiers.selfheal import FixRun
from prunella.web.errors import NotFoundError
from prunella.web.site import Site

__all__ = ["PERSON", "Progress", "begin", "escalate", "follow", "look", "state_of"]

log = structlog.get_logger()

PATIENCE_S = 8.0
LOOK_EVERY_S = 0.15
_ID = re.compile(r"[a-z]{2,8}_\w{1,64}", re.ASCII)

Status = Literal["working", "redirect", "done", "escalated", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a fix is. `url` leads to a secure page, and is never stored."""

    status: Status
    run: str | None = None
    action: str | None = None
    case: str | None = None
    url: str | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Progress":
        return cls(**stored)


async def begin(
    site: Site,
    tx: Tx,
    customer: Customer,
    *,
    fix: str,
    target: str,
    choice: Mapping[str, str] | None = None,
) -> Progress:
    """Begin the fix, or take up the one that runs already."""
    if fix == PERSON:
        return await escalate(site, tx, customer, about=target, text="")
    begun = await site.rooms.router.fix(tx, customer, fix=fix, target=target, choice=choice)
    return _of(begun) if isinstance(begun, FixRun) else Progress(status="escalated", case=begun.id)


async def escalate(site: Site, tx: Tx, customer: Customer, *, about: str, text: str) -> Progress:
    """Ask for a person. What they need to know goes with it."""
    matter = about if _ID.fullmatch(about) else await _matter(site, tx, customer)
    case = await site.rooms.router.person(tx, customer, about=matter, text=text)
    return Progress(status="escalated", case=case.id)


async def _matter(site: Site, tx: Tx, customer: Customer) -> str:
    """What is wrong first of all: whoever asks about it twice has one case."""
    worst = (await site.rooms.diagnostics.of(tx, customer)).problems[:1]
    return next((finding.invoice or "" for finding in worst), "")


async def follow(site: Site, actor: Actor, customer: Customer, begun: Progress) -> Progress:
    """Wait some seconds for how it goes on; what is still on its way then stays so."""
    if begun.run is None:
        return begun
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        now = await look(site, actor, customer, begun.run)
        if now.status != "working" or asyncio.get_running_loop().time() > deadline:
            return now
        await asyncio.sleep(LOOK_EVERY_S)


async def look(site: Site, actor: Actor, customer: Customer, run_id: str) -> Progress:
    """Look at the run once; when it leads to a secure page, with its address."""
    async with site.rooms.house.transaction(actor) as tx:
        run = await site.rooms.selfheal.run(tx, customer, run_id)
        if run is None:
            raise NotFoundError
        known = await actions.take_url(tx, run.action) if _leads_away(run) and run.action else None
        progress = await _told(tx, run)
    if progress.status != "redirect":
        return progress
    url = known or await _address_at_stripe(site, run)
    return replace(progress, url=url) if url else replace(progress, status="working")


async def state_of(site: Site, tx: Tx, customer: Customer, run_id: str) -> tuple[FixRun, Progress]:
    """Look without taking any address: for pages that only show."""
    run = await site.rooms.selfheal.run(tx, customer, run_id)
    if run is None:
        raise NotFoundError
    return run, await _told(tx, run)


async def _told(tx: Tx, run: FixRun) -> Progress:
    """How far it is for who looks: what was paid is done once our pages know of it, too.

    Else a page would still ask for money that has moved; and without JavaScript it stays so.
    """
    progress = _of(run)
    paid = await actions.get(tx, run.action) if run.action and progress.status == "done" else None
    if paid is None or paid.kind != "retry_payment" or paid.state != "succeeded":
        return progress
    known = (await mirror.find(tx, [paid.target])).get(paid.target)
    behind = known is not None and known.data.get("status") == "open"
    return replace(progress, status="working") if behind else progress


async def _address_at_stripe(site: Site, run: FixRun) -> str | None:
    """Whoever closed the secure page gets the same one again; an invoice's link comes fresh."""
    try:
        if run.session:
            page = await site.rooms.reads.get("checkout.session", run.session)
            return page.get("url") if page else None
        if run.invoice:
            invoice = await site.rooms.reads.get("invoice", run.invoice)
            return invoice.get("hosted_invoice_url") if invoice else None
    except StripeProblem as error:
        log.warning("no address for a secure page", run=run.id, reason=type(error).__name__)
    return None


def _leads_away(run: FixRun) -> bool:
    return run.state == "away"


def _of(run: FixRun) -> Progress:
    status: Mapping[str, Status] = {
        "away": "redirect",
        "planned": "done",
        "waiting": "escalated",
        "done": "done",
        "failed": "refused",
        "called_off": "refused",
    }
    return Progress(status=status.get(run.state, "working"), run=run.id, action=run.action)
