"""The first page of the stand-in: what is in it, and the cards it knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.cards import CARDS, TestCard
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.pages.render import Pages, stylesheet
from prunella_sandbox.world import World

COUNTED = {
    "Customers": "customer",
    "Subscriptions": "subscription",
    "Invoices": "invoice",
    "Charges": "charge",
    "Events": "event",
}


@dataclass(frozen=True)
class HomePages:
    world: World
    pages: Pages
    mailbox: Mailbox

    def routes(self) -> list[Route]:
        return [Route("/", self.show), Route("/sandbox.css", self.css)]

    async def show(self, _: Request) -> Response:
        counts = [(name, len(self.world.store.table(kind))) for name, kind in COUNTED.items()]
        counts.append(("Letters", len(self.mailbox.letters())))
        cards = [_Line(card) for card in CARDS]
        return self.pages.show("home.html", counts=counts, cards=cards)

    async def css(self, _: Request) -> Response:
        return stylesheet()


@dataclass(frozen=True)
class _Line:
    """One card as the table shows it."""

    card: TestCard

    @property
    def number(self) -> str:
        number = self.card.number
        return " ".join(number[at : at + 4] for at in range(0, len(number), 4))

    @property
    def name(self) -> str:
        return f"pm_card_{self.card.names[0]}"

    @property
    def does(self) -> str:
        return ", ".join(_what_happens(self.card)) or "pays"


def _what_happens(card: TestCard) -> Iterator[str]:
    if card.authentication != "never":
        always = card.authentication == "always"
        yield "asks the bank each time" if always else "asks the bank unless it was set up"
    if card.at_attach:
        yield f"cannot be stored: {card.at_attach.reason}"
    elif card.at_charge:
        yield f"is stored, and fails when charged: {card.at_charge.reason}"
    if card.refund != "succeeded":
        yield (
            "its refunds are pending for an hour"
            if card.refund == "pending"
            else "its refunds fail later"
        )
    if card.dispute:
        what = "the bank asks about its charges" if card.is_inquiry else "its charges are disputed"
        yield f"{what}: {card.dispute}"
    if card.is_available_at_once:
        yield "its money is in the balance at once"
