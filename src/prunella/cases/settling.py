"""How a case ends, and comes back."""

from __future__ import annotations

from typing import Self

from prunella.cases.changing import locked, open_contacts, put
from prunella.cases.record import Record
from prunella.kit.house import Tx


class Settling(Record):
    """The verbs of the end."""

    __slots__ = ()

    async def solve(self, tx: Tx, *, root_cause: str = "") -> Self:
        """It is solved; seven days later it closes. Raises RootCauseNeededError."""
        case = await locked(tx, self)
        found = {"root_cause": root_cause} if root_cause else {}
        return await put(tx, case, because="solved", status="solved", **found)

    async def reopen(self, tx: Tx) -> Self:
        """It was not solved after all. Raises CaseClosedError once it is closed."""
        case = await locked(tx, self)
        if case.status != "solved":
            return case
        return await put(tx, case, because="reopened", status="open")

    async def confirm(self, tx: Tx) -> Self:
        """The customer says it is solved: its contacts end, confirmed."""
        case = await locked(tx, self)
        for contact in await open_contacts(tx, case):
            await contact.end(tx, tier="human", confirmed=True)
        return await put(tx, case, because="confirmed", status="solved")
