"""A limit changed in a copy of the content, and past decisions judged by it."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from prunella.settings import Content, load_content

FOLDER = "content-20"
"""Beside the demo's database, for `prunella policy replay --content`, too."""
LIMIT = "20.00"
_OF_A_CHARGE = re.compile(r'(?<=\[charge\]\nusd = ")[0-9.]+')
LIMITS = Path("policy", "limits.toml")


@dataclass(frozen=True, slots=True)
class OtherRules:
    """What Lee and customers get back of one payment without a person: 20 dollars, not 50."""

    content: Path
    folder: Path

    def read(self) -> Content:
        copy = self.folder / FOLDER
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.content, copy)
        text = (copy / LIMITS).read_text(encoding="utf-8")
        (copy / LIMITS).write_text(_OF_A_CHARGE.sub(LIMIT, text, count=1), encoding="utf-8")
        return load_content(copy)
