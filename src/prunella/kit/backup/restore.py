"""Restores a backup into an empty database, in one transaction, and counts what came out."""

import hashlib
import tempfile
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import IO

import psycopg

from prunella.kit.backup import store
from prunella.kit.backup.errors import (
    CountsDifferError,
    NewerBackupError,
    NotBackupError,
    NotEmptyError,
    NotReadError,
)
from prunella.kit.backup.manifest import DUMP, MANIFEST, MAX_MANIFEST_BYTES, Manifest
from prunella.kit.backup.programs import pour

_CHUNK_BYTES = 1 << 20


def restore(url: str, file: Path, *, known: Collection[str]) -> Manifest:
    """Fill the empty database at `url` from `file`; `known` are the migrations that we know.

    Raises the tree of `BackupError`, and `psycopg.Error` when the database cannot be reached.
    """
    with tempfile.TemporaryFile() as dumped:
        manifest = _take_out(file, dumped)
        if not set(manifest.migrations) <= set(known):
            raise NewerBackupError(file)
        with psycopg.connect(url) as conn:
            if not store.is_empty(conn):
                raise NotEmptyError
        pour(url, dumped)
    with psycopg.connect(url) as conn:
        _compare(store.count_rows(conn), manifest.rows)
    return manifest


def _take_out(file: Path, dumped: IO[bytes]) -> Manifest:
    """Copy the dump out of the file, checked against what the file says about it."""
    try:
        with zipfile.ZipFile(file) as archive:
            with archive.open(MANIFEST) as member:
                manifest = Manifest.from_json(member.read(MAX_MANIFEST_BYTES))
            with archive.open(DUMP) as member:
                sha256 = _copy(member, dumped)
    except OSError as error:
        raise NotReadError(file, details=f"{error.strerror or error}.") from None
    except (zipfile.BadZipFile, KeyError, EOFError):
        raise NotBackupError(file) from None
    if sha256 != manifest.sha256:
        raise NotBackupError(file)
    return manifest


def _copy(member: IO[bytes], dumped: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := member.read(_CHUNK_BYTES):
        dumped.write(chunk)
        digest.update(chunk)
    dumped.flush()
    dumped.seek(0)
    return digest.hexdigest()


def _compare(found: dict[str, int], wanted: dict[str, int]) -> None:
    off = [
        f"{name}: {found.get(name)} of {rows}"
        for name, rows in wanted.items()
        if found.get(name) != rows
    ]
    if off:
        raise CountsDifferError(details=", ".join(off))
