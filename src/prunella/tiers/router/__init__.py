"""Where a contact goes: what a customer can mend goes to self-heal, the rest to people."""

from collections.abc import Mapping
from dataclasses import dataclass

from prunella import actions
from prunella.cases import Case
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.desk import Desk
from prunella.tiers.selfheal import FixRun, NotOfferedError, SelfHeal

__all__ = ["PERSON", "NotOfferedError", "Router"]

PERSON = "talk_to_human"


@dataclass(frozen=True, slots=True)
class Router:
    """Moves a contact from tier to tier."""

    selfheal: SelfHeal
    desk: Desk

    async def fix(
        self,
        tx: Tx,
        customer: Customer,
        *,
        fix: str,
        target: str = "",
        text: str = "",
        choice: Mapping[str, str] | None = None,
    ) -> FixRun | Case:
        """Begin a fix; asking for a person is one, and always possible."""
        if fix == PERSON:
            return await self.person(tx, customer, about=target, text=text)
        run = await self.selfheal.begin(tx, customer, fix=fix, target=target, choice=choice)
        await self._give_to_a_person(tx, customer, run)
        return run

    async def _give_to_a_person(self, tx: Tx, customer: Customer, run: FixRun) -> None:
        """What a person decides has its case at once, and with it the time by which they do."""
        action = await actions.get(tx, run.action or "") if run.state == "waiting" else None
        if action and action.case is None:
            await self.desk.take_action(tx, customer, action)

    async def person(
        self, tx: Tx, customer: Customer, *, about: str = "", text: str = "", subject: str = ""
    ) -> Case:
        return await self.desk.take(
            tx, customer, because="asked", about=about, text=text, subject=subject
        )
