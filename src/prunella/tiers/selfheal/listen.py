"""A fix goes on when something happened: an action settled, a secure page was left, money came."""

from dataclasses import dataclass

from prunella import actions, cases, people
from prunella.actions import Action, ActionRequest, Door
from prunella.connectors.stripe import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.kit.jobs import Job
from prunella.tiers.selfheal import store
from prunella.tiers.selfheal.paying import has_been_paid, pay
from prunella.tiers.selfheal.store import A_PERSON_HAS_IT, A_PERSON_SAID_NO, FixRun, State

CARD_SAVED = "selfheal.card_saved"


@dataclass(frozen=True, slots=True)
class GoOn:
    """Listener: what a fix waited for has succeeded."""

    door: Door

    async def __call__(self, tx: Tx, event: Event) -> None:
        action = await actions.get(tx, event.subject)
        for run in await store.by_action(tx, event.subject) if action else ():
            if action and not run.settled:
                await self._go_on(tx, run, action)

    async def _go_on(self, tx: Tx, run: FixRun, action: Action) -> None:
        if action.kind == "open_checkout":
            await run.move(tx, "away", session=action.result["checkout_session"])
        elif (
            action.kind == "set_payment_method" and run.invoice and not await has_been_paid(tx, run)
        ):
            method = action.params["payment_method"]
            await pay(tx, self.door, run, payment_method=method)
        else:
            await _finish(tx, run)


async def on_action_stopped(tx: Tx, event: Event) -> None:
    """Denied, failed, or a person's to decide: the run ends; the case opens elsewhere."""
    action = await actions.get(tx, event.subject)
    for run in await store.by_action(tx, event.subject):
        if action and not run.settled:
            await run.move(tx, "failed", problem=action.error_code or await _denied(tx, action))


async def _denied(tx: Tx, action: Action) -> str:
    approval = await actions.of_action(tx, action.id)
    refused = approval is not None and approval.outcome == "refused"
    return A_PERSON_SAID_NO if refused else A_PERSON_HAS_IT


async def on_action_waiting(tx: Tx, event: Event) -> None:
    """A person decides first; the run goes on when they did."""
    for run in await store.by_action(tx, event.subject):
        if not run.settled and run.state != "waiting":
            await run.move(tx, "waiting")


async def on_checkout_completed(tx: Tx, event: Event) -> None:
    """The customer is back from the secure page; what they chose is read in a job."""
    for run in await store.by_session(tx, event.subject):
        if await _has_left_for_card(tx, run):
            await tx.defer(Job(CARD_SAVED, {"run_id": run.id}, lock=run.id))


async def on_checkout_expired(tx: Tx, event: Event) -> None:
    for run in await store.by_session(tx, event.subject):
        if not run.settled:
            await run.move(tx, "failed", problem="page_expired")


async def on_invoice_paid(tx: Tx, event: Event) -> None:
    for run in await store.by_invoice(tx, event.subject):
        await run.move(tx, "done")


async def on_invoice_withdrawn(tx: Tx, event: Event) -> None:
    """Nothing is to be paid any more: whatever was on its way ends."""
    for run in await store.by_invoice(tx, event.subject):
        await run.move(tx, "failed", problem="invoice_withdrawn")


async def _finish(tx: Tx, run: FixRun) -> None:
    """Where an invoice was paid, its contact ends when Stripe says so; the others end here."""
    await run.move(tx, "done")
    contact = await cases.get_contact(tx, run.contact)
    if contact and not run.invoice:
        await contact.end(tx, tier="selfheal", confirmed=True)


@dataclass(frozen=True, slots=True)
class CardSaved:
    """Job: read which card the customer chose, and ask for it to be put where it is charged."""

    house: House
    reads: Reads
    door: Door

    async def __call__(self, *, run_id: str) -> None:
        async with self.house.transaction(SYSTEM) as tx:
            run = await store.lock(tx, run_id)
            if run is None or run.session is None or not await _has_left_for_card(tx, run):
                return
        session = await self.reads.get("checkout.session", run.session, expand=["setup_intent"])
        intent = (session or {}).get("setup_intent")
        async with self.house.transaction(SYSTEM) as tx:
            run = await store.lock(tx, run_id)
            if run is None or not await _has_left_for_card(tx, run):
                return
            if isinstance(intent, dict) and intent.get("payment_method"):
                await _save(tx, self.door, run, payment_method=str(intent["payment_method"]))
            elif session and session["status"] == "complete" and not run.settled:
                await _finish(tx, run)


async def _has_left_for_card(tx: Tx, run: FixRun) -> bool:
    """Whether what they chose on the secure page is still to be read.

    Also where the bill was paid or withdrawn while they were there: the card is theirs to choose.
    """
    if not run.settled:
        return run.state == "away"
    action = await actions.get(tx, run.action or "")
    return action is not None and action.kind == "open_checkout"


async def _save(tx: Tx, door: Door, run: FixRun, *, payment_method: str) -> None:
    customer = await people.find_customer(tx, run.customer)
    of_subscription = (run.field or "").startswith("subscription.") and run.owner
    owner = run.owner if of_subscription else (customer and customer.stripe_customer)
    request = ActionRequest(
        kind="set_payment_method",
        customer=run.customer,
        target=owner or "",
        reason="fix",
        params={"payment_method": payment_method},
        business_key=f"set_pm:{owner}:{payment_method}",
        actor=run.actor,
    )
    action = await door.request(tx, request)
    state: State = run.state if run.settled else "saving"
    await run.move(tx, state, action=action.id, problem=run.problem)
