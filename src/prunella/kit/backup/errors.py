"""Why a backup cannot be made or restored. The message says what to do."""


class BackupError(Exception):
    """This backup could not be made or restored. Nothing was changed."""

    def __init__(self, about: object = "", *, details: str = "") -> None:
        told = (f"{about}:" if about else "", type(self).__doc__ or "", details)
        super().__init__(" ".join(part for part in told if part))


class FileThereError(BackupError):
    """There is a file by this name already, and it stays. Choose another name."""


class NotWrittenError(BackupError):
    """The file could not be written, and nothing of it was left behind."""


class NotReadError(BackupError):
    """The file could not be read. Is this its name, and may you read it?"""


class NotBackupError(BackupError):
    """This is no whole backup: it is something else, or cut off. Use another one."""


class NewerBackupError(BackupError):
    """The backup was made by a newer version of Prunella. Install that one, then restore."""


class NotEmptyError(BackupError):
    """The database is not empty, and nothing in it was touched. Restore into a new one."""


class DumpFailedError(BackupError):
    """PostgreSQL's own programs could not do it."""


class CountsDifferError(BackupError):
    """What was restored is not what was backed up. Remove this database; use another backup."""
