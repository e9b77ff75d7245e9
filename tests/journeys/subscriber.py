"""A customer of the company, as both sides know them: at Stripe, and with us."""

import secrets
from dataclasses import dataclass
from typing import Any

from tests.journeys.company import Company

AMOUNT = 250_000
A_MONTH = {"days": 31, "hours": 2}
FIRST_MONTH = """
select count(distinct kind) from mirror_objects
where customer = %s and (kind, status) in (
  ('subscription', 'active'), ('invoice', 'paid'), ('invoice_payment', 'paid'),
  ('charge', 'succeeded'))
"""


@dataclass(frozen=True)
class Subscriber:
    """Each test has its own; `email` and `name` are nobody else's."""

    running: Company
    id: str
    name: str
    email: str
    card: str

    @property
    def stripe(self) -> Any:
        return self.running.stripe.v1

    def bank_says(self, decline: str) -> None:
        """From now on the bank refuses the stored card; an empty code: it agrees again."""
        self.stripe.payment_methods.update(self.card, {"metadata": {"sandbox_decline": decline}})

    def uses(self, card: str) -> None:
        """Store another of Stripe's test cards, and pay everything with it from now on."""
        stored = self.stripe.payment_methods.attach(card, {"customer": self.id})
        for one in self.stripe.subscriptions.list({"customer": self.id}).data:
            self.stripe.subscriptions.update(one.id, {"default_payment_method": stored.id})

    def becomes_known(self) -> None:
        """Wait for all of their first month: green is also who is known by their name alone."""
        self.running.until(
            lambda: self.running.rows(FIRST_MONTH, self.id) == [(4,)] and self.status() == "green",
            what=f"{self.name} is known",
        )

    def a_month_passes(self) -> str:
        """The next bill fails; returns it once we know of it."""
        self.running.advance(**A_MONTH)
        self.running.until(lambda: self.status() == "red", what=f"{self.name} is red")
        return self.open_invoice()

    def open_invoice(self) -> str:
        found = self.stripe.invoices.list({"customer": self.id, "status": "open"}).data
        assert len(found) == 1, found
        return str(found[0].id)

    def newest_invoice(self) -> str:
        return str(self.stripe.invoices.list({"customer": self.id}).data[0].id)

    def status(self) -> str:
        return str(self.running.diagnosis(self.id)["status"])

    def cause(self) -> str:
        return str(self.running.diagnosis(self.id)["root_cause"])

    def letters(self) -> list[dict[str, Any]]:
        found = self.running.outside("GET", "/_sandbox/mail", params={"to": self.email})
        return list(found["data"])

    def letter(self) -> dict[str, Any]:
        """The one letter that they got, once it is there, whole."""
        letters = self.running.until(self.letters, what=f"a letter to {self.name}")
        assert len({one["message_id"] for one in letters}) == 1, letters
        whole: dict[str, Any] = self.running.outside("GET", f"/_sandbox/mail/{letters[0]['id']}")
        return whole

    def told(self) -> list[str]:
        """What their letters say, each on one line."""
        whole = (
            self.running.outside("GET", f"/_sandbox/mail/{one['id']}") for one in self.letters()
        )
        return [" ".join(letter["text"].split()) for letter in whole]

    def link(self) -> str:
        """What the button of their letter leads to."""
        links = [link for link in self.letter()["links"] if link.startswith(self.running.url)]
        assert len(set(links)) == 1, links
        return str(links[0])

    def payments_of(self, invoice: str) -> list[Any]:
        """The charges for this invoice that went through."""
        paid = self.stripe.invoice_payments.list({"invoice": invoice}).data
        intents = {one.payment.payment_intent for one in paid}
        charges = self.stripe.charges.list({"customer": self.id, "limit": 100}).data
        return [
            one for one in charges if one.payment_intent in intents and one.status == "succeeded"
        ]

    def outcomes(self) -> list[tuple[Any, ...]]:
        """Tier, and whether it was confirmed, of each contact that ended."""
        return self.running.rows(
            "select o.tier, o.confirmed from outcomes o join contacts t on t.id = o.contact"
            " join customers c on c.id = t.customer where c.stripe_customer = %s",
            self.id,
        )

    def settled_once(self, invoice: str) -> None:
        """Paid, by exactly one charge; told in one letter; one outcome; nothing left to do."""
        self.running.until(
            lambda: self.stripe.invoices.retrieve(invoice).status == "paid", what="it is paid"
        )
        assert [one.amount for one in self.payments_of(invoice)] == [AMOUNT]
        self.running.until(lambda: self.status() == "green", what=f"{self.name} is green")
        self.running.until(self.outcomes, what="the outcome")
        assert self.outcomes() == [("selfheal", True)]
        told = {one["message_id"]: one["subject"] for one in self.letters()}
        assert len(told) == 1, f"{told}\n{self.running.logs()}\n{self.history()}"

    def history(self) -> str:
        """What we know to have happened to them, for whoever reads a failure."""
        found = self.running.rows(
            "select e.at::text, e.name, e.subject, e.data::text from events e"
            " where e.customer = (select id from customers where stripe_customer = %s)"
            " or e.data->>'customer' = %s order by e.seq",
            self.id,
            self.id,
        )
        return "--- history\n" + "\n".join(" ".join(row) for row in found)


def subscriber(running: Company, price: str | None = None) -> Subscriber:
    """A customer whose first month is paid, of a plan of their own unless a price is given."""
    client = running.stripe.v1
    name = f"Northbeck {secrets.token_hex(3)}"
    email = f"pay@{name.lower().replace(' ', '-')}.example"
    customer = client.customers.create({"name": name, "email": email})
    card = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": price or _price(running)}],
            "default_payment_method": card.id,
        }
    )
    return Subscriber(running, customer.id, name, email, card.id)


def refused(running: Company, decline: str = "insufficient_funds") -> tuple[Subscriber, str]:
    """A customer whose bank says no to their second month, and the invoice."""
    customer = subscriber(running)
    customer.bank_says(decline)
    invoice = customer.a_month_passes()
    customer.letter()
    return customer, invoice


def _price(running: Company) -> str:
    client = running.stripe.v1
    product = client.products.create({"name": "Starter"})
    price = client.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": AMOUNT,
            "recurring": {"interval": "month"},
        }
    )
    return str(price.id)
