"""The receipt of a charge."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.pages.money import money
from prunella_sandbox.pages.render import Pages, day
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


@dataclass(frozen=True)
class ReceiptPages:
    world: World
    pages: Pages

    def routes(self) -> list[Route]:
        return [Route("/receipts/{charge}", self.show)]

    async def show(self, request: Request) -> Response:
        charge = self.world.find("charge", request.path_params["charge"])
        if charge is None or not charge["paid"]:
            return self.pages.show(
                "notice.html",
                status=404,
                state="warn",
                word="Not here",
                heading="There is no such receipt",
                lead="Nothing was paid under this address.",
                address=None,
            )
        return self.pages.show("receipt.html", charge=charge, facts=_facts(charge))


def _facts(charge: Obj) -> list[tuple[str, str]]:
    currency = charge["currency"]
    card = charge["payment_method_details"]["card"]
    known = [
        ("Amount", money(charge["amount"], currency)),
        ("Paid on", day(charge["created"])),
        ("Card", f"{card['brand'].title()} ending {card['last4']}"),
        ("For", charge["description"] or ""),
    ]
    if charge["amount_refunded"]:
        known.append(("Sent back", money(charge["amount_refunded"], currency)))
    return [(name, value) for name, value in known if value]
