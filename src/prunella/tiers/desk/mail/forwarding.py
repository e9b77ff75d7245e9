"""A colleague forwards a customer's mail: it counts as what the customer said."""

from dataclasses import replace

from prunella import cases, people
from prunella.cases.mail import Settled
from prunella.connectors.mail.reading import Forwarded, Incoming
from prunella.kit.house import Tx
from prunella.people import staff
from prunella.people.staff import Member
from prunella.tiers.desk import Desk
from prunella.tiers.desk.mail.content import words_of


async def colleague_who_forwards(tx: Tx, mail: Incoming) -> Member | None:
    """Return the colleague who forwards; None where it is no forward, or not surely from them.

    Only the mail server's word for the sender's domain counts: anybody can write a colleague's
    address into a mail.
    """
    if mail.forwarded is None or not mail.aligned:
        return None
    member = await staff.of_email(tx, mail.sender.address)
    return member if member and member.state == "active" else None


async def take_forwarded(tx: Tx, desk: Desk, mail: Incoming, colleague: Member) -> Settled:
    """Open a case of whoever wrote it first, in the colleague's name; nobody is acknowledged."""
    found = mail.forwarded
    if found is None:
        return Settled(outcome="machine")
    accounts = await people.of_email(tx, found.sender.address)
    customer = (
        accounts[0]
        if accounts
        else await people.guest(tx, email=found.sender.address, name=found.sender.name)
    )
    words = words_of(replace(mail, text=found.text, subject=found.subject or mail.subject))
    diagnosis = await desk.diagnostics.of(tx, customer)
    case = await cases.open_case(
        replace(tx, actor=colleague.actor),
        customer,
        subject=words.subject,
        text=words.text,
        because="asked",
        channel="mail",
        on_behalf=True,
        apart=True,
        attachments=words.files,
        diagnosis=diagnosis.to_json(),
    )
    await cases.mail.join(tx, case.id, [found.sender.address], how="asked")
    await _keep_remark(replace(tx, actor=colleague.actor), case, found)
    said = [one for one in await cases.messages_of(tx, case) if one.direction == "in"]
    return Settled(outcome="forwarded", case=case.id, message=said[0].id if said else None)


async def _keep_remark(tx: Tx, case: cases.Case, found: Forwarded) -> None:
    if found.said.strip():
        await case.note(tx, found.said.strip()[:2_000])
