"""Whoever may decide hears that something waits for them, until somebody has decided."""

from dataclasses import dataclass

from prunella import actions
from prunella.actions import Approvals
from prunella.cases import notify
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import colleagues, tokens

TO_DECIDE = "approval.on_case"
"""Something waits for a person, and has its case; the event's subject is the action."""


@dataclass(frozen=True, slots=True)
class Deciders:
    """Listens to what begins to wait, and to what ends it."""

    approvals: Approvals

    async def on_to_decide(self, tx: Tx, event: Event) -> None:
        """Tell everybody whose role may decide it, but not who asked, by whatever token."""
        action = await actions.get(tx, event.subject)
        if action is None or action.state != "awaiting_approval":
            return
        roles = await self.approvals.roles(tx, action.id)
        who = [one.id for one in await colleagues(tx) if one.role in roles]
        by = action.requested_by
        asker = (await tokens.people_behind(tx, [by])).get(by.id)
        await notify.tell(tx, "to_decide", case=event.data["case"], to=who, by=asker)

    async def on_decided(self, tx: Tx, event: Event) -> None:
        """Where nothing of a case waits any more, nobody is asked to look at it any more."""
        action = await actions.get(tx, event.subject)
        if action is None or action.case is None:
            return
        if not await self.approvals.deciders(tx, [action.case]):
            await notify.settle(tx, "to_decide", case=action.case)
