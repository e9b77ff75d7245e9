"""What a person decided, told to the customer in the case where they asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from prunella import actions, cases, people
from prunella.actions import Action
from prunella.cases import language_of
from prunella.diagnostics import Words
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.money import Money

_TOLD = frozenset(
    {
        *("refund", "credit_balance", "credit_note", "void_invoice"),
        *("correct_invoice", "cancel_subscription"),
    }
)
_ASKED_FOR_IT = frozenset({"customer", "lee", "service"})


@dataclass(frozen=True, slots=True)
class Telling:
    """Listens to how an action ended that a person had decided."""

    words: Words
    languages: Mapping[str, Words]

    async def on_succeeded(self, tx: Tx, event: Event) -> None:
        """What was approved has been done: say so, and the case is solved."""
        action = await actions.get(tx, event.subject)
        approval = await actions.of_action(tx, event.subject)
        if action is None or approval is None or action.kind not in _TOLD:
            return
        kind = f"overcharge_{action.kind}" if actions.is_for_overcharge(action) else action.kind
        await self._say(tx, action, f"told.{kind}", status="solved")

    async def on_denied(self, tx: Tx, event: Event) -> None:
        """A person said no. What only lapsed stays open in its case, and nobody said no."""
        action = await actions.get(tx, event.subject)
        approval = await actions.of_action(tx, event.subject)
        if action is None or approval is None or approval.outcome != "refused":
            return
        if action.requested_by.kind in _ASKED_FOR_IT:
            await self._say(tx, action, "told.refused", status="pending")

    async def _say(self, tx: Tx, action: Action, key: str, *, status: cases.Status) -> None:
        case = await cases.get_case(tx, action.case or "")
        if case is None or (case.status == "closed" and case.merged_into is None):
            return
        words = await self._words_of(tx, action)
        money = Money(action.amount, action.currency) if action.amount and action.currency else None
        amount = money.format(words.locale) if money else words.say("told.it")
        await case.reply(tx, words.say(key, amount=amount), status=status)

    async def _words_of(self, tx: Tx, action: Action) -> Words:
        customer = await people.find_customer(tx, action.customer)
        language = language_of(customer.locale) if customer else ""
        return self.languages.get(language, self.words)
