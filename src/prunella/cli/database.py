"""The database of a command: the configured one, or the embedded one under the data folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from prunella.kit import migrate as migrations
from prunella.kit.database import EmbeddedPostgres
from prunella.settings import Settings, SettingsError, shipped


class MigrationsPendingError(Exception):
    """The database lacks migrations. Run `prunella migrate` first."""


class NewerDatabaseError(Exception):
    """The database was brought to the shape of a newer version, and nothing older may touch it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The database is of a newer version of Prunella ({name} is unknown here). Install that"
            " version, or restore a backup of this one. Nothing was changed."
        )


@dataclass(frozen=True, slots=True)
class Database:
    """Where it is; `ensure` keeps an embedded one up, and is None for one of somebody else."""

    url: str
    migrate_url: str
    ensure: Callable[[], None] | None

    @property
    def embedded(self) -> bool:
        return self.ensure is not None


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    if settings.database_url:
        url = settings.database_url.get_secret_value()
        migrate_url = settings.migrate_url.get_secret_value() if settings.migrate_url else url
        for name, one in (("DATABASE", url), ("MIGRATE", migrate_url)):
            _must_be_readable(f"PRUNELLA_{name}_URL", one)
        yield Database(url=url, migrate_url=migrate_url, ensure=None)
        return
    postgres = EmbeddedPostgres(settings.data_dir / "postgres")
    url = postgres.attach_or_start()
    try:
        yield Database(url=url, migrate_url=url, ensure=postgres.ensure)
    finally:
        postgres.stop()


def _must_be_readable(name: str, url: str) -> None:
    """What libpq quotes are its own words by now: `settings` looked at the rest."""
    try:
        conninfo_to_dict(url)
    except ProgrammingError as error:
        message = f"{name} cannot be read: {str(error).strip()}. Correct it, or leave that out."
        raise SettingsError(message) from None


async def must_not_be_newer(url: str) -> None:
    if strange := await migrations.unknown(url, shipped("schema")):
        raise NewerDatabaseError(strange[-1])


async def bring_up_to_date(base: Database) -> None:
    """Migrate an embedded database; one of somebody else is migrated by command only."""
    await must_not_be_newer(base.url)
    if base.embedded:
        await migrations.migrate(base.migrate_url, shipped("schema"))
    elif missing := await migrations.pending(base.url, shipped("schema")):
        message = f"The database lacks {len(missing)} migrations. Run `prunella migrate` first."
        raise MigrationsPendingError(message)
