"""Sending an invoice to the colleague who pays: our own letter, to an address that is typed."""

from dataclasses import dataclass
from datetime import timedelta

from prunella import audit, cases, people
from prunella.cases import Letters
from prunella.connectors.mail import is_public
from prunella.diagnostics import Words, gather
from prunella.diagnostics.facts import Invoice
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.selfheal import store
from prunella.tiers.selfheal.choice import (
    BadChoiceError,
    Choice,
    ChoiceNeededError,
    NotOfferedError,
)
from prunella.tiers.selfheal.store import FixRun

PURPOSE = "invoice"
A_DAY = timedelta(days=1)
MOST_A_DAY = 5


class TooOftenError(NotOfferedError):
    """This invoice was sent within the last day, or many others were. Look in the inbox first."""


@dataclass(frozen=True, slots=True)
class Forward:
    """Writes the letter. Nothing that a customer typed stands in it but its address."""

    letters: Letters
    words: Words
    public_url: str

    async def check(self, tx: Tx, customer: Customer, target: str, choice: Choice) -> Invoice:
        """Return the invoice. Raises what is in the way."""
        invoice = (await gather(tx, customer)).invoice(target)
        if invoice is None or not invoice.owed:
            raise NotOfferedError
        if "to" not in choice:
            raise ChoiceNeededError
        if not is_public(choice["to"].strip()):
            raise BadChoiceError(fields=("to",))
        since = tx.now - A_DAY
        latest = await store.latest(tx, customer.id, "resend_invoice", target)
        if latest and latest.state == "done" and latest.opened_at > since:
            raise TooOftenError
        if await store.begun_since(tx, customer.id, "resend_invoice", since) >= MOST_A_DAY:
            raise TooOftenError
        return invoice

    async def send(
        self, tx: Tx, run: FixRun, customer: Customer, invoice: Invoice, to: str
    ) -> FixRun:
        token = await people.links.make(
            tx, customer=customer.id, purpose=PURPOSE, subject=invoice.id
        )
        words = self.words.in_zone(customer.time_zone)
        values = {
            "invoice": invoice.number or "",
            "amount": invoice.remaining.format(words.locale) if invoice.remaining else "",
            "due": words.say("forward.due", day=words.day(invoice.due_at, now=tx.now))
            if invoice.due_at
            else "",
        }
        link = f"{self.public_url}/l/i/{token}"
        letter = self.letters.write("invoice_forwarded", link=link, values=values)
        contact = await cases.get_contact(tx, run.contact)
        if contact is None:
            raise NotOfferedError
        await cases.write_mail(tx, contact, to=to, letter=letter)
        await audit.record(
            tx, "invoice.forwarded", invoice.id, customer=customer.id, because="resend_invoice"
        )
        return await run.move(tx, "done")
