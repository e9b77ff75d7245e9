"""`doctor`: configuration, content and every connection, in words that say what to do."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import datetime

import psycopg
import typer

from prunella.audit import INSERT_ONLY
from prunella.cli import check_running as running
from prunella.cli import store
from prunella.cli.app import app
from prunella.cli.check import Check
from prunella.cli.check_audit import of_audit
from prunella.cli.check_content import of_content, of_examples, of_shadow
from prunella.cli.check_mail import of_mail
from prunella.cli.check_secrets import of_addresses, of_names, of_rates, of_secrets
from prunella.cli.check_subscriptions import of_subscriptions
from prunella.cli.database import Database, NewerDatabaseError, database, must_not_be_newer
from prunella.cli.failing import in_words
from prunella.connectors.stripe import StripeProblem
from prunella.connectors.stripe.client import build_client, close_client
from prunella.connectors.stripe.errors import (
    StripeForbidden,
    StripeKeyRefused,
    StripeUnreachable,
)
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.reads import Reads
from prunella.kit import migrate, roles
from prunella.kit.clock import SystemClock, system_now
from prunella.kit.database import PostgresRefusal
from prunella.settings import (
    Content,
    ContentError,
    Settings,
    SettingsError,
    load_content,
    load_settings,
    shipped,
)
from prunella.settings.environment import LIVE_KEYS
from prunella.tiers import prevent

OLDEST_POSTGRES = 150_000
NEWEST_EVENTS = 50
MOST_PRICES = 10


@app.command()
def doctor() -> None:
    """Check configuration, content and every connection, in words."""
    checks = asyncio.run(_all(load_settings()))
    for check in checks:
        typer.echo(str(check))
    sys.exit(any(check.state == "bad" for check in checks))


async def _all(settings: Settings) -> list[Check]:
    checks = [*of_settings(settings), *of_secrets(settings), *of_rates(settings)]
    checks += [*of_names(settings, os.environ), *of_addresses(settings, os.environ)]
    checks += [*of_content(settings), *of_examples(settings), *of_shadow(settings)]
    newest: list[datetime | None] = []
    checks += [check async for check in _of_data(settings, newest)]
    checks += [check async for check in _of_stripe(settings, newest)]
    checks += [check async for check in of_subscriptions(settings)]
    checks += [check async for check in of_mail(settings)]
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
        words = "PRUNELLA_ADMIN_TOKEN is not set: `prunella staff add` makes who signs in."
        yield Check("look", words)
    keys = [key.get_secret_value() for key in (settings.stripe_api_key, settings.read_key) if key]
    live = any(key.startswith(LIVE_KEYS) for key in keys)
    if live and not settings.public_url.startswith("https://"):
        words = "PRUNELLA_PUBLIC_URL is not https: with a live key cookies would travel openly."
        yield Check("bad", words)
    if live and settings.stripe_read_key is None:
        words = "PRUNELLA_STRIPE_READ_KEY is not set: the web process holds the write key, too."
        yield Check("look", words)


async def _of_data(settings: Settings, newest: list[datetime | None]) -> AsyncIterator[Check]:
    try:
        with database(settings) as base:
            if base.embedded:
                for check in running.of_disk(settings.data_dir):
                    yield check
            async for check in _of_database(base, newest, _usable(settings)):
                yield check
    except (PostgresRefusal, NewerDatabaseError, SettingsError) as refusal:
        yield Check("bad", str(refusal))
    except psycopg.Error as error:
        yield Check("bad", in_words(error) or f"The database: {' '.join(str(error).split())}")


async def _of_database(
    base: Database, newest: list[datetime | None], content: Content | None
) -> AsyncIterator[Check]:
    kind = "The embedded PostgreSQL" if base.embedded else "The PostgreSQL of PRUNELLA_DATABASE_URL"
    async with await psycopg.AsyncConnection.connect(base.url) as conn:
        version = conn.info.server_version
        for check in running.of_server(await store.server(conn), system_now()):
            yield check
    await must_not_be_newer(base.url)
    missing = await migrate.pending(base.url, shipped("schema"))
    if version < OLDEST_POSTGRES:
        words = f"{kind} is version {version // 10_000}: Prunella needs 15 or newer."
        yield Check("bad", words)
    if missing and not base.embedded:
        yield Check("bad", f"{kind} lacks {len(missing)} migrations: run `prunella migrate`.")
    if not missing:
        stopped = await _stopped(base)
        newest.append(stopped.newest_event)
        for check in running.of_stopped(stopped):
            yield check
        for check in await _audit(base):
            yield check
        for check in await _unplanned(base):
            yield check
        for words in await _unlike_stripe(base, content):
            yield Check("look", words)
    yield Check("fine", f"{kind} answers, version {version // 10_000}.")


def _usable(settings: Settings) -> Content | None:
    try:
        content = load_content(settings.content_dir)
    except ContentError:
        return None
    return None if prevent.check(content) else content


async def _unlike_stripe(base: Database, content: Content | None) -> list[str]:
    """Where dunning.toml and what Stripe did lately do not fit."""
    if content is None:
        return []
    dunning = prevent.read(content)
    async with await psycopg.AsyncConnection.connect(base.url) as conn:
        known = await prevent.ends_at_stripe(conn, dunning, system_now())
    return list(prevent.disagreements(dunning, known))


async def _stopped(base: Database) -> store.Stopped:
    async with await psycopg.AsyncConnection.connect(base.url) as conn:
        return await store.stopped(conn, system_now())


async def _unplanned(base: Database) -> list[Check]:
    async with await psycopg.AsyncConnection.connect(base.url) as conn:
        return list(running.of_prices(await store.unplanned(conn, MOST_PRICES)))


async def _audit(base: Database) -> list[Check]:
    may_change = await roles.may_change(base.url, INSERT_ONLY[0])
    async with await psycopg.AsyncConnection.connect(base.url) as conn:
        return list(of_audit(await store.log(conn, system_now()), may_change=may_change))


def _remedy(problem: StripeProblem) -> str:
    match problem:
        case StripeForbidden():
            return "Give the key of PRUNELLA_STRIPE_READ_KEY this right in Stripe's dashboard."
        case StripeKeyRefused():
            return "Set PRUNELLA_STRIPE_READ_KEY to a key that holds."
        case StripeUnreachable():
            return "May this machine reach it, and is PRUNELLA_STRIPE_API_BASE right?"
    return "Try again in a minute." if problem.can_retry else ""


async def _of_stripe(settings: Settings, newest: list[datetime | None]) -> AsyncIterator[Check]:
    """`newest` holds when the newest event here was made, where the database could be asked."""
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
            told = await reads.fetch("/v1/events", {"limit": NEWEST_EVENTS})
        except StripeProblem as error:
            yield Check("bad", f"Stripe at {settings.stripe_api_base}: {error} {_remedy(error)}")
            return
    for check in running.of_stripes_clock(told.until, system_now()):
        yield check
    at_stripe = running.newest_of(told.data["data"])
    for here in newest:
        for check in running.of_webhooks(at_stripe, here):
            yield check
    has_some = "there are customers" if page.data["data"] else "there is no customer yet"
    yield Check("fine", f"Stripe answers, and {has_some}.")
