"""What a person answers goes out as a mail of the same thread, signed by them or their team."""

import html
from dataclasses import dataclass

from prunella import cases, people
from prunella.cases import Case, Letter, Message
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.desk import Desk
from prunella.tiers.desk.mail.channels import Channels, TeamAddress

PLAIN = '<div style="white-space: pre-wrap;">{text}</div>'


@dataclass(frozen=True, slots=True)
class MailAnswers:
    """Listens to answers on cases."""

    desk: Desk
    channels: Channels

    async def on_answered(self, tx: Tx, event: Event) -> None:
        """Send the answer: to whoever asked, with those they had in copy, and its files."""
        case = await cases.get_case(tx, event.subject)
        answer = await cases.get_message(tx, event.data["message"])
        customer = await people.find_customer(tx, case.customer) if case else None
        if case is None or answer is None or customer is None:
            return
        if await cases.sendings_of(tx, [answer.id]):
            return
        asked, copied = await _people(tx, case)
        to = asked or customer.email
        if not to:
            return
        team = self.channels.of_team(case.team)
        signed = await _signed(tx, answer, team)
        chain = await cases.mail.thread_headers(tx, case.id)
        await cases.send_message(
            tx,
            answer,
            to=to,
            cc=[*answer.cc, *copied],
            letter=await self._letter(tx, case, customer, signed=signed, wrote_under=chain.subject),
            sender=team.sender if team else "",
            parents=chain.parents,
        )
        await cases.mail.join(tx, case.id, [to, *answer.cc], how="written_to")

    async def _letter(
        self, tx: Tx, case: Case, customer: Customer, *, signed: str, wrote_under: str
    ) -> Letter:
        """A mail is answered by a mail like any other; whoever asked on a page gets its button."""
        if case.channel == "mail":
            subject = wrote_under or case.subject
            again = subject if subject.lower().startswith("re:") else f"Re: {subject}"
            return Letter(again, signed + "\n", PLAIN.format(text=html.escape(signed)))
        values = {"number": str(case.number), "subject": case.subject, "answer": signed}
        return await self.desk.letter_about(tx, case, customer, "case_answered", values)


async def _people(tx: Tx, case: Case) -> tuple[str, list[str]]:
    """Return who asked first by mail, or nobody, and who was in copy."""
    known = await cases.mail.people_of(tx, case.id)
    asked = next((email for email, how in known if how == "asked"), "")
    return asked, [email for email, how in known if how == "cc"]


async def _signed(tx: Tx, answer: Message, team: TeamAddress | None) -> str:
    writer = await people.colleague(tx, answer.author_id) if answer.author_kind == "staff" else None
    signature = (writer.signature.strip() if writer else "") or (team.signature if team else "")
    return f"{answer.text}\n\n-- \n{signature}" if signature else answer.text
