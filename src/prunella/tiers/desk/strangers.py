"""Somebody without an account writes to us on a page, and gives an address nobody has verified."""

from dataclasses import dataclass, replace

from prunella import cases, people
from prunella.cases import Case, Opened
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.desk.mail.acknowledging import Receptionist

ROLE = "member"


@dataclass(frozen=True, slots=True)
class Strangers:
    """Hears them; what they wrote is for people alone, and is repeated to nobody."""

    receptionist: Receptionist

    async def hear(
        self,
        tx: Tx,
        *,
        email: str,
        name: str,
        text: str,
        about: str,
        locale: str,
        spam: bool = False,
    ) -> Case:
        """Open a case of a guest's; the same `about` again is the same case.

        It never becomes part of another one, whoever they say they are: that a colleague decides.
        """
        async with tx.together():
            guest = await people.guest(tx, email=email, name=name, locale=locale)
            opened = await self._open(tx, guest, text=text, about=about, spam=spam)
            case = opened.case
            await cases.mail.join(tx, case.id, [email], how="asked")
            if opened.begun:
                await _tell_accounts(tx, case, email)
            if not case.spam:
                await self.receptionist.acknowledge(
                    tx, opened, guest, to=email, subject=case.subject, verified=False
                )
            return case

    async def _open(self, tx: Tx, guest: Customer, *, text: str, about: str, spam: bool) -> Opened:
        diagnosis = await self.receptionist.desk.diagnostics.of(tx, guest)
        return await cases.begin_case(
            replace(tx, actor=Actor(kind="customer", id=guest.id, role=ROLE)),
            guest,
            subject=cases.titled(text),
            text=text,
            because="asked",
            about=about,
            spam=spam,
            diagnosis=diagnosis.to_json(),
        )


async def _tell_accounts(tx: Tx, case: Case, email: str) -> None:
    """Whoever works on it may give it to the customer it is of, once they are sure."""
    known = await people.of_email(tx, email)
    if known:
        names = ", ".join(f"{one.name} ({one.address})" for one in known)
        await case.note(tx, f"Nobody has verified this address. It is one of {names}.")
