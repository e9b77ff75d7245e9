"""Secrets that somebody could guess, and addresses that cannot be meant. Pure."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from pydantic import SecretStr

from prunella.cli.check import Check
from prunella.settings import Settings
from prunella.web.embed import origin_of

LATER = ("clickhouse_url", "model", "model_base_url")
SHORT = 24
FEW_LETTERS = 10
EVERYDAY = ("secret", "password", "changeme", "change-me", "admin", "example", "default", "test")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def of_secrets(settings: Settings) -> Iterator[Check]:
    named: dict[str, list[SecretStr]] = {
        "PRUNELLA_ADMIN_TOKEN": [settings.admin_token] if settings.admin_token else [],
        "PRUNELLA_CUSTOMER_JWT_SECRET": settings.customer_jwt_secret,
        "PRUNELLA_STRIPE_WEBHOOK_SECRET": settings.stripe_webhook_secret,
    }
    for name, secrets in named.items():
        values = [secret.get_secret_value() for secret in secrets]
        if any(is_weak(value) for value in values):
            yield Check("bad", f"{name} could be guessed: make one with `openssl rand -hex 32`.")
        if len(values) > len(set(values)):
            yield Check("look", f"{name} holds the same secret twice: one of them is enough.")
        elif len(values) > 1:
            yield Check("look", f"{name} holds two secrets: end the rotation by removing the old.")


def is_weak(secret: str) -> bool:
    """Short, of few different letters, or an everyday word with little around it."""
    bare = secret.removeprefix("whsec_").lower()
    for word in EVERYDAY:
        bare = bare.replace(word, "")
    return len(bare) < SHORT or len(set(bare)) < FEW_LETTERS


def of_names(settings: Settings, environment: Mapping[str, str]) -> Iterator[Check]:
    """What nothing reads changes nothing, silently: say so. Pure."""
    for name in LATER:
        if getattr(settings, name):
            words = "is kept for a later version: nothing reads it yet."
            yield Check("look", f"PRUNELLA_{name.upper()} {words}")
    prefix = str(Settings.model_config.get("env_prefix"))
    known = [name.upper() for name in Settings.model_fields]
    for name in sorted(environment):
        short = name.removeprefix(prefix)
        if short != name and short not in known:
            near = get_close_matches(short, known, n=1)
            meant = f" Did you mean {prefix}{near[0]}?" if near else ""
            yield Check("look", f"{name} is no setting: nothing reads it.{meant}")


def of_addresses(settings: Settings, environment: Mapping[str, str]) -> Iterator[Check]:
    public = urlsplit(settings.public_url)
    abroad = public.hostname not in LOOPBACK
    if public.path or public.query:
        yield Check(
            "bad", "PRUNELLA_PUBLIC_URL has a path: letters lead to its root. Leave it out."
        )
    if abroad and public.scheme != "https":
        words = "PRUNELLA_PUBLIC_URL is not https: cookies and links in letters travel openly."
        yield Check("look", words)
    if not abroad and settings.mail_smtp_url and settings.clock == "system":
        words = f"PRUNELLA_PUBLIC_URL is {settings.public_url}: links in letters lead nowhere."
        yield Check("bad", words)
    if abroad and not environment.get("FORWARDED_ALLOW_IPS"):
        words = (
            "FORWARDED_ALLOW_IPS is not set: behind a proxy on another machine all customers seem"
            " to call from its address, and share one rate limit. Set it to the proxy's address."
        )
        yield Check("look", words)
    for origin in settings.embed_origins:
        if "*" in origin:
            words = f"PRUNELLA_EMBED_ORIGINS: {origin} is left out. Name each host by itself."
            yield Check("bad", words)
        elif not origin_of(origin):
            words = f"PRUNELLA_EMBED_ORIGINS: {origin} is no origin. Write https://host, no path."
            yield Check("bad", words)
        elif origin.startswith("http://") and urlsplit(origin).hostname not in LOOPBACK:
            yield Check("look", f"PRUNELLA_EMBED_ORIGINS: {origin} is not https.")


def of_rates(settings: Settings) -> Iterator[Check]:
    rates = [settings.rate_per_token, settings.rate_per_address]
    rates += [settings.rate_wrong_sign_ins, settings.rate_contact]
    if not all(rates):
        words = "A PRUNELLA_RATE_… is 0: nothing is limited there. Fine where a proxy limits."
        yield Check("look", words)
    if 0 < settings.rate_per_address < settings.rate_per_token:
        words = (
            "PRUNELLA_RATE_PER_ADDRESS is below PRUNELLA_RATE_PER_TOKEN, which then never counts."
        )
        yield Check("look", words)
