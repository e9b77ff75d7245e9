"""The chapter about a day at the desk: mail, clocks, two people, and who writes from outside."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.cli.demo import colleagues
from prunella.cli.demo.colleagues import BY_KEY, MARIGOLD, Hired
from prunella.cli.demo.day import Day, writer_in
from prunella.cli.demo.residents import Resident, residents_in
from prunella.cli.demo.sitting import rooms_of, see, sit_down
from prunella.cli.demo.standin import StandIn
from prunella.cli.demo.writer import Writer
from prunella.kit.actor import SYSTEM
from prunella.settings import Settings

SUBJECT = "Where is the money you sent back?"
FIRST = (
    "Hello,\n\nyou wrote that money is on its way back to us. It is not in our account yet."
    " When does it come?\n\nThank you"
)
ANSWER = "Thank you, that helps. Does it come in one sum?"
LATE = "We waited as you said, and it is still not there. Please look again."
PLACES = {"inbox": "/desk", "overview": "/desk/overview", "told": "/desk/notifications"}


def desk_router(settings: Settings) -> APIRouter:
    """Build those routes below `/demo` that are about a day at the desk."""
    pages = _Desk(settings)
    router = APIRouter(prefix="/demo", include_in_schema=False)
    router.add_api_route("/sit/{who}/{place}", pages.sit, methods=["GET"])
    router.add_api_route("/mail", pages.write, methods=["POST"])
    router.add_api_route("/mail/answer", pages.answer, methods=["POST"])
    return router


class _Desk:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._standin = StandIn(settings)

    async def sit(self, request: Request, who: str, place: str) -> Response:
        """Sit down as one of the colleagues, where the chapter goes on."""
        address = PLACES.get(place)
        if address is None:
            day = Day(rooms_of(request), residents_in(self._settings))
            async with rooms_of(request).house.transaction(SYSTEM) as tx:
                found = await day.pressing_case(tx)
            address = f"/desk/cases/{found}" if found else PLACES["inbox"]
        return await self._sit_down(request, BY_KEY.get(who, MARIGOLD), address)

    async def write(self, request: Request) -> Response:
        """Let a customer write a mail, and go where it arrives."""
        who = writer_in(residents_in(self._settings))
        if who is None:
            return see("/demo#mail")
        case = await self._writer(request).write(who, subject=SUBJECT, text=FIRST)
        return await self._look_at(request, case)

    async def answer(self, request: Request) -> Response:
        """Let them answer the newest letter about it, as their mail program does."""
        who, writer = writer_in(residents_in(self._settings)), self._writer(request)
        letter = await writer.last_from_us(who, about=SUBJECT) if who else None
        if who is None or letter is None:
            return see("/demo#mail")
        text = LATE if await self._is_solved(request, who) else ANSWER
        case = await writer.write(who, subject=f"Re: {SUBJECT}", text=text, answers=letter)
        return await self._look_at(request, case)

    async def _is_solved(self, request: Request, who: Resident) -> bool:
        async with rooms_of(request).house.transaction(SYSTEM) as tx:
            customer = await people.find_customer(tx, who["id"])
            found = await cases.cases_of(tx, customer.id) if customer else []
        return any(one.subject == SUBJECT and one.status == "solved" for one in found)

    async def _look_at(self, request: Request, case: str | None) -> Response:
        address = f"/desk/cases/{case}#last" if case else PLACES["inbox"]
        return await self._sit_down(request, MARIGOLD, address)

    async def _sit_down(self, request: Request, who: Hired, address: str) -> Response:
        async with rooms_of(request).house.transaction(SYSTEM) as tx:
            found = await colleagues.member(tx, who)
        return await sit_down(request, found.actor if found else None, address)

    def _writer(self, request: Request) -> Writer:
        return Writer(self._settings, self._standin, rooms_of(request).house)
