"""Wiring: builds every room. The one table of who listens to which event stands beside it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from email.utils import parseaddr

import stripe
from pydantic import SecretStr

from prunella import actions, audit, cases, mirror
from prunella.actions.carry_out import CarryOut
from prunella.bootstrap.table import handlers, listeners
from prunella.cases import Letters, Macros, Outbox
from prunella.cases.mail import Arrivals
from prunella.connectors.hooks import HttpPost
from prunella.connectors.mail import SmtpMail
from prunella.connectors.stripe import StripeProblem
from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.clock import SandboxClock
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.connectors.stripe.writes import Writes
from prunella.diagnostics import Diagnostics, Words
from prunella.insight import economics
from prunella.insight.economics import Assumptions
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import Clock, SystemClock
from prunella.kit.house import House, Pool
from prunella.kit.jobs import Jobs
from prunella.kit.pool import open_pool
from prunella.people import company, entrance, plans, sessions
from prunella.settings import SHADOW_SETTING, Content, Settings, load_content
from prunella.tiers.desk import Desk
from prunella.tiers.desk.hooks import Hooks
from prunella.tiers.desk.mail import Channels, MailAnswers, MailDesk, Receptionist, without_plus
from prunella.tiers.desk.strangers import Strangers
from prunella.tiers.desk.welcome import Welcome
from prunella.tiers.prevent import (
    Prevent,
    Scribe,
    languages_of,
)
from prunella.tiers.prevent import read as read_dunning
from prunella.tiers.router import Router
from prunella.tiers.selfheal import Foresight, Forward, SelfHeal
from prunella.tiers.selfheal import listen as fixes

POOL_SIZE = 20
CLOCK_EVERY_S = 0.25
NO_KEY = SecretStr("sk_test_unset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a simulation passes in: its time, and a way to Stripe without a network."""

    clock: Clock | None = None
    http: stripe.HTTPClient | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Everything that a process uses; built once and passed on."""

    settings: Settings
    content: Content
    words: Words
    economics: Assumptions
    house: House
    reads: Reads
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


@asynccontextmanager
async def open_rooms(
    settings: Settings, url: str, *, writes: bool = False, outside: Outside | None = None
) -> AsyncIterator[Rooms]:
    """Build the rooms on the database at `url`; with `writes` this process may write to Stripe."""
    async with AsyncExitStack() as stack:
        yield await _build(settings, url, stack, writes=writes, outside=outside or Outside())


async def _build(
    settings: Settings, url: str, stack: AsyncExitStack, *, writes: bool, outside: Outside
) -> Rooms:
    content = load_content(settings.content_dir)
    words = Words.from_catalogue(content.toml("messages/en.toml"), locale="en_US")
    door = actions.Door(actions.Policy.read(content), _shadow(settings))
    diagnostics = Diagnostics(words, asks_person=Foresight(door))
    letters = Letters(content, company=words.say("company.name"))
    prevent = _prevent(settings, content, diagnostics, letters, door)
    desk = Desk(diagnostics, letters, public_url=settings.public_url)
    channels = Channels.read(content)
    mail_desk = _mail_desk(settings, content, desk, channels)
    selfheal = SelfHeal(diagnostics, Forward(letters, words, settings.public_url), door)
    clock = outside.clock or await _clock(settings, stack)
    jobs = Jobs()
    house = House(
        pool=await _pool(url, stack),
        clock=clock,
        jobs=jobs,
        listeners=listeners(prevent, desk, door, MailAnswers(desk, channels)),
        handlers=handlers(prevent, door),
    )
    await jobs.open(house.pool)
    assumptions = economics.read(content)
    async with house.transaction(SYSTEM) as tx:
        await cases.set_tier_costs(tx, assumptions.costs)
        await company.set_company(tx, content)
        await plans.set_plans(tx, content)
        await cases.set_sla(tx, content)
        await prevent.begin(tx)
    reads = await _reads(settings, clock, stack, http=outside.http)
    mail = settings.mail_smtp_url
    outbox = Outbox(
        house=house,
        mail=SmtpMail(mail.get_secret_value()) if mail else None,
        sender=settings.mail_from,
    )
    _register(jobs, house=house, reads=reads, outbox=outbox, door=door)
    jobs.register(
        cases.notify.MAIL,
        cases.notify_mail.NoticeMails(
            house, outbox.mail, words, settings.mail_from, settings.public_url
        ).send,
    )
    if writes and settings.stripe_api_key:
        key = settings.stripe_api_key
        pen = Writes(await _client(settings, key, stack, http=outside.http))
        jobs.register(actions.CARRY_OUT, CarryOut(house, pen, reads, settings.public_url))
    return Rooms(
        settings=settings,
        content=content,
        words=words,
        economics=assumptions,
        house=house,
        reads=reads,
        inbox=mirror.Inbox(house, secrets=_revealed(settings.stripe_webhook_secret)),
        outbox=outbox,
        hooks=Hooks(house, HttpPost(private=settings.hooks_private)),
        sealer=_sealer(house, settings),
        diagnostics=diagnostics,
        selfheal=selfheal,
        desk=desk,
        router=Router(selfheal, desk),
        door=door,
        macros=Macros.read(content, letters=letters, languages=languages_of(content, words)),
        mail_desk=mail_desk,
        strangers=Strangers(mail_desk.receptionist),
        welcome=Welcome(letters, settings.public_url, mails=mail is not None),
        arrivals=Arrivals(
            house=house,
            imap_url=settings.mail_imap_url.get_secret_value() if settings.mail_imap_url else None,
            lmtp_listen=settings.mail_lmtp_listen,
        ),
    )


def _mail_desk(settings: Settings, content: Content, desk: Desk, channels: Channels) -> MailDesk:
    usual = parseaddr(settings.mail_from)[1]
    own = {without_plus(usual), *(one.address for one in channels.addresses)}
    languages = languages_of(content, desk.diagnostics.words)
    return MailDesk(Receptionist(desk, languages), channels, frozenset(own))


def _prevent(
    settings: Settings,
    content: Content,
    diagnostics: Diagnostics,
    letters: Letters,
    door: actions.Door,
) -> Prevent:
    scribe = Scribe(
        letters=letters,
        languages=languages_of(content, diagnostics.words),
        diagnostics=diagnostics,
        public_url=settings.public_url,
    )
    return Prevent.build(read_dunning(content), scribe, door)


def _register(
    jobs: Jobs, *, house: House, reads: Reads, outbox: Outbox, door: actions.Door
) -> None:
    jobs.register(cases.SEND, outbox.send)
    jobs.register(fixes.CARD_SAVED, fixes.CardSaved(house, reads, door))

    async def refresh(*, kind: str, id: str) -> None:  # noqa: A002 Stripe's word
        await mirror.refresh(house, reads, kind, id)

    jobs.register(actions.REFRESH, refresh)


def _shadow(settings: Settings) -> actions.Policy | None:
    """Other rules that judge each request, too, and decide nothing."""
    folder = settings.shadow_content_dir
    if folder is None:
        return None
    return actions.Policy.read(load_content(folder, setting=SHADOW_SETTING))


def _sealer(house: House, settings: Settings) -> audit.Sealer:
    """The key is read, and made where there is none, when something is sealed first."""
    secret = settings.audit_key.get_secret_value() if settings.audit_key else None
    return audit.Sealer(house, lambda: audit.find_or_make_key(settings.data_dir, secret))


async def _pool(url: str, stack: AsyncExitStack) -> Pool:
    pool = await open_pool(url, max_size=POOL_SIZE)
    stack.push_async_callback(pool.close)
    return pool


async def _clock(settings: Settings, stack: AsyncExitStack) -> Clock:
    if settings.clock == "system":
        return SystemClock()
    clock = SandboxClock(settings.stripe_api_base)
    await clock.find()
    following = asyncio.create_task(clock.follow(CLOCK_EVERY_S))
    stack.callback(following.cancel)
    return clock


async def _reads(
    settings: Settings, clock: Clock, stack: AsyncExitStack, *, http: stripe.HTTPClient | None
) -> Reads:
    client = await _client(settings, settings.read_key or NO_KEY, stack, http=http)
    return Reads(client, pace=Pace(settings.stripe_requests_per_s), clock=clock)


async def _client(
    settings: Settings, key: SecretStr, stack: AsyncExitStack, *, http: stripe.HTTPClient | None
) -> stripe.StripeClient:
    client = build_client(
        key.get_secret_value(), api_base=settings.stripe_api_base, max_network_retries=0, http=http
    )
    stack.push_async_callback(close_client, client)
    return client


def _revealed(secrets: Sequence[SecretStr]) -> list[str]:
    return [secret.get_secret_value() for secret in secrets]
