"""Letters ahead of time: a card that runs out, a trial that ends, a bill that is unusual."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prunella import cases, diagnostics, people
from prunella.diagnostics import Facts, Words
from prunella.diagnostics.voice import Voice
from prunella.kit.house import Tx
from prunella.kit.money import Money
from prunella.kit.timers import Timer
from prunella.people import Customer
from prunella.tiers.prevent import store_notices as store
from prunella.tiers.prevent.cards import cards_in_use, due_notice, month_of
from prunella.tiers.prevent.dunning import Dunning, NoticeKind
from prunella.tiers.prevent.letters import Scribe
from prunella.tiers.prevent.store_notices import Notice
from prunella.tiers.prevent.unusual import Upcoming, is_unusual, usual_amount

DUE = "prevent.notice"
DAILY = "prevent.daily"
EVERYONE = "all"
PAGE = 100
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notices:
    """Raises each notice once, and writes it when it may be written, if it still holds then."""

    dunning: Dunning
    scribe: Scribe

    async def begin(self, tx: Tx) -> None:
        """Set the daily look going, once for the whole installation."""
        if not await store.is_armed(tx, DAILY, EVERYONE):
            await tx.arm(Timer(DAILY, EVERYONE, tx.now))

    async def on_daily(self, tx: Tx, timer: Timer) -> None:
        """Look for cards that run out, a page at a time. Handler of the timer `prevent.daily`."""
        first, ahead = month_of(tx.now), tx.now + timedelta(days=max(self.dunning.card_days) + 1)
        found = await store.with_cards_ending(
            tx,
            first=first - 1,
            last=month_of(ahead),
            after=str(timer.data.get("after", "")),
            limit=PAGE,
        )
        for name in found:
            customer = await people.of_stripe(tx, name)
            if customer:
                await self._look_at_cards(tx, customer)
        if len(found) == PAGE:
            await tx.arm(Timer(DAILY, EVERYONE, timer.due_at, {"after": found[-1]}))
        else:
            await tx.arm(Timer(DAILY, EVERYONE, tx.now + A_DAY))

    async def on_due(self, tx: Tx, timer: Timer) -> None:
        """Write a notice whose time has come. Handler of the timer `prevent.notice`."""
        notice = await store.lock(tx, timer.subject)
        customer = await people.find_customer(tx, notice.customer) if notice else None
        if notice is None or customer is None or notice.state != "waiting":
            return
        values = await self._values(tx, customer, notice)
        reason = await self._why_not(tx, customer, notice)
        if values is None or reason:
            await store.settle(tx, notice.id, "skipped", reason or "no_longer_true")
            return
        free_at = await cases.may_write_at(tx, customer)
        if free_at > tx.now:
            await tx.arm(Timer(DUE, notice.id, free_at))
            return
        await self._write(tx, customer, notice, values)

    async def trial_ending(self, tx: Tx, customer: Customer, subscription: str) -> None:
        facts = await diagnostics.gather(tx, customer)
        found = facts.subscription(subscription)
        if found is None or found.trial_end is None:
            return
        mark = found.trial_end.date().isoformat()
        await self._raise(
            tx, customer, "trial_ending", subscription, mark=mark, until=found.trial_end
        )

    async def bill_coming(self, tx: Tx, customer: Customer, upcoming: Upcoming) -> None:
        facts = await diagnostics.gather(tx, customer)
        usual = usual_amount(facts, upcoming, invoices=self.dunning.unusual_invoices)
        if usual is None or not is_unusual(upcoming, usual, self.dunning.unusual_factor):
            return
        at = upcoming.at or tx.now + A_DAY
        data = {
            "amount": upcoming.amount.amount,
            "usual": usual.amount,
            "currency": usual.currency,
            "at": at.isoformat(),
            "subscription": upcoming.subscription,
        }
        subject = upcoming.subscription or customer.id
        mark = at.date().isoformat()
        await self._raise(tx, customer, "bill_unusual", subject, mark=mark, until=at, data=data)

    async def _look_at_cards(self, tx: Tx, customer: Customer) -> None:
        facts = await diagnostics.gather(tx, customer)
        for ending in cards_in_use(facts, customer.time_zone):
            left = ending.days_left(tx.now, customer.time_zone)
            day, overtaken = due_notice(left, self.dunning.card_days)
            for earlier in overtaken:
                await store.overtake(
                    tx,
                    kind="card_expiring",
                    subject=ending.subject,
                    mark=str(earlier),
                    customer=customer.id,
                )
            if day is not None:
                await self._raise(
                    tx,
                    customer,
                    "card_expiring",
                    ending.subject,
                    mark=str(day),
                    until=ending.ends_at,
                )

    async def _raise(
        self,
        tx: Tx,
        customer: Customer,
        kind: NoticeKind,
        subject: str,
        *,
        mark: str,
        until: datetime,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        raised = await store.raise_notice(
            tx,
            {
                "kind": kind,
                "subject": subject,
                "mark": mark,
                "customer": customer.id,
                "until": until,
                "data": dict(data or {}),
            },
        )
        if raised:
            await tx.arm(Timer(DUE, raised, await cases.may_write_at(tx, customer)))

    async def _why_not(self, tx: Tx, customer: Customer, notice: Notice) -> str | None:
        if customer.email is None:
            return "no_address"
        if tx.now >= notice.until:
            return "too_late"
        may_end = notice.kind in self.dunning.unsubscribable
        if may_end and not await cases.wants(tx, customer.id, notice.kind):
            return "unsubscribed"
        return None

    async def _values(self, tx: Tx, customer: Customer, notice: Notice) -> dict[str, str] | None:
        """Look again; None when there is nothing to say any more."""
        facts = await diagnostics.gather(tx, customer)
        if facts.deleted:
            return None
        words = self.scribe.words_for(customer)
        match notice.kind:
            case "card_expiring":
                return _card_values(facts, customer, notice, words)
            case "trial_ending":
                return _trial_values(facts, notice, words)
            case _:
                return _bill_values(facts, notice, words)

    async def _write(
        self, tx: Tx, customer: Customer, notice: Notice, values: dict[str, str]
    ) -> None:
        """Write it; there is nothing to answer, so silence settles the contact."""
        contact = await cases.open_contact(
            tx,
            customer.id,
            channel="mail",
            direction="outbound",
            tier="prevent",
            subject=notice.id,
        )
        headers, line = await self._way_out(tx, customer, notice)
        await self.scribe.write(
            tx,
            customer,
            notice.kind,
            about=notice.subject.split(":", maxsplit=1)[0],
            values=values | {"unsubscribe": line},
            contact=contact,
            headers=headers,
        )
        await contact.answer(tx)
        await store.settle(tx, notice.id, "sent", "due")

    async def _way_out(
        self, tx: Tx, customer: Customer, notice: Notice
    ) -> tuple[Mapping[str, str], str]:
        if notice.kind not in self.dunning.unsubscribable:
            return {}, ""
        url = self.scribe.public_url
        address = await cases.unsubscribe_address(tx, customer.id, notice.kind, public_url=url)
        headers = await cases.unsubscribe_headers(tx, customer.id, notice.kind, public_url=url)
        words = self.scribe.words_for(customer)
        return headers, words.say("plan.unsubscribe", address=address)


def _card_values(
    facts: Facts, customer: Customer, notice: Notice, words: Words
) -> dict[str, str] | None:
    endings = cards_in_use(facts, customer.time_zone)
    ending = next((one for one in endings if one.subject == notice.subject), None)
    if ending is None:
        return None
    voice = Voice(facts=facts, words=words)
    month = words.month_and_year(ending.ends_at - A_DAY)
    return {"card": voice.card(ending.card), "until": month}


def _trial_values(facts: Facts, notice: Notice, words: Words) -> dict[str, str] | None:
    plan = facts.subscription(notice.subject)
    if plan is None or plan.status != "trialing" or plan.trial_end is None:
        return None
    if plan.cancel_at_period_end or plan.trial_end.date().isoformat() != notice.mark:
        return None
    amount = plan.amount.format(words.locale) if plan.amount else words.say("phrase.an_amount")
    return {"day": words.day(plan.trial_end, now=facts.now), "amount": amount}


def _bill_values(facts: Facts, notice: Notice, words: Words) -> dict[str, str] | None:
    data = notice.data
    plan = facts.subscription(data["subscription"])
    if data["subscription"] and (plan is None or not plan.running):
        return None
    at = datetime.fromisoformat(data["at"])
    return {
        "amount": Money(data["amount"], data["currency"]).format(words.locale),
        "usual": Money(data["usual"], data["currency"]).format(words.locale),
        "day": words.day(at, now=facts.now),
    }
