"""The environment. Each setting says what is wrong with it."""

import re
from base64 import b64decode
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from prunella.settings import shapes
from prunella.settings.shipped import shipped

LIVE_KEYS = ("sk_live_", "rk_live_")


class SettingsError(Exception):
    """A setting cannot be used. The message names it and says what to do."""


def _strip(value: object) -> object:
    """Secrets out of files end with a line break, which no header may hold."""
    return value.strip() if isinstance(value, str) else value


def _split(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


class Settings(BaseSettings):
    """Everything that comes from `PRUNELLA_…` variables. Secrets never show in a repr."""

    model_config = SettingsConfigDict(env_prefix="PRUNELLA_", extra="ignore", env_ignore_empty=True)

    data_dir: Path = Path(".prunella")
    database_url: SecretStr | None = None
    migrate_url: SecretStr | None = None
    clickhouse_url: SecretStr | None = None
    stripe_api_key: SecretStr | None = None
    stripe_read_key: SecretStr | None = None
    stripe_api_base: str = "https://api.stripe.com"
    stripe_requests_per_s: float = Field(default=20.0, gt=0, le=1000)
    stripe_webhook_secret: Annotated[list[SecretStr], NoDecode] = []
    customer_jwt_secret: Annotated[list[SecretStr], NoDecode] = []
    admin_token: SecretStr | None = None
    audit_key: SecretStr | None = None
    content_dir: Path = Field(default_factory=lambda: shipped("content"))
    shadow_content_dir: Path | None = None
    embed_origins: Annotated[list[str], NoDecode] = []
    model: str | None = None
    model_base_url: str | None = None
    mail_smtp_url: SecretStr | None = None
    mail_imap_url: SecretStr | None = None
    mail_lmtp_listen: str | None = None
    mail_authserv_id: str | None = None
    mail_from: str = "TAI billing <billing@tai.example>"
    hooks_private: bool = False
    subscriptions_url: SecretStr | None = None
    subscriptions_token: SecretStr | None = None
    subscriptions_writes: bool = False
    subscriptions_query: str | None = None
    subscriptions_statement: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    rate_per_token: float = Field(default=50.0, ge=0, le=100_000)
    rate_per_address: float = Field(default=100.0, ge=0, le=100_000)
    rate_wrong_sign_ins: float = Field(default=6.0, ge=0, le=100_000)
    rate_contact: float = Field(default=10.0, ge=0, le=100_000)
    clock: Literal["system", "sandbox"] = "system"

    _stripped = field_validator("*", mode="before")(_strip)
    _lists = field_validator(
        "stripe_webhook_secret", "customer_jwt_secret", "embed_origins", mode="before"
    )(_split)

    @field_validator("stripe_webhook_secret", "customer_jwt_secret")
    @classmethod
    def _at_most_two(cls, secrets: list[SecretStr]) -> list[SecretStr]:
        if len(secrets) > 2:  # noqa: PLR2004 the old and the new one, while rotating
            message = "holds more than two secrets: keep the old and the new one while you rotate"
            raise ValueError(message)
        return secrets

    @field_validator("customer_jwt_secret")
    @classmethod
    def _long_enough(cls, secrets: list[SecretStr]) -> list[SecretStr]:
        if any(len(secret.get_secret_value()) < 32 for secret in secrets):  # noqa: PLR2004 a bound of the algorithm
            message = "is too short: HS256 needs at least 32 characters"
            raise ValueError(message)
        return secrets

    @field_validator("audit_key")
    @classmethod
    def _a_seed(cls, secret: SecretStr | None) -> SecretStr | None:
        try:
            seed = b64decode(secret.get_secret_value(), validate=True) if secret else None
        except ValueError:
            seed = b""
        if seed is not None and len(seed) != 32:  # noqa: PLR2004 as Ed25519 wants it
            message = "is not 32 bytes in base64: make one with `openssl rand -base64 32`"
            raise ValueError(message)
        return secret

    @field_validator("database_url", "migrate_url")
    @classmethod
    def _a_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not shapes.is_database(url.get_secret_value()):
            message = (
                "is no PostgreSQL database: it looks like postgresql://user:password@host:5432/name,"
                " and @, # and / in a password are written %40, %23 and %2F"
            )
            raise ValueError(message)
        return url

    @field_validator("subscriptions_url")
    @classmethod
    def _a_source(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not shapes.is_source(url.get_secret_value()):
            message = (
                "is no source of what customers may use: it looks like"
                " https://app.example.com/entitlements or postgresql://user:password@host:5432/name"
            )
            raise ValueError(message)
        return url

    @field_validator("subscriptions_query", "subscriptions_statement")
    @classmethod
    def _about_a_customer(cls, sql: str | None) -> str | None:
        if sql and "%(customer)s" not in sql:
            message = "asks for nobody: it needs %(customer)s where the customer's id belongs"
            raise ValueError(message)
        return sql

    @field_validator("stripe_api_key", "stripe_read_key")
    @classmethod
    def _a_stripe_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key and not shapes.is_stripe_key(key.get_secret_value()):
            message = "is no key that a server uses: it begins with sk_ or rk_, and has no spaces"
            raise ValueError(message)
        return key

    @field_validator("mail_smtp_url")
    @classmethod
    def _a_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not shapes.is_mail_server(url.get_secret_value()):
            message = "is no mail server: it looks like smtp://user:password@host:587"
            raise ValueError(message)
        return url

    @field_validator("mail_imap_url")
    @classmethod
    def _a_mailbox(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not shapes.is_mailbox(url.get_secret_value()):
            message = "is no mailbox: it looks like imaps://user:password@host/INBOX"
            raise ValueError(message)
        return url

    @field_validator("mail_lmtp_listen")
    @classmethod
    def _a_place_to_listen(cls, listen: str | None) -> str | None:
        host, _, port = (listen or "").rpartition(":")
        if listen and not (host and port.isdecimal() and int(port) <= shapes.MAX_PORT):
            message = "is no place to listen: write host:port, such as 127.0.0.1:2003"
            raise ValueError(message)
        return listen

    @field_validator("mail_authserv_id")
    @classmethod
    def _a_servers_name(cls, name: str | None) -> str | None:
        if name and not re.fullmatch(r"[A-Za-z0-9._-]{1,255}", name):
            message = "is no server's name: copy it from an Authentication-Results header of yours"
            raise ValueError(message)
        return name

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, sender: str) -> str:
        if not shapes.is_sender(sender):
            message = "is no sender: write it as `Name <billing@example.com>`, on one line"
            raise ValueError(message)
        return sender

    @field_validator("data_dir", "content_dir", "shadow_content_dir")
    @classmethod
    def _from_home(cls, folder: Path | None) -> Path | None:
        """A file of settings is read by no shell, which would know what ~ means."""
        try:
            return folder.expanduser() if folder else folder
        except RuntimeError:
            message = "begins with ~, and this system knows no home for that user: write it in full"
            raise ValueError(message) from None

    @field_validator("public_url", "stripe_api_base")
    @classmethod
    def _a_web_address(cls, url: str) -> str:
        if not shapes.is_web_address(url):
            message = "is no address: it looks like https://billing.example.com, without a password"
            raise ValueError(message)
        return url.rstrip("/")

    @model_validator(mode="after")
    def _no_sandbox_time_with_real_money(self) -> Self:
        keys = [
            key.get_secret_value() for key in (self.stripe_api_key, self.stripe_read_key) if key
        ]
        if self.clock == "sandbox" and any(key.startswith(LIVE_KEYS) for key in keys):
            message = (
                "PRUNELLA_CLOCK=sandbox cannot be used with a live Stripe key: "
                "unset PRUNELLA_CLOCK, or use a test key"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _a_database_is_asked_something(self) -> Self:
        if self.subscriptions_in_database and not self.subscriptions_query:
            message = (
                "PRUNELLA_SUBSCRIPTIONS_URL is a database, and nothing says what to ask it:"
                " set PRUNELLA_SUBSCRIPTIONS_QUERY"
            )
            raise ValueError(message)
        return self

    @property
    def subscriptions_in_database(self) -> bool:
        url = self.subscriptions_url
        return bool(url) and shapes.is_database(url.get_secret_value() if url else "")

    @property
    def read_key(self) -> SecretStr | None:
        return self.stripe_read_key or self.stripe_api_key


def load_settings() -> Settings:
    """Read the environment, or say in words what is wrong with it."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_in_words(error))) from None


def _in_words(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors():
        name = "_".join(str(part) for part in problem["loc"][:1]).upper()
        message = shapes.in_words(problem)
        lines.append(f"PRUNELLA_{name} {message}." if name else f"{message}.")
    return lines
