"""Two questions became one: whoever asked is told where it goes on, and reads along there."""

from dataclasses import dataclass

from prunella import cases, people
from prunella.cases import REPLIED, Case
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.desk import Desk


@dataclass(frozen=True, slots=True)
class Merging:
    """Listens to merges."""

    desk: Desk

    async def on_merged(self, tx: Tx, event: Event) -> None:
        case = await cases.get_case(tx, event.subject)
        target = await cases.get_case(tx, case.merged_into) if case and case.merged_into else None
        customer = await people.find_customer(tx, target.customer) if target else None
        if case is None or target is None or customer is None:
            return
        asked = await _bring_along(tx, case, target, customer)
        if await _is_to_be_told(tx, case, customer):
            await self._tell(tx, case, target, customer, to=asked or customer.email or "")

    async def _tell(self, tx: Tx, case: Case, target: Case, customer: Customer, *, to: str) -> None:
        contact = await cases.get_contact(tx, case.contact)
        if contact is None or not to:
            return
        values = {
            "number": str(case.number),
            "into": str(target.number),
            "subject": target.subject,
        }
        letter = await self.desk.letter_about(tx, target, customer, "case_merged", values)
        chain = await cases.mail.thread_headers(tx, case.id)
        await cases.write_mail(
            tx,
            contact,
            to=to,
            letter=letter,
            case=case.id,
            automatic=False,
            headers=REPLIED,
            parents=chain.parents,
        )


async def _bring_along(tx: Tx, case: Case, target: Case, customer: Customer) -> str:
    """Let those of the one mail thread read along in the other; returns who asked in the first."""
    known = await cases.mail.people_of(tx, case.id)
    there = {email for email, _ in await cases.mail.people_of(tx, target.id)}
    own = (customer.email or "").lower()
    new = [email for email, _ in known if email not in there]
    await cases.mail.join(tx, target.id, [one for one in new if one != own], how="cc")
    await cases.mail.join(tx, target.id, [one for one in new if one == own], how="written_to")
    return next((email for email, how in known if how == "asked"), "")


async def _is_to_be_told(tx: Tx, case: Case, customer: Customer) -> bool:
    """Only who wrote on it is told, and no stranger is sent what somebody typed."""
    if case.spam or customer.guest:
        return False
    return case.id in await cases.heard_last(tx, [case.id])
