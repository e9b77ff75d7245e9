"""What lies in the folder of the embedded PostgreSQL, and who may use it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from prunella.kit.database.binaries import MAJOR
from prunella.kit.database.refusals import DataFromAnotherVersion

_LOG_LIMIT_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Home:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def password_file(self) -> Path:
        """Inside the data, made with it: the two are never apart."""
        return self.data / "prunella.passfile"

    @property
    def short_socket_folder(self) -> Path:
        """The file that names the folder of the socket when the path of `data` is too long."""
        return self.folder / "socket"

    @property
    def mark(self) -> str:
        """What the processes that serve this data, and no other, are called."""
        found = self.data.stat()
        return f"prunella-{found.st_dev:x}-{found.st_ino:x}"

    def make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def check_version(self) -> None:
        version = self.data / "PG_VERSION"
        found = version.read_text().strip() if version.exists() else "an unknown version"
        if found != MAJOR:
            raise DataFromAnotherVersion(folder=self.folder, found=found, ours=MAJOR)

    def open_log(self) -> IO[bytes]:
        fd = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            owner = self.folder.stat()
            os.fchown(fd, owner.st_uid, owner.st_gid)
        return os.fdopen(fd, "wb", buffering=0)

    def trim_log(self) -> None:
        """Keep at most two files of a bounded size. The server goes on at the start of the first.

        A server that rotates by itself would need names by the clock, which bound nothing.
        """
        if self.log.stat().st_size > _LOG_LIMIT_BYTES:
            shutil.copyfile(self.log, self.log.with_name("log.1"))
            os.truncate(self.log, 0)
