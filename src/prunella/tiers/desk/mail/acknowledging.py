"""The first answer, within seconds: that it arrived, and by when a person answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prunella import cases
from prunella.cases import REPLIED, Opened, language_of
from prunella.diagnostics import Words
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.desk import Desk

VERIFIED, UNVERIFIED = "case_received", "message_received"


@dataclass(frozen=True, slots=True)
class Receptionist:
    """Answers at once, as seldom as `cases.mail.may_acknowledge` says."""

    desk: Desk
    languages: Mapping[str, Words]

    async def acknowledge(
        self,
        tx: Tx,
        opened: Opened,
        customer: Customer,
        *,
        to: str,
        subject: str,
        verified: bool,
        parents: Sequence[str] = (),
    ) -> bool:
        """Answer once. What nobody has verified gets an answer that repeats nothing of it."""
        if not await cases.mail.may_acknowledge(tx, sender=to, subject=subject, verified=verified):
            return False
        case, begun = opened.case, opened.begun
        contact = begun.contact if begun else await cases.get_contact(tx, case.contact)
        if contact is None:
            return False
        words = self.languages.get(language_of(customer.locale), self.desk.diagnostics.words)
        by = words.in_zone(customer.time_zone).day_and_time(case.promised_at, now=tx.now)
        known = {"number": str(case.number), "subject": case.subject} if verified else {}
        template = VERIFIED if verified else UNVERIFIED
        letter = await self.desk.letter_about(tx, case, customer, template, {"by": by, **known})
        await cases.write_mail(
            tx,
            contact,
            to=to,
            letter=letter,
            case=case.id,
            automatic=False,
            headers=REPLIED,
            parents=parents,
        )
        return True
