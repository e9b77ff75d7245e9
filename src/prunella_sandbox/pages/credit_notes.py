"""The PDF of a credit note."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.pages.money import money
from prunella_sandbox.pages.pdf import pdf
from prunella_sandbox.pages.render import Pages, day
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


@dataclass(frozen=True)
class CreditNotePages:
    world: World
    pages: Pages

    def routes(self) -> list[Route]:
        return [Route("/credit_notes/{note}/pdf", self.download)]

    async def download(self, request: Request) -> Response:
        note = self.world.find("credit_note", request.path_params["note"])
        if note is None:
            return self.pages.show(
                "notice.html",
                status=404,
                state="warn",
                word="Not here",
                heading="There is no such credit note",
                lead="The link is not whole.",
                address=None,
            )
        lines = [self.pages.company, "", *_lines(self.world, note)]
        return Response(pdf(lines), media_type="application/pdf")


def _lines(world: World, note: Obj) -> list[str]:
    invoice = world.need("invoice", note["invoice"])
    rows = [
        f"{line['description'] or 'Credit'}: {money(line['amount'], note['currency'])}"
        for line in note["lines"]["data"]
    ]
    return [
        f"Credit note {note['number']} on invoice {invoice['number']}",
        f"Date: {day(note['created'])}",
        "",
        *rows,
        f"Total: {money(note['total'], note['currency'])}",
        "Void" if note["status"] == "void" else "",
    ]
