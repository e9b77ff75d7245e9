"""Tier 3: people. A case reaches them with everything known, so nobody has to be told twice."""

from dataclasses import dataclass
from typing import Any

from prunella import actions, cases, people
from prunella.cases import Because, Case
from prunella.diagnostics import Diagnostics
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer

__all__ = ["Desk"]

ACTIONS_SHOWN = 20
_BECAUSE: dict[str, Because] = {"denied": "action_denied", "unknown": "action_unknown"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes what needs a person."""

    diagnostics: Diagnostics

    async def take(
        self,
        tx: Tx,
        customer: Customer,
        *,
        because: Because,
        about: str,
        text: str = "",
    ) -> Case:
        """Open a case about `about`, or add to the one that is open about it already."""
        diagnosis = await self.diagnostics.of(tx, customer)
        contact = await cases.contact_about(
            tx, customer.id, subject=about, channel="web", direction="inbound", tier="human"
        )
        return await cases.open_case(
            tx,
            customer,
            subject=diagnosis.first.title,
            text=text or diagnosis.explanation,
            because=because,
            about=about,
            contact=contact,
            diagnosis=diagnosis.to_json(),
            actions=await self._tried(tx, customer),
        )

    async def on_needs_person(self, tx: Tx, event: Event) -> None:
        """An action was denied, failed or stays unknown: somebody has to look."""
        customer = await people.find_customer(tx, event.customer or "")
        action = await actions.get(tx, event.subject)
        if customer is None or action is None:
            return
        because = _BECAUSE.get(action.state, "action_failed")
        await self.take(tx, customer, because=because, about=action.target)

    async def _tried(self, tx: Tx, customer: Customer) -> list[dict[str, Any]]:
        tried = await actions.of_customer(tx, customer.id, limit=ACTIONS_SHOWN)
        return [
            {
                "id": action.id,
                "kind": action.kind,
                "target": action.target,
                "state": action.state,
                "at": action.created_at.isoformat(),
            }
            for action in tried
        ]
