"""A mail comes in: into the case that it answers, a case of its own, or aside with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from prunella import cases, people
from prunella.cases import Case, Contact, Opened
from prunella.cases.mail import AS_A_CASE, Arrived, Settled, Thread
from prunella.connectors.mail.reading import Incoming, Mailbox
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.desk.mail.acknowledging import Receptionist
from prunella.tiers.desk.mail.bounces import take_bounce
from prunella.tiers.desk.mail.channels import Channels, without_plus
from prunella.tiers.desk.mail.content import words_of
from prunella.tiers.desk.mail.forwarding import colleague_who_forwards, take_forwarded

MAX_NOTE = 2_000
MAX_COPIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender:
    """Who wrote, as far as it is known. A filter errs: whom we surely know is no spammer."""

    customer: Customer
    accounts: Sequence[Customer]
    verified: bool
    spam: bool


@dataclass(frozen=True, slots=True)
class MailDesk:
    """Judges each mail by what it carries and who sent it; the order of the steps is the rule."""

    receptionist: Receptionist
    channels: Channels
    own_addresses: frozenset[str]

    async def take(self, tx: Tx, arrived: Arrived, mail: Incoming) -> Settled:
        """Do what a mail asks for. Handler of `cases.mail.take_batch`."""
        if mail.bounce:
            return await take_bounce(tx, mail.bounce)
        wanted = arrived.asked == AS_A_CASE
        thread = await cases.mail.thread_of(tx, mail.parents, sender=mail.sender.address)
        from_us = without_plus(mail.sender.address) in self.own_addresses
        by_machine = mail.machine is not None and not mail.machine.quiet
        if (by_machine or from_us) and not wanted:
            return await _note_machine(tx, mail, thread, from_us=from_us)
        colleague = await colleague_who_forwards(tx, mail)
        if colleague:
            return await take_forwarded(tx, self.receptionist.desk, mail, colleague)
        if thread and thread.knows:
            return await self._thread_in(tx, arrived, mail, thread)
        return await self._open(tx, arrived, mail, thread)

    async def _thread_in(self, tx: Tx, arrived: Arrived, mail: Incoming, thread: Thread) -> Settled:
        customer = await people.find_customer(tx, thread.customer)
        if customer is None:
            raise LookupError(thread.customer)
        actor = _speaking_for(customer, verified=mail.aligned)
        case = await cases.get_case(tx, thread.case) if thread.case else None
        if case is None:
            return await self._open(tx, arrived, mail, thread, known=customer)
        words = words_of(mail)
        said = await case.add_message(
            replace(tx, actor=actor),
            words.text,
            channel="mail",
            cc=self._copies(mail),
            attachments=words.files,
        )
        where = said.case_id or case.id
        await self._join(tx, where, mail)
        return Settled(outcome="threaded", verified=mail.aligned, message=said.id, case=where)

    async def _open(
        self,
        tx: Tx,
        arrived: Arrived,
        mail: Incoming,
        thread: Thread | None,
        *,
        known: Customer | None = None,
    ) -> Settled:
        sender = await _sender_of(tx, mail, known)
        contact = await cases.get_contact(tx, thread.contact) if known and thread else None
        opened = await self._begin(tx, mail, sender, contact)
        stranger = thread if known is None else None
        await self._place(tx, opened.case, arrived, mail)
        await _remark(tx, opened.case, mail, sender, stranger)
        if not sender.spam and mail.machine is None:
            await self.receptionist.acknowledge(
                tx,
                opened,
                sender.customer,
                to=mail.sender.address,
                subject=mail.subject,
                verified=sender.verified,
                parents=(mail.message_id,),
            )
        return Settled(
            outcome="spam" if sender.spam else "stranger" if stranger else "opened",
            verified=sender.verified,
            message=opened.said.id if opened.said else await _last_heard(tx, opened.case),
            case=opened.case.id,
        )

    async def _begin(
        self, tx: Tx, mail: Incoming, sender: _Sender, contact: Contact | None
    ) -> Opened:
        words = words_of(mail)
        diagnosis = await self.receptionist.desk.diagnostics.of(tx, sender.customer)
        return await cases.begin_case(
            replace(tx, actor=_speaking_for(sender.customer, verified=sender.verified)),
            sender.customer,
            subject=words.subject,
            text=words.text,
            because="asked",
            about=contact.subject if contact else "",
            channel="mail",
            spam=sender.spam,
            apart=contact is None,
            attachments=words.files,
            diagnosis=diagnosis.to_json(),
        )

    async def _place(self, tx: Tx, case: Case, arrived: Arrived, mail: Incoming) -> None:
        """Give the case to the team whose address was reached; its people may answer into it."""
        ways = [*(one.address for one in (*mail.to, *mail.cc)), *arrived.envelope_to]
        reached = self.channels.reached(ways)
        if reached and reached.team != case.team:
            await case.give_to_team(tx, reached.team)
        await self._join(tx, case.id, mail)

    async def _join(self, tx: Tx, case: str, mail: Incoming) -> None:
        await cases.mail.join(tx, case, [mail.sender.address], how="asked")
        await cases.mail.join(tx, case, self._copies(mail), how="cc")

    def _copies(self, mail: Incoming) -> tuple[str, ...]:
        """Who else the customer wrote to, without ourselves."""
        others = (one.address for one in (*mail.to, *mail.cc))
        left = [one for one in others if without_plus(one) not in self.own_addresses]
        copies = [one for one in dict.fromkeys(left) if one != mail.sender.address]
        return tuple(copies[:MAX_COPIES])


async def _sender_of(tx: Tx, mail: Incoming, known: Customer | None) -> _Sender:
    accounts = [known] if known else await people.of_email(tx, mail.sender.address)
    customer = accounts[0] if accounts else await _guest(tx, mail.sender)
    verified = mail.aligned and bool(accounts)
    return _Sender(
        customer=customer, accounts=accounts, verified=verified, spam=mail.spam and not verified
    )


def _speaking_for(customer: Customer, *, verified: bool) -> Actor:
    return Actor(kind="customer", id=customer.id, role="member", verified=verified)


async def _guest(tx: Tx, sender: Mailbox) -> Customer:
    return await people.guest(tx, email=sender.address, name=sender.name)


async def _last_heard(tx: Tx, case: Case) -> str | None:
    said = [one for one in await cases.messages_of(tx, case) if one.direction == "in"]
    return said[-1].id if said else None


async def _remark(
    tx: Tx, case: Case, mail: Incoming, sender: _Sender, stranger: Thread | None
) -> None:
    """Say among us what is odd about who wrote."""
    if stranger:
        await _tell_stranger(tx, case, mail, stranger)
    elif len(sender.accounts) > 1:
        names = ", ".join(f"{one.name} ({one.address})" for one in sender.accounts)
        await case.note(tx, f"Several accounts have this address: {names}.")


async def _tell_stranger(tx: Tx, case: Case, mail: Incoming, thread: Thread) -> None:
    other = await cases.get_case(tx, thread.case) if thread.case else None
    if other:
        words = (
            f"This answers case {other.number}, but {mail.sender.address} does not belong to it."
        )
        await case.note(tx, words)
        await case.link(tx, other, kind="related")


async def _note_machine(tx: Tx, mail: Incoming, thread: Thread | None, *, from_us: bool) -> Settled:
    """What a machine answered is noted on its case. It is never answered, and opens nothing."""
    outcome = "ours" if from_us else "machine"
    why = mail.machine.header if mail.machine else ""
    case = await cases.get_case(tx, thread.case) if thread and thread.case else None
    if case is None or from_us or not (thread and thread.knows) or case.status == "closed":
        return Settled(outcome=outcome, error=why)
    text = f"Automatic answer of {mail.sender.address}:\n\n{mail.text.strip()[:MAX_NOTE]}"
    said = await case.note(replace(tx, actor=SYSTEM), text)
    return Settled(outcome=outcome, message=said.id, case=case.id, error=why)
