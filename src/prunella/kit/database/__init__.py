"""The embedded PostgreSQL: where no database is configured, one is brought along."""

from prunella.kit.database.embedded import EmbeddedPostgres
from prunella.kit.database.refusals import (
    CannotLeaveRoot,
    DataFromAnotherVersion,
    DataGone,
    DiskFull,
    FolderNotWritable,
    ForeignOwner,
    NoBinaries,
    NoUserName,
    OwnerNotAnswering,
    PostgresRefusal,
    StartFailed,
)
from prunella.kit.database.store import create_database, drop_database

__all__ = [
    "CannotLeaveRoot",
    "DataFromAnotherVersion",
    "DataGone",
    "DiskFull",
    "EmbeddedPostgres",
    "FolderNotWritable",
    "ForeignOwner",
    "NoBinaries",
    "NoUserName",
    "OwnerNotAnswering",
    "PostgresRefusal",
    "StartFailed",
    "create_database",
    "drop_database",
]
