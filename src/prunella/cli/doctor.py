"""`doctor`: configuration, content and every connection, in words that say what to do."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Literal

import psycopg
import typer

from prunella import cases
from prunella.cli.app import app
from prunella.cli.database import Database, database
from prunella.connectors.mail import MailError, SmtpMail
from prunella.connectors.stripe import StripeProblem
from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.diagnostics import WordingError, Words
from prunella.insight import economics
from prunella.kit import migrate
from prunella.kit.clock import SystemClock
from prunella.settings import Content, ContentError, Settings, load_content, load_settings, shipped
from prunella.settings.environment import LIVE_KEYS

OLDEST_POSTGRES = 150_000
State = Literal["fine", "look", "bad"]
SIGNS: dict[State, str] = {"fine": "●", "look": "▲", "bad": "◆"}


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it is. `bad` means that something will not work."""

    state: State
    words: str

    def __str__(self) -> str:
        return f"{SIGNS[self.state]} {self.words}"


@app.command()
def doctor() -> None:
    """Check configuration, content and every connection, in words."""
    checks = asyncio.run(_all(load_settings()))
    for check in checks:
        typer.echo(str(check))
    sys.exit(any(check.state == "bad" for check in checks))


async def _all(settings: Settings) -> list[Check]:
    checks = [*of_settings(settings), *of_content(settings)]
    with database(settings) as base:
        checks += [check async for check in _of_database(base)]
    checks += [check async for check in _of_stripe(settings)]
    checks += [check async for check in _of_mail(settings)]
    return checks


def of_settings(settings: Settings) -> Iterator[Check]:
    """Judge what is set and what is missing. Pure."""
    if not settings.stripe_api_key:
        yield Check("look", "PRUNELLA_STRIPE_API_KEY is not set: the worker cannot act on Stripe.")
    if not settings.stripe_webhook_secret:
        words = "PRUNELLA_STRIPE_WEBHOOK_SECRET is not set: every webhook is refused."
        yield Check("bad", words)
    if not settings.customer_jwt_secret:
        words = "PRUNELLA_CUSTOMER_JWT_SECRET is not set: customers cannot come from your product."
        yield Check("look", words)
    if not settings.admin_token:
        words = "PRUNELLA_ADMIN_TOKEN is not set: sign in with `prunella token create`."
        yield Check("look", words)
    keys = [key.get_secret_value() for key in (settings.stripe_api_key, settings.read_key) if key]
    live = any(key.startswith(LIVE_KEYS) for key in keys)
    if live and not settings.public_url.startswith("https://"):
        words = "PRUNELLA_PUBLIC_URL is not https: with a live key cookies would travel openly."
        yield Check("bad", words)
    if live and settings.stripe_read_key is None:
        words = "PRUNELLA_STRIPE_READ_KEY is not set: the web process holds the write key, too."
        yield Check("look", words)


def of_content(settings: Settings) -> Iterator[Check]:
    """Read every content file and say which line is wrong."""
    try:
        content = load_content(settings.content_dir)
        problems = list(_problems(content))
    except (ContentError, WordingError) as error:
        yield Check("bad", str(error))
        return
    yield from (Check("bad", problem) for problem in problems)
    if not problems:
        words = f"Content {content.digest}: {len(content.files)} files, all of them usable."
        yield Check("fine", words)


def _problems(content: Content) -> Iterator[str]:
    Words.from_catalogue(content.toml("messages/en.toml"))
    yield from cases.check_letters(content)
    yield from economics.check(content)


async def _of_database(base: Database) -> AsyncIterator[Check]:
    kind = "The embedded PostgreSQL" if base.embedded else "The PostgreSQL of PRUNELLA_DATABASE_URL"
    try:
        async with await psycopg.AsyncConnection.connect(base.url) as conn:
            version = conn.info.server_version
        missing = await migrate.pending(base.url, shipped("schema"))
    except psycopg.Error as error:
        yield Check("bad", f"{kind} cannot be reached: {error}".strip())
        return
    if version < OLDEST_POSTGRES:
        words = f"{kind} is version {version // 10_000}: Prunella needs 15 or newer."
        yield Check("bad", words)
    if missing and not base.embedded:
        yield Check("bad", f"{kind} lacks {len(missing)} migrations: run `prunella migrate`.")
    yield Check("fine", f"{kind} answers, version {version // 10_000}.")


async def _of_stripe(settings: Settings) -> AsyncIterator[Check]:
    if settings.read_key is None:
        yield Check("bad", "No Stripe key is set: set PRUNELLA_STRIPE_READ_KEY.")
        return
    async with AsyncExitStack() as stack:
        client = build_client(
            settings.read_key.get_secret_value(),
            api_base=settings.stripe_api_base,
            max_network_retries=0,
        )
        stack.push_async_callback(close_client, client)
        reads = Reads(client, pace=Pace(settings.stripe_requests_per_s), clock=SystemClock())
        try:
            page = await reads.page("customer", limit=1)
        except StripeProblem as error:
            yield Check("bad", f"Stripe at {settings.stripe_api_base}: {error}")
            return
    has_some = "there are customers" if page.data["data"] else "there is no customer yet"
    yield Check("fine", f"Stripe answers, and {has_some}.")


async def _of_mail(settings: Settings) -> AsyncIterator[Check]:
    if settings.mail_smtp_url is None:
        yield Check("look", "PRUNELLA_MAIL_SMTP_URL is not set: letters wait until it is.")
        return
    try:
        await SmtpMail(settings.mail_smtp_url.get_secret_value()).greet()
    except MailError as error:
        yield Check("bad", f"The mail server of PRUNELLA_MAIL_SMTP_URL: {error}")
        return
    yield Check("fine", "The mail server answers.")
