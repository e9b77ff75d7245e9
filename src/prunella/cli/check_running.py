"""How a running installation is: what it stands on, what stopped, whether Stripe is heard. Pure."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prunella.cli.check import Check, State
from prunella.cli.store import Server, Stopped
from prunella.connectors.stripe.paths import PATHS
from prunella.kit.clock import from_unix

MAX_SKEW = timedelta(seconds=5)
MAX_STRIPE_SKEW = timedelta(seconds=60)
"""Signatures older than 300 s are refused; a minute is a fifth of that."""
SILENCE = timedelta(minutes=15)
FEW_CONNECTIONS = 60
LITTLE_BYTES = 1_000_000_000
NO_BYTES = 200_000_000
STUCK = 'The desk says why, under "What got stuck"'
SETTLE = 'press "Try again" there, or "Let be" where nothing is wanted any more.'
WHAT_STOPPED: Mapping[str, tuple[str, str]] = {
    "jobs": ("jobs failed for good", f"{STUCK}: {SETTLE}"),
    "deliveries": ("deliveries of events were given up", f"{STUCK}: {SETTLE}"),
    "timers": ("timers were given up", f"{STUCK}: {SETTLE}"),
    "asides": (
        "events of Stripe were put aside",
        f'{STUCK}: press "Try again" there, or run `prunella sync`.',
    ),
    "failed_mail": (
        "letters could not be delivered",
        'Correct the address, then send them again on the desk, under "Mail that goes out".',
    ),
    "notices": (
        "mails to colleagues could not be delivered",
        "Are the addresses right that `prunella staff list` shows? The desk has what they missed.",
    ),
    "aside_mail": (
        "mails that came in were put aside",
        'Read them on the desk, under "Mail", and try them again: customers wait for an answer.',
    ),
    "hooks": (
        "outgoing webhooks were not taken",
        'Put the program right, then send them again on the desk, under "Webhooks".',
    ),
    "deaf_hooks": (
        "programs are told nothing any more",
        'They failed for days, or said that they are gone: switch them on again under "Webhooks".',
    ),
}


def of_server(server: Server, now: datetime) -> Iterator[Check]:
    """What was acknowledged has to survive a power cut, and leases need one time."""
    for name in ("fsync", "full_page_writes"):
        if getattr(server, name) != "on":
            yield Check("bad", f"PostgreSQL runs with {name} off: a power cut loses it all.")
    if server.synchronous_commit == "off":
        words = "PostgreSQL runs with synchronous_commit off: what was acknowledged can be lost."
        yield Check("bad", words)
    if server.max_connections < FEW_CONNECTIONS:
        words = f"PostgreSQL allows {server.max_connections} connections: each process takes 21."
        yield Check("look", words)
    if (skew := abs(server.clock - now)) > MAX_SKEW:
        words = f"This machine's clock and the database's are {_words(skew)} apart: set them."
        yield Check("bad", words)


def of_stopped(stopped: Stopped) -> Iterator[Check]:
    """What waits for a person."""
    if stopped.used_up_since:
        words = "everything automatic waits for a person until `prunella resume` or 24 hours later."
        yield Check("look", f"The daily limit was reached {_at(stopped.used_up_since)}: {words}")
    if stopped.brake_since:
        since = _at(stopped.brake_since)
        words = "everything automatic waits for a person until `prunella resume`."
        yield Check("look", f"Stopped since {since}: {words}")
    for name, (words, remedy) in WHAT_STOPPED.items():
        if count := getattr(stopped, name):
            yield Check("look", f"{count} {words}. {remedy}")
    if not stopped.workers:
        words = "No worker runs now: letters, refunds and whatever else is to be done wait for one."
        yield Check("look", f"{words} Start it with `prunella serve`.")
    yield from _of_waiting(stopped)


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def _of_waiting(stopped: Stopped) -> Iterator[Check]:
    """What should have gone on by itself by now."""
    if stopped.untaken_mail:
        words = "mails that came in have been waiting for more than ten minutes: does a worker run?"
        yield Check("bad", f"{stopped.untaken_mail} {words}")
    if stopped.late_mail:
        words = "letters have been waiting for more than an hour: does the mail server take them?"
        yield Check("look", f"{stopped.late_mail} {words}")
    if stopped.late_events:
        words = "events have been waiting for more than ten minutes: does a worker run?"
        yield Check("bad", f"{stopped.late_events} {words}")
    if stopped.unknown_actions:
        words = "actions may have happened, and Stripe is asked again and again until it says."
        yield Check("look", f"{stopped.unknown_actions} {words}")


def of_prices(unplanned: Sequence[tuple[str, int]]) -> Iterator[Check]:
    """Prices that belong to no plan: whoever pays them has the deadlines of `unknown_plan`."""
    for price, customers in unplanned:
        words = f"{price} belongs to no plan, and {customers} customers pay nothing else"
        yield Check("look", f"{words}: add it, or its product, to a plan's refs in plans.toml.")


def of_webhooks(newest_at_stripe: datetime | None, newest_here: datetime | None) -> Iterator[Check]:
    """Stripe tells of everything; what it told nobody is missed until the next sync."""
    if newest_at_stripe is None:
        return
    if newest_here is None:
        words = "No webhook has ever arrived, and there are events at Stripe: is the endpoint set?"
        yield Check("look", words)
        return
    if (behind := newest_at_stripe - newest_here) > SILENCE:
        words = f"The newest webhook here is {_words(behind)} older than the newest event at Stripe"
        yield Check("bad", f"{words}: look at the endpoint, then run `prunella sync`.")


def newest_of(events: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When the newest of them was made, among those that we mirror: only they are asked for."""
    ours = [one["created"] for one in events if one["data"]["object"].get("object") in PATHS]
    return from_unix(max(ours)) if ours else None


def of_stripes_clock(date: datetime, now: datetime) -> Iterator[Check]:
    if (skew := abs(date - now)) > MAX_STRIPE_SKEW:
        words = f"This machine's clock is {_words(skew)} off Stripe's: signatures will be refused."
        yield Check("bad", words)


def of_disk(folder: Path) -> Iterator[Check]:
    """How much room there is for the embedded database."""
    at = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(at).free
    if free < LITTLE_BYTES:
        state: State = "bad" if free < NO_BYTES else "look"
        words = f"Only {free // 1_000_000} MB are free below {folder}: make room."
        yield Check(state, words)


def _words(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"  # noqa: PLR2004 two minutes
