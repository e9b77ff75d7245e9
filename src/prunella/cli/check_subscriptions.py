"""Whether the company's own system says what customers may use, in words."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

from prunella.bootstrap.outside import subscriptions_of
from prunella.cli.check import Check
from prunella.cli.check_secrets import LOOPBACK
from prunella.connectors.subscriptions import Source, SubscriptionsProblem
from prunella.settings import Settings

ASKED = "cus_doctor"
"""Nobody is called so: who answers that they know nobody of this name, answers."""
NAME = "The system of PRUNELLA_SUBSCRIPTIONS_URL"


async def of_subscriptions(settings: Settings) -> AsyncIterator[Check]:
    for check in of_words(settings):
        yield check
    if settings.subscriptions_url is None:
        return
    source = subscriptions_of(settings)
    try:
        await source.usable(ASKED)
    except SubscriptionsProblem as problem:
        again = " Is the address right, and does it run?" if problem.can_retry else ""
        yield Check("bad", f"{NAME}: {problem}{again}")
    else:
        yield Check("fine", f"{NAME} answers, and {_may(source)}.")
    finally:
        await source.close()


def of_words(settings: Settings) -> Iterator[Check]:
    """What is set and does nothing, or travels openly. Pure."""
    url = settings.subscriptions_url.get_secret_value() if settings.subscriptions_url else ""
    over_http = bool(url) and not settings.subscriptions_in_database
    for name in _unread(settings, over_http=over_http):
        how = "a web address" if over_http else "a database" if url else "not set"
        words = f"nothing reads it: PRUNELLA_SUBSCRIPTIONS_URL is {how}"
        yield Check("look", f"PRUNELLA_{name.upper()} is set, and {words}.")
    if over_http and not settings.subscriptions_token:
        words = "everybody who reaches that system can ask it"
        yield Check("look", f"PRUNELLA_SUBSCRIPTIONS_TOKEN is not set: {words}.")
    if over_http and urlsplit(url).scheme == "http" and urlsplit(url).hostname not in LOOPBACK:
        yield Check("look", "PRUNELLA_SUBSCRIPTIONS_URL is not https: its token travels openly.")


def _unread(settings: Settings, *, over_http: bool) -> Iterator[str]:
    in_database = settings.subscriptions_in_database
    names = {
        "subscriptions_token": over_http,
        "subscriptions_writes": over_http,
        "subscriptions_query": in_database,
        "subscriptions_statement": in_database,
    }
    yield from (name for name, is_read in names.items() if getattr(settings, name) and not is_read)


def _may(source: Source) -> str:
    if source.writable:
        return "what customers may use can be brought up to date there"
    return "it is only read: people switch on by hand what it lacks"
