"""What a backup says about itself."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from prunella.kit.backup.errors import NotBackupError

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
MAX_MANIFEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`rows` counts each table; `sha256` and `size_bytes` are those of the dump beside it."""

    made_at: str
    server_version: int
    migrations: list[str]
    rows: dict[str, int]
    sha256: str
    size_bytes: int
    format: int = FORMAT

    @property
    def all_rows(self) -> int:
        return sum(self.rows.values())

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=2).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        try:
            said: dict[str, Any] = json.loads(text)
            manifest = cls(**said)
        except (ValueError, TypeError):
            raise NotBackupError from None
        if manifest.format != FORMAT:
            raise NotBackupError
        return manifest
