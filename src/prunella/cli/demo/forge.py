"""An audit entry changed behind everybody's back, found, and put right again."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prunella import audit
from prunella.cli.audit import in_words
from prunella.cli.demo import store_forge
from prunella.kit.money import Money
from prunella.settings import Settings

FORGED = "forged.json"
TEN_TIMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry: the amount that it `says` now, the one that it `said` when it was sealed."""

    seq: int
    subject: str
    says: Money
    said: Money
    verified: Sequence[str]

    @property
    def is_forged(self) -> bool:
        return self.says != self.said


@dataclass(frozen=True, slots=True)
class Forgery:
    """What was there before is kept in a file of the demo, to put it back."""

    settings: Settings

    async def look(self) -> Found | None:
        """None as long as no refund is sealed."""
        kept = self._kept()
        row = await (
            store_forge.entry(self._url, kept["seq"])
            if kept
            else store_forge.sealed_refund(self._url)
        )
        if row is None:
            return None
        return Found(
            seq=row["seq"],
            subject=row["subject"],
            says=_amount(row),
            said=_amount(kept or row),
            verified=await asyncio.to_thread(self._verify),
        )

    async def forge(self) -> None:
        row = None if self._kept() else await store_forge.sealed_refund(self._url)
        if row is None:
            return
        seq, after = row["seq"], row["after"]
        self._file.write_text(json.dumps({"seq": seq, "after": after}))
        await store_forge.change(self._url, seq, after | {"amount": after["amount"] * TEN_TIMES})

    async def repair(self) -> None:
        kept = self._kept()
        if kept:
            await store_forge.change(self._url, kept["seq"], kept["after"])
            self._file.unlink()

    def _verify(self) -> list[str]:
        """What `prunella audit verify` says."""
        key = audit.find_key(self.settings.data_dir, None)
        report = audit.check_database(self._url, trusted=[key.verifying] if key else [])
        return [str(check) for check in in_words(report)]

    def _kept(self) -> Mapping[str, Any] | None:
        kept: Mapping[str, Any] | None
        kept = json.loads(self._file.read_text()) if self._file.exists() else None
        return kept

    @property
    def _file(self) -> Path:
        return self.settings.data_dir / FORGED

    @property
    def _url(self) -> str:
        """The demo's processes work as the database's owner."""
        url = self.settings.database_url
        return url.get_secret_value() if url else ""


def _amount(row: Mapping[str, Any]) -> Money:
    return Money(row["after"]["amount"], row["after"]["currency"])
