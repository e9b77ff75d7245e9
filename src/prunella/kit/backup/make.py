"""Makes a backup: one snapshot, one file, there as a whole or not at all."""

import hashlib
import os
import secrets
import zipfile
from pathlib import Path
from typing import IO

import psycopg

from prunella.kit.backup import store
from prunella.kit.backup.errors import FileThereError, NotWrittenError
from prunella.kit.backup.manifest import DUMP, MANIFEST, Manifest
from prunella.kit.backup.programs import dump
from prunella.kit.clock import system_now

_CHUNK_BYTES = 1 << 20
_ONLY_OURS = 0o600


def back_up(url: str, file: Path) -> Manifest:
    """Write the database at `url` to a new `file`, which only we may read.

    Others may go on writing: the file holds what was committed when it began. Raises the tree of
    `BackupError`, and `psycopg.Error` when the database cannot be reached.
    """
    if file.exists():
        raise FileThereError(file)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.partial")
    try:
        manifest = _write(url, draft)
        _put(draft, file)
    except OSError as error:
        raise NotWrittenError(file, details=f"{error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(url: str, draft: Path) -> Manifest:
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _ONLY_OURS)
    with os.fdopen(fd, "wb") as out:
        with zipfile.ZipFile(out, "w") as archive:
            manifest = _fill(url, archive)
            archive.writestr(MANIFEST, manifest.to_json())
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _fill(url: str, archive: zipfile.ZipFile) -> Manifest:
    """The counts and the dump are of one snapshot, so they can be held against each other."""
    with psycopg.connect(url) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        snapshot = store.snapshot(conn)
        made_at = system_now().isoformat(timespec="seconds")
        with (
            dump(url, snapshot=snapshot) as dumped,
            archive.open(DUMP, "w", force_zip64=True) as member,
        ):
            sha256, size_bytes = _copy(dumped, member)
        return Manifest(
            made_at=made_at,
            server_version=conn.info.server_version,
            migrations=store.migrations(conn),
            rows=store.count_rows(conn),
            sha256=sha256,
            size_bytes=size_bytes,
        )


def _copy(source: IO[bytes], target: IO[bytes]) -> tuple[str, int]:
    digest, size_bytes = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK_BYTES):
        target.write(chunk)
        digest.update(chunk)
        size_bytes += len(chunk)
    return digest.hexdigest(), size_bytes


def _put(draft: Path, file: Path) -> None:
    """Give it its name, and never somebody else's: unlike a rename, a link overwrites nothing."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise FileThereError(file) from None
    except OSError:  # a file system without links
        if file.exists():
            raise FileThereError(file) from None
        draft.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
