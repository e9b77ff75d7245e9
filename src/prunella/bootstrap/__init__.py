"""Wiring: builds every room. The one table of who listens to which event stands beside it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from prunella import actions, audit, cases, mirror
from prunella.actions.carry_out import CarryOut, OwnSystem
from prunella.bootstrap.book import Book
from prunella.bootstrap.outside import CLOCK_EVERY_S, Outside, Ways
from prunella.bootstrap.parts import Parts
from prunella.bootstrap.rooms import Rooms
from prunella.bootstrap.table import SOMETIMES, handlers, listeners
from prunella.cases import Outbox
from prunella.cases.mail import Arrivals
from prunella.cases.notify_mail import NoticeMails
from prunella.connectors.hooks import HttpPost
from prunella.connectors.mail import SmtpMail
from prunella.connectors.stripe.reads import Reads
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.kit.jobs import Jobs
from prunella.people import company, plans
from prunella.settings import Settings
from prunella.tiers.desk.hooks import Hooks
from prunella.tiers.desk.mail import MailAnswers
from prunella.tiers.desk.strangers import Strangers
from prunella.tiers.desk.welcome import Welcome
from prunella.tiers.router import Router
from prunella.tiers.selfheal import listen as fixes

__all__ = ["CLOCK_EVERY_S", "Book", "Outside", "Rooms", "open_rooms"]


@asynccontextmanager
async def open_rooms(
    settings: Settings,
    url: str,
    *,
    writes: bool = False,
    outside: Outside | None = None,
    book: Book | None = None,
) -> AsyncIterator[Rooms]:
    """Build the rooms on the database at `url`; with `writes` this process may write to Stripe.

    `book`: what the content folder of these settings says, where it has been read before.
    """
    async with AsyncExitStack() as stack:
        ways = Ways(settings, outside or Outside(), stack)
        parts = Parts.of(settings, book or Book.read(settings.content_dir))
        house = await _house(parts, ways, url)
        source = ways.subscriptions()
        readings = mirror.Readings(house, source)
        await _begin(house, parts, readings)
        reads, outbox = ways.reads(house.clock), _outbox(house, settings)
        _register(house.jobs, parts, house=house, reads=reads, outbox=outbox)
        house.jobs.register(mirror.READ, readings)
        pen = ways.writes() if writes else None
        if pen:
            carry_out = CarryOut(
                house, pen, reads, OwnSystem(readings, source), settings.public_url
            )
            house.jobs.register(actions.CARRY_OUT, carry_out)
        yield _rooms(settings, parts, readings=readings, reads=reads, outbox=outbox)


async def _house(parts: Parts, ways: Ways, url: str) -> House:
    clock = await ways.clock()
    answers = MailAnswers(parts.desk, parts.mail_desk.channels)
    house = House(
        pool=await ways.pool(url),
        clock=clock,
        jobs=Jobs(),
        listeners=listeners(parts.prevent, parts.desk, parts.door, answers),
        handlers=handlers(parts.prevent, parts.door),
        sometimes=SOMETIMES,
    )
    await house.jobs.open(house.pool)
    return house


async def _begin(house: House, parts: Parts, readings: mirror.Readings) -> None:
    """Tell the database what it has to know of the content and of where it is asked."""
    async with house.transaction(SYSTEM) as tx:
        await cases.set_tier_costs(tx, parts.book.economics.costs)
        await company.set_company(tx, parts.book.content)
        await plans.set_plans(tx, parts.book.content)
        await cases.set_sla(tx, parts.book.content)
        await mirror.set_source(tx, readings.source)
        await parts.prevent.begin(tx)


def _register(jobs: Jobs, parts: Parts, *, house: House, reads: Reads, outbox: Outbox) -> None:
    """Say what runs for jobs of each name, but those that write to Stripe."""
    notices = NoticeMails(
        house, outbox.mail, parts.book.words, outbox.sender, parts.desk.public_url
    )
    jobs.register(cases.notify.MAIL, notices.send)
    jobs.register(fixes.CARD_SAVED, fixes.CardSaved(house, reads, parts.door))

    async def refresh(*, kind: str, id: str) -> None:  # noqa: A002 Stripe's word
        await mirror.refresh(house, reads, kind, id)

    jobs.register(actions.REFRESH, refresh)


def _outbox(house: House, settings: Settings) -> Outbox:
    url = _revealed(settings.mail_smtp_url)
    return Outbox(house=house, mail=SmtpMail(url) if url else None, sender=settings.mail_from)


def _rooms(
    settings: Settings, parts: Parts, *, readings: mirror.Readings, reads: Reads, outbox: Outbox
) -> Rooms:
    house = readings.house
    return Rooms(
        settings=settings,
        content=parts.book.content,
        words=parts.book.words,
        languages=parts.book.languages,
        economics=parts.book.economics,
        house=house,
        reads=reads,
        readings=readings,
        inbox=mirror.Inbox(house, secrets=_all_revealed(settings.stripe_webhook_secret)),
        outbox=outbox,
        hooks=Hooks(house, HttpPost(private=settings.hooks_private)),
        sealer=_sealer(house, settings),
        diagnostics=parts.diagnostics,
        selfheal=parts.selfheal,
        desk=parts.desk,
        router=Router(parts.selfheal, parts.desk),
        door=parts.door,
        macros=parts.book.macros,
        mail_desk=parts.mail_desk,
        strangers=Strangers(parts.mail_desk.receptionist),
        welcome=Welcome(parts.book.letters, settings.public_url, mails=outbox.mail is not None),
        arrivals=Arrivals(
            house=house,
            imap_url=_revealed(settings.mail_imap_url),
            lmtp_listen=settings.mail_lmtp_listen,
        ),
    )


def _sealer(house: House, settings: Settings) -> audit.Sealer:
    """The key is read, and made where there is none, when something is sealed first."""
    secret = _revealed(settings.audit_key)
    return audit.Sealer(house, lambda: audit.find_or_make_key(settings.data_dir, secret))


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _all_revealed(secrets: Sequence[SecretStr]) -> list[str]:
    return [secret.get_secret_value() for secret in secrets]
