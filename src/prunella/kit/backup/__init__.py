"""The whole database in one file, and back: PostgreSQL's own dump with a list of what is in it."""

from prunella.kit.backup.errors import BackupError
from prunella.kit.backup.make import back_up
from prunella.kit.backup.manifest import Manifest
from prunella.kit.backup.restore import restore

__all__ = ["BackupError", "Manifest", "back_up", "restore"]
