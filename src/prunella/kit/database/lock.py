"""Who owns the server: the process that holds the folder's flock. It ends with the process."""

import fcntl
import os
from pathlib import Path


class OwnerLock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    @property
    def is_ours(self) -> bool:
        return self._fd is not None

    def take(self) -> bool:
        """Become the owner, unless somebody is."""
        if self._fd is None:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                self._fd = fd if self._take_through(fd) else None
            finally:
                if self._fd is None:
                    os.close(fd)
        return self._fd is not None

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def holder(self) -> str:
        """The owner's process id as it wrote it down."""
        try:
            return self._path.read_text().strip() or "unknown"
        except OSError:
            return "unknown"

    def _take_through(self, fd: int) -> bool:
        if not _lock(fd) or not self._is_still(fd):
            return False
        _give_to_owner_of(self._path.parent, fd)
        os.truncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        return True

    def _is_still(self, fd: int) -> bool:
        """False when the folder was removed and made again while we waited."""
        try:
            return os.path.samestat(os.fstat(fd), self._path.stat())
        except FileNotFoundError:
            return False


def _lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _give_to_owner_of(folder: Path, fd: int) -> None:
    """Root leaves no file behind that the folder's owner could not open."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(fd, owner.st_uid, owner.st_gid)
