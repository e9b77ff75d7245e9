"""Beginning a fix: what the customer's click sets off."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prunella import actions, cases
from prunella.actions import ActionRequest
from prunella.diagnostics import Diagnosis, Diagnostics, FixOffer
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.selfheal import store
from prunella.tiers.selfheal.store import FixRun, State


class NotOfferedError(Exception):
    """This is not needed right now, or not possible. The page shows what is."""


@dataclass(frozen=True, slots=True)
class SelfHeal:
    """One-click remedies."""

    diagnostics: Diagnostics

    async def begin(self, tx: Tx, customer: Customer, *, fix: str, target: str) -> FixRun:
        """Begin the fix, or return the one that runs already, or the one that settled it.

        Two tabs, a reload and a second click all get the same run back.
        """
        running = await store.open_run(tx, customer.id, fix, target)
        if running:
            return running
        diagnosis = await self.diagnostics.of(tx, customer)
        offer = _offered(diagnosis, fix, target)
        if offer is None:
            return await self._settled(tx, customer, fix=fix, target=target)
        run = await self._new_run(tx, customer, offer)
        if not await store.insert(tx, run):
            return await self._settled(tx, customer, fix=fix, target=target)
        return await _FIRST_STEP[offer.name](self, tx, customer, run, offer)

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
        return await pay(tx, run, payment_method=offer.payment_method)

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
        action = await actions.request(tx, request)
        return await run.move(tx, "starting", action=action.id)


async def pay(tx: Tx, run: FixRun, *, payment_method: str | None) -> FixRun:
    """Ask for the payment of the run's invoice.

    The key names the attempt, so that whoever asks for it meanwhile gets this same action.
    """
    key = await actions.business_key_of(
        tx, kind="retry_payment", target=run.invoice or "", payment_method=None, key=run.id
    )
    request = ActionRequest(
        kind="retry_payment",
        customer=run.customer,
        target=run.invoice or "",
        reason="fix",
        params={"payment_method": payment_method} if payment_method else {},
        business_key=key,
        actor=run.actor,
    )
    action = await actions.request(tx, request)
    return await run.move(tx, "paying", action=action.id)


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
