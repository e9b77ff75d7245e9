"""A company lives while one of its workers is killed over and over; then the books are compared."""

import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import httpx
from tests.journeys.company import Company
from tests.journeys.subscriber import A_MONTH, AMOUNT, Subscriber, subscriber
from tests.operations.topology import WORKERS, Topology


@contextmanager
def dying_worker(running: Topology, *, seed: int, pause_s: float) -> Iterator[list[str]]:
    """Kill the same one, at once and then at moments that the seed draws; the others go on."""
    draws = random.Random(seed)  # noqa: S311 draws moments, hides nothing
    name = WORKERS[seed % len(WORKERS)]
    killed: list[str] = []
    enough = threading.Event()

    def kill() -> None:
        while not (killed and enough.wait(draws.uniform(0.2, 1.0) * pause_s)):
            with running.reviving:
                running.kill(name)
                killed.append(name)
                running.start(name)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        yield killed
    finally:
        enough.set()
        killing.join()


def live(running: Topology, *, customers: int) -> list[tuple[Subscriber, str]]:
    """Everybody's second month fails; each is told, and pays through one of the webs."""
    everybody = [subscriber(running) for _ in range(customers)]
    for one in everybody:
        one.bank_says("insufficient_funds")
    running.advance(**A_MONTH)
    for one in everybody:
        running.until(lambda one=one: one.status() == "red", what=f"{one.name} is red")  # type: ignore[misc]
    for one in everybody:  # who pays before their letter is written gets none
        one.letter()
    running.advance(minutes=2)  # a charge of seconds ago could be taken for one that follows
    bills = []
    for one, web in zip(everybody, cycle(running.webs), strict=False):
        invoice = one.open_invoice()
        one.bank_says("")
        pay(running, web, one, invoice)
        bills.append((one, invoice))
    return bills


def pay(running: Company, web: str, customer: Subscriber, invoice: str) -> None:
    """Press the button as soon as it is there, then once more, as people do."""
    taken = {200, 202}
    running.until(lambda: _press(running, web, customer, invoice) in taken, what="a taken press")
    assert _press(running, web, customer, invoice) in {*taken, 409}


def _press(running: Company, web: str, customer: Subscriber, invoice: str) -> int:
    answer = httpx.post(
        f"{web}/v1/customers/{customer.id}/fixes/retry_payment",
        headers={
            "Authorization": f"Bearer {running.token(customer.id)}",
            "Idempotency-Key": secrets.token_hex(8),
        },
        json={"target": invoice},
        timeout=120,
    )
    assert answer.status_code in {200, 202, 409}, answer.text
    return answer.status_code


def settled(running: Topology, bills: list[tuple[Subscriber, str]]) -> None:
    """Nothing lost, nothing twice."""
    running.until(lambda: _quiet(running), what="everything is done")
    told = {event.id for event in running.stripe.v1.events.list({"limit": 100}).auto_paging_iter()}
    running.until(lambda: told <= _taken(running), what="every event is taken")
    tried = running.rows("select target, state, error from actions order by id")
    for customer, invoice in bills:
        assert running.stripe.v1.invoices.retrieve(invoice).status == "paid", (invoice, tried)
        assert [one.amount for one in customer.payments_of(invoice)] == [AMOUNT], invoice
        ids = {letter["message_id"] for letter in customer.letters()}
        assert len(ids) == 1, (customer.name, ids)
    once = Counter(invoice for _, invoice in bills)
    # A second press that came before the page knew finds the bill paid already.
    paid = running.rows(
        "select a.target from actions a join action_steps s on s.action = a.id"
        " where s.state = 'succeeded' and s.because <> 'stripe.was_so'"
    )
    done = Counter(target for (target,) in paid if target in once)
    told_so = "\n".join(customer.history() for customer, _ in bills)
    assert done == once, f"{tried}\n{told_so}"


def _taken(running: Topology) -> set[str]:
    return {
        row[0] for row in running.rows("select event_id from stripe_inbox where state = 'done'")
    }


def _quiet(running: Topology) -> bool:
    """Nothing waits, nothing stopped, and Stripe has told us everything."""
    left = running.rows(
        "select (select count(*) from stripe_inbox where state <> 'done')"
        " + (select count(*) from deliveries)"
        " + (select count(*) from procrastinate_jobs where status in ('todo', 'doing', 'failed'))"
        " + (select count(*) from outbox where state <> 'sent')"
        " + (select count(*) from actions"
        " where state in ('requested', 'approved', 'submitting', 'unknown'))"
    )
    time.sleep(0.2)
    return left == [(0,)]
