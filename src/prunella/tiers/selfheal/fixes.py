"""Beginning a fix: what the customer's click sets off."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from prunella import cases
from prunella.actions import ActionRequest, Door, NotTheirsError
from prunella.diagnostics import Diagnosis, Diagnostics, FixOffer, gather
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.selfheal import later, store
from prunella.tiers.selfheal.choice import Choice, NotOfferedError, SignInFirstError
from prunella.tiers.selfheal.errands import A_PERSON_DECIDES, ERRANDS, KINDS, alike
from prunella.tiers.selfheal.forward import Forward
from prunella.tiers.selfheal.paying import pay
from prunella.tiers.selfheal.store import BY_A_PERSON, FixRun, State


@dataclass(frozen=True, slots=True)
class SelfHeal:
    """One-click remedies."""

    diagnostics: Diagnostics
    forward: Forward
    door: Door

    async def begin(
        self, tx: Tx, customer: Customer, *, fix: str, target: str, choice: Choice | None = None
    ) -> FixRun:
        """Begin the fix, or return the one that runs already, or the one that settled it.

        Two tabs, a reload and a second click all get the same run back. Raises `NotOfferedError`,
        `ChoiceNeededError` and `BadChoiceError`.
        """
        for one in alike(fix):
            running = await store.open_run(tx, customer.id, one, target)
            if running:
                return running
        await self.door.take_turn(tx, customer)
        if fix in KINDS:
            aim = target or customer.stripe_customer or ""
            return await self._begin_chosen(tx, customer, fix, aim, choice or {})
        diagnosis = await self.diagnostics.of(tx, customer)
        offer = _offered(diagnosis, fix, target)
        if offer is None:
            return await self._settled(tx, customer, fix=fix, target=target)
        run = await self._new_run(tx, customer, offer)
        if not await store.insert(tx, run):
            return await self._settled(tx, customer, fix=fix, target=target)
        return await _FIRST_STEP[offer.name](self, tx, customer, run, offer)

    async def _begin_chosen(
        self, tx: Tx, customer: Customer, fix: str, target: str, choice: Choice
    ) -> FixRun:
        if not self.door.may_begin(tx.actor, kind=KINDS[fix]):
            raise SignInFirstError
        if fix == "resend_invoice" and await is_collected(tx, customer, target):
            return await self._forward(tx, customer, target, choice)
        if fix == "retry_later":
            return await self._plan_retry(tx, customer, target, choice)
        latest = await store.latest(tx, customer.id, fix, target)
        if fix in A_PERSON_DECIDES and latest and latest.problem in BY_A_PERSON:
            return latest
        request = await ERRANDS[fix](tx, customer, target, choice)
        if fix not in A_PERSON_DECIDES and not await self._allowed(tx, request):
            return await self._settled(tx, customer, fix=fix, target=target)
        run = await self._chosen_run(tx, customer, fix, target, state="doing")
        if not await store.insert(tx, run):
            return await self._settled(tx, customer, fix=fix, target=target)
        action = await self.door.request(tx, replace(request, actor=run.actor, contact=run.contact))
        state: State = "waiting" if action.state == "awaiting_approval" else "doing"
        return await run.move(tx, state, action=action.id)

    async def _plan_retry(self, tx: Tx, customer: Customer, target: str, choice: Choice) -> FixRun:
        offer = later.offer_for(await self.diagnostics.of(tx, customer), target)
        asked = later.request_of(customer, target, run="planned")
        if offer is None or not await self._allowed(tx, asked):
            return await self._settled(tx, customer, fix="retry_later", target=target)
        day = later.chosen_day(offer, customer.time_zone, choice)
        run = await self._chosen_run(
            tx, customer, "retry_later", target, state="planned", due_at=day, invoice=target
        )
        if not await store.insert(tx, run):
            return await self._settled(tx, customer, fix="retry_later", target=target)
        return await later.plan(tx, run)

    async def _forward(self, tx: Tx, customer: Customer, target: str, choice: Choice) -> FixRun:
        invoice = await self.forward.check(tx, customer, target, choice)
        run = await self._chosen_run(
            tx, customer, "resend_invoice", target, state="doing", invoice=target
        )
        if not await store.insert(tx, run):
            return await self._settled(tx, customer, fix="resend_invoice", target=target)
        return await self.forward.send(tx, run, customer, invoice, choice["to"].strip())

    async def _chosen_run(
        self,
        tx: Tx,
        customer: Customer,
        fix: str,
        target: str,
        *,
        state: State,
        due_at: datetime | None = None,
        invoice: str | None = None,
    ) -> FixRun:
        contact = await cases.contact_about(
            tx, customer.id, subject=target, channel="web", direction="inbound", tier="selfheal"
        )
        return FixRun(
            id=tx.new_id("fix"),
            customer=customer.id,
            fix=fix,
            target=target,
            state=state,
            actor=tx.actor,
            contact=contact.id,
            opened_at=tx.now,
            invoice=invoice,
            due_at=due_at,
        )

    async def run(self, tx: Tx, customer: Customer, run_id: str) -> FixRun | None:
        return await store.get(tx, customer.id, run_id)

    async def _settled(self, tx: Tx, customer: Customer, *, fix: str, target: str) -> FixRun:
        latest = await store.latest(tx, customer.id, fix, target)
        if latest is None:
            raise NotOfferedError
        return latest

    async def _new_run(self, tx: Tx, customer: Customer, offer: FixOffer) -> FixRun:
        subject = offer.invoice or offer.checkout_session or customer.id
        contact = await cases.contact_about(
            tx, customer.id, subject=subject, channel="web", direction="inbound", tier="selfheal"
        )
        return FixRun(
            id=tx.new_id("fix"),
            customer=customer.id,
            fix=offer.name,
            target=offer.target or "",
            state=_BEGINS_AS[offer.name],
            actor=tx.actor,
            contact=contact.id,
            opened_at=tx.now,
            invoice=offer.invoice,
            field=offer.charged_by.field if offer.charged_by else None,
            owner=offer.subscription,
        )

    async def _choose_a_card(
        self, tx: Tx, customer: Customer, run: FixRun, _offer: FixOffer
    ) -> FixRun:
        params = {"mode": "setup", "run": run.id, "return_path": f"/billing/return?run={run.id}"}
        return await self._ask(tx, customer, run, kind="open_checkout", params=params)

    async def _new_link(self, tx: Tx, customer: Customer, run: FixRun, offer: FixOffer) -> FixRun:
        """A paid link renews by being read again, a Checkout session by being made again."""
        if offer.invoice:
            return await self._go_away(tx, customer, run, offer)
        params = {
            "copy_of": run.target,
            "run": run.id,
            "return_path": f"/billing/return?run={run.id}",
        }
        return await self._ask(tx, customer, run, kind="open_checkout", params=params)

    async def _pay(self, tx: Tx, _customer: Customer, run: FixRun, offer: FixOffer) -> FixRun:
        return await pay(tx, self.door, run, payment_method=offer.payment_method)

    async def _go_away(self, tx: Tx, _customer: Customer, run: FixRun, _offer: FixOffer) -> FixRun:
        return await run.move(tx, "away")

    async def _ask(
        self, tx: Tx, customer: Customer, run: FixRun, *, kind: str, params: dict[str, str]
    ) -> FixRun:
        request = ActionRequest(
            kind=kind,
            customer=customer.id,
            target=customer.stripe_customer or "",
            reason="fix",
            params=params,
            business_key=f"checkout:{run.id}",
            actor=run.actor,
        )
        action = await self.door.request(tx, request)
        return await run.move(tx, "starting", action=action.id)

    async def _allowed(self, tx: Tx, request: ActionRequest) -> bool:
        try:
            return (await self.door.weigh(tx, request)).verdict == "allow"
        except NotTheirsError:
            return False


async def is_collected(tx: Tx, customer: Customer, invoice: str) -> bool:
    """Whether Stripe collects this invoice by itself, and so never sends it."""
    known = (await gather(tx, customer)).invoice(invoice)
    return known is not None and not known.sent_to_pay


def _offered(diagnosis: Diagnosis, fix: str, target: str) -> FixOffer | None:
    matching = (o for o in diagnosis.offers if o.name == fix and (o.target or "") == target)
    return next(matching, None)


_BEGINS_AS: dict[str, State] = {
    "update_card": "starting",
    "retry_payment": "paying",
    "confirm_payment": "away",
    "regenerate_link": "starting",
}
FirstStep = Callable[[SelfHeal, Tx, Customer, FixRun, FixOffer], Awaitable[FixRun]]
_FIRST_STEP: dict[str, FirstStep] = {
    "update_card": SelfHeal._choose_a_card,  # noqa: SLF001 the class's own steps
    "retry_payment": SelfHeal._pay,  # noqa: SLF001 the class's own steps
    "confirm_payment": SelfHeal._go_away,  # noqa: SLF001 the class's own steps
    "regenerate_link": SelfHeal._new_link,  # noqa: SLF001 the class's own steps
}
