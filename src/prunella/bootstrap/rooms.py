"""What a process uses, and what it does with several rooms at once."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from prunella import actions, audit, cases, mirror
from prunella.cases import Macros, Outbox
from prunella.cases.mail import Arrivals
from prunella.connectors.stripe import StripeProblem
from prunella.connectors.stripe.reads import Reads
from prunella.diagnostics import Diagnostics, Words
from prunella.insight.economics import Assumptions
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.people import entrance, sessions
from prunella.settings import Content, Settings
from prunella.tiers.desk import Desk
from prunella.tiers.desk.hooks import Hooks
from prunella.tiers.desk.mail import MailDesk
from prunella.tiers.desk.strangers import Strangers
from prunella.tiers.desk.welcome import Welcome
from prunella.tiers.router import Router
from prunella.tiers.selfheal import SelfHeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Everything that a process uses; built once and passed on."""

    settings: Settings
    content: Content
    words: Words
    languages: Mapping[str, Words]
    economics: Assumptions
    house: House
    reads: Reads
    readings: mirror.Readings
    inbox: mirror.Inbox
    outbox: Outbox
    hooks: Hooks
    sealer: audit.Sealer
    diagnostics: Diagnostics
    selfheal: SelfHeal
    desk: Desk
    router: Router
    door: actions.Door
    macros: Macros
    mail_desk: MailDesk
    strangers: Strangers
    welcome: Welcome
    arrivals: Arrivals

    async def take_batch(self) -> int:
        """Take webhooks out of the inbox: a step of the worker."""
        return await mirror.take_batch(self.house, self.reads)

    async def take_mail(self) -> int:
        """Take mail that came in: a step of the worker."""
        name = self.settings.mail_authserv_id
        return await cases.mail.take_batch(self.house, self.mail_desk.take, authserv_id=name)

    async def probe(self) -> None:
        """Know whether Stripe answers, also where nothing happens."""
        await mirror.probe(self.house, self.reads)

    async def read_entitlements(self) -> None:
        """Ask the company's own system what the next customers may use."""
        await self.readings.walk()

    async def catch_up(self) -> None:
        """Take in events that no webhook brought."""
        with suppress(StripeProblem):  # Stripe is away: the next time will do
            await mirror.catch_up(self.house, self.reads)

    async def mend_older_cases(self) -> None:
        """Give cases from before an upgrade what newer ones have; else there are none."""
        await cases.begin_clocks(self.house)
        await cases.close_later(self.house)
        await cases.indexing.read_anew(self.house)

    async def sweep(self) -> None:
        """Compare the mirror with Stripe's lists, as far as it is due, and mend it."""
        with suppress(StripeProblem):  # Stripe is away: it goes on the next time
            await mirror.sweep(self.house, self.reads)

    async def forget(self) -> None:
        """Let go of what nobody needs any more: old events, ended sessions, old mail."""
        await mirror.forget_done(self.house)
        async with self.house.transaction(SYSTEM) as tx:
            await sessions.sweep(tx)
            await entrance.sweep(tx)
            await cases.notify_mail.forget_letters(tx)
        await self.hooks.forget()
        await cases.mail.let_go(self.house, keep=self.mail_desk.channels.keep)
