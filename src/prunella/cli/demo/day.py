"""What lies on the desk when the day begins: each asked by a customer, worked on by colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from prunella import cases, people
from prunella.bootstrap import Rooms
from prunella.cases import Case
from prunella.cli.demo import colleagues
from prunella.cli.demo.colleagues import BARNABY
from prunella.cli.demo.residents import Resident
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import Tx

PRESSING = "Our auditors are here, and the invoice names the wrong company"
PRESSING_TEXT = (
    "The March invoice bears the name we had before the merger. Our auditors leave this afternoon."
    " Can you correct it before they do?"
)
NOTE = "@marigold-thimble you know them. Can you look at this one first?"
TRANSFER = "Can we pay by bank transfer?"
TRANSFER_TEXT = (
    "Our bank asks a fee for each card payment. Can we pay the next invoice another way?"
)
TRANSFER_ANSWER = (
    "Yes, from April on. Write me the address that the invoice should go to, and I set it up."
)
SMALL = "How many SKUs does the free plan take?"
SMALL_TEXT = "We have 40 now and will be at 60 in summer."
STRANGER = "What would ten warehouses cost?"
STRANGER_TEXT = f"{STRANGER}\n\nWe count by hand so far, and would like to stop."
WELL_ENOUGH = {"card_expiring", "invoice_overdue", "insufficient_funds", "card_expired"}
STRANGERS_ADDRESS, STRANGERS_NAME = "juniper@plumfield.example", "Juniper Plumfield"


def writer_in(residents: Sequence[Resident]) -> Resident | None:
    """Somebody whose money is on its way back, and who will ask for it by mail."""
    return next((one for one in residents if one["state"] == "refund_pending"), None)


def pressing_in(residents: Sequence[Resident]) -> Resident | None:
    """Somebody whose contract promises an answer within half an hour."""
    large = [one for one in residents if one["plan"] == "enterprise"]
    well = [one for one in large if one["state"] == "healthy"]
    return next(iter(well or [one for one in large if one["state"] in WELL_ENOUGH]), None)


@dataclass(frozen=True, slots=True)
class Day:
    rooms: Rooms
    residents: Sequence[Resident]

    async def begin(self) -> None:
        """Hire who works here, then let some of the customers ask. Once is enough."""
        await colleagues.hire(self.rooms.house)
        async with self.rooms.house.transaction(SYSTEM) as tx:
            barnaby = await colleagues.member(tx, BARNABY)
            if barnaby:
                await self._small(tx)
                await self._transfer(replace(tx, actor=barnaby.actor))
                await self._pressing(replace(tx, actor=barnaby.actor))
            await self._stranger(tx)

    async def pressing_case(self, tx: Tx) -> str | None:
        return await self._case_of(tx, pressing_in(self.residents), PRESSING)

    async def _pressing(self, tx: Tx) -> None:
        case = await self._asks(tx, pressing_in(self.residents), PRESSING, PRESSING_TEXT)
        if case:
            case = await case.set(tx, severity="high")
            await case.note(tx, NOTE)

    async def _transfer(self, tx: Tx) -> None:
        well = self._well("professional") or self._well("starter")
        case = await self._asks(tx, well[-1] if well else None, TRANSFER, TRANSFER_TEXT)
        if case:
            case = await case.assign(tx, to=tx.actor.id)
            await case.reply(tx, TRANSFER_ANSWER)

    async def _small(self, tx: Tx) -> None:
        free = [one for one in self.residents if one["state"] == "free"]
        await self._asks(tx, free[0] if free else None, SMALL, SMALL_TEXT)

    async def _stranger(self, tx: Tx) -> None:
        """As the contact form does."""
        await self.rooms.strangers.hear(
            tx,
            email=STRANGERS_ADDRESS,
            name=STRANGERS_NAME,
            text=STRANGER_TEXT,
            about="form_of_this_morning",
            locale="en",
        )

    def _well(self, plan: str) -> list[Resident]:
        return [one for one in self.residents if (one["state"], one["plan"]) == ("healthy", plan)]

    async def _asks(self, tx: Tx, who: Resident | None, subject: str, text: str) -> Case | None:
        """As a customer who is signed in does on their page."""
        customer = await people.find_customer(tx, who["id"]) if who else None
        if customer is None:
            return None
        theirs = Actor(kind="customer", id=customer.id, role="owner", verified=True)
        return await self.rooms.desk.take(
            replace(tx, actor=theirs),
            customer,
            because="asked",
            about="",
            subject=subject,
            text=text,
        )

    async def _case_of(self, tx: Tx, who: Resident | None, subject: str) -> str | None:
        customer = await people.find_customer(tx, who["id"]) if who else None
        found = await cases.cases_of(tx, customer.id) if customer else []
        return next((case.id for case in found if case.subject == subject), None)
