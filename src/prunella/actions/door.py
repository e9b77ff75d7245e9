"""Asking for an action: judged, recorded and queued in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from prunella import people
from prunella.actions import ledger, store, watch
from prunella.actions.action import Action, ActionRequest, NotTheirsError
from prunella.actions.filled import filled
from prunella.actions.gather import about, asker_of, facts_of, gather
from prunella.actions.policy import ERROR, Decision, Facts, Policy
from prunella.actions.request import check_request, new_action, told
from prunella.actions.states import State
from prunella.kit import idempotency
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer

log = structlog.get_logger()

_AFTER: dict[str, State] = {
    "allow": "approved",
    "deny": "denied",
    "needs_approval": "awaiting_approval",
}


@dataclass(frozen=True, slots=True)
class Door:
    """The one door to everything that we change outside, with the policy that stands in it.

    `shadow` are other rules: they judge each request, too, and nothing is done by what they say.
    """

    policy: Policy
    shadow: Policy | None = None

    async def request(self, tx: Tx, asked: ActionRequest) -> Action:
        """Ask for an action, or get back the one that is open for the same attempt.

        Raises `UnknownKindError`, `BadRequestError`, and `NotTheirsError` when the customer has
        no such object.
        """
        actor = asked.actor or tx.actor
        customer = await _customer_of(tx, asked)
        await store.take_turns(tx, customer.id, business_key=asked.business_key)
        if self.may_begin(actor, kind=asked.kind, flow=asked.params.get("flow", "")):
            running = await _running(tx, customer, asked)
            if running:
                return running
        known = await about(tx, customer, asked)
        async with tx.together():
            return await self._decide(tx, customer, asked, actor, known)

    async def _decide(
        self,
        tx: Tx,
        customer: Customer,
        asked: ActionRequest,
        actor: Actor,
        known: Mapping[str, Any],
    ) -> Action:
        """Judge it by what is `known` of its kind, and enter it; the house's turn is taken last."""
        facts = await facts_of(tx, asked, asker_of(actor), known, reserves=True)
        decision = self._judge(facts)
        action = new_action(
            tx,
            customer,
            asked,
            facts=facts,
            decided=told(
                decision, facts, digest=self.policy.digest, shadow=self._said(facts, decision)
            ),
            actor=actor,
        )
        return await _enter(tx, action, decision)

    async def request_once(self, tx: Tx, asked: ActionRequest, *, scope: str, key: str) -> Action:
        """Answer a POST that carries an Idempotency-Key: the same key gets the same action.

        Raises what `request` raises, and `idempotency.KeyReusedError`.
        """
        body = {
            "kind": asked.kind,
            "customer": asked.customer,
            "target": asked.target,
            "amount": asked.amount,
            "currency": asked.currency,
            "reason": asked.reason,
            "params": dict(asked.params),
        }
        known = await idempotency.recall(tx, scope=scope, key=key, request=body)
        action = await store.get(tx, known["action"]) if known else None
        if action is None:
            action = await self.request(tx, await filled(tx, asked))
            await idempotency.remember(tx, scope=scope, key=key, result={"action": action.id})
        return action

    async def weigh(self, tx: Tx, asked: ActionRequest) -> Decision:
        """Return what would be decided right now. Nothing is written, and nothing is reserved."""
        customer = await _customer_of(tx, asked)
        return self._judge(await gather(tx, customer, asked, asker_of(asked.actor or tx.actor)))

    async def weigh_again(self, tx: Tx, action: Action, *, by: Actor) -> tuple[Decision, Facts]:
        """Judge a request that waits as if `by` asked for it now; what it reserved is left out.

        Takes the customer's turn: the verdict stays true until the commit. Raises
        `NotTheirsError` where what it is about is gone.
        """
        asked = ActionRequest(
            kind=action.kind,
            customer=action.customer,
            target=action.target,
            business_key=action.business_key,
            reason=action.reason,
            amount=action.amount,
            currency=action.currency,
            params=action.params,
        )
        customer = await _customer_of(tx, asked)
        await store.take_turn(tx, customer.id)
        facts = await gather(tx, customer, asked, asker_of(by), besides=action.id)
        return self._judge(facts), facts

    async def take_turn(self, tx: Tx, customer: Customer) -> None:
        """Have the customer's turn, which comes before all rows of theirs that are written first.

        For who writes some (a contact, a run) and asks for something then.
        """
        await store.take_turn(tx, customer.id)

    def may_begin(self, actor: Actor, *, kind: str, flow: str = "") -> bool:
        """Whether they may ask for this kind at all: by role, and by how they came in."""
        return self.policy.may_ask(asker_of(actor), kind=kind, flow=flow)

    def _said(self, facts: Facts, decision: Decision) -> dict[str, Any] | None:
        """Return what the shadow says; where it would decide otherwise, that is logged."""
        if self.shadow is None:
            return None
        other = self.shadow.judge(facts)
        if other.verdict != decision.verdict:
            log.info(
                "shadow policy differs",
                kind=facts.kind,
                decided=decision.verdict,
                shadow=other.verdict,
                rules=other.rules,
            )
        rules = () if other.verdict == "allow" else other.rules
        return {"verdict": other.verdict, "rules": list(rules), "content": self.shadow.digest}

    def _judge(self, facts: Facts) -> Decision:
        decision = self.policy.judge(facts)
        if ERROR in decision.rules:
            log.error("policy gave no decision", kind=facts.kind, problem=decision)
        return decision


async def _customer_of(tx: Tx, asked: ActionRequest) -> Customer:
    check_request(asked)
    customer = await people.find_customer(tx, asked.customer)
    if customer is None:
        raise NotTheirsError
    return customer


async def _running(tx: Tx, customer: Customer, asked: ActionRequest) -> Action | None:
    running = await store.open_by_key(tx, asked.business_key)
    if running is None and asked.kind == "retry_payment":
        running = await store.open_payment(tx, asked.target)
    if running and running.customer not in await people.names_of_account(tx, customer.id):
        raise NotTheirsError
    return running


async def _enter(tx: Tx, action: Action, decision: Decision) -> Action:
    """Nothing is read from here on: what is sent travels at once, and the turns end soon."""
    because = f"policy.{decision.verdict}"
    entered = await ledger.enter(tx, action, _AFTER[decision.verdict], because=because)
    if entered.state == "approved":
        await watch.watch_approved(tx, entered)
        await watch.queue(tx, entered.id)
    return entered
