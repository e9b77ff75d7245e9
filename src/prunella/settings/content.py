"""Content that support people own, read as one snapshot with a digest."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 1_000_000
MAX_FILES = 5_000
SETTING = "PRUNELLA_CONTENT_DIR"
SHADOW_SETTING = "PRUNELLA_SHADOW_CONTENT_DIR"


Problem = tuple[str, str, str]
"""Table, key in it, and what is wrong there; table or key may be empty."""


class ContentError(Exception):
    """A content file cannot be used. The message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Content:
    """The files of a content folder: relative name to text, and the digest of them all.

    `setting` is what names the folder: it stands in messages.
    """

    folder: Path
    files: Mapping[str, str]
    digest: str
    setting: str = SETTING

    def text(self, name: str) -> str:
        try:
            return self.files[name]
        except KeyError:
            message = f"{self.folder / name} is missing: put it back, or unset {self.setting}"
            raise ContentError(message) from None

    def toml(self, name: str) -> dict[str, Any]:
        text = self.text(name)
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            message = f"{self.folder / name}: {error}. Correct the line, then try again"
            raise ContentError(message) from None

    def line_of(self, name: str, word: str) -> int:
        """Return the first line of the file that has `word`, to point at in a message."""
        lines = self.files[name].splitlines()
        return next((n for n, line in enumerate(lines, 1) if word in line), 1)

    def checked(
        self, name: str, problems_of: Callable[[dict[str, Any]], Iterable[Problem]]
    ) -> list[str]:
        """Return what is wrong with a file of tables: file, line and remedy, a line each."""
        try:
            fields = self.toml(name)
        except ContentError as error:
            return [str(error)]
        return self.located(name, problems_of(fields))

    def located(self, name: str, problems: Iterable[Problem]) -> list[str]:
        """Say each problem with its file and line."""
        lines = self.files[name].splitlines()
        return [
            f"{self.folder / name}:{_line(lines, table, key)}: {words}"
            for table, key, words in problems
        ]


def load_content(folder: Path, *, setting: str = SETTING) -> Content:
    """Read every file below `folder` once. The digest covers names and bytes."""
    if not folder.is_dir():
        message = f"{folder} is not a folder: set {setting} to one, or unset it"
        raise ContentError(message)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")
    if len(paths) > MAX_FILES:
        message = f"{folder} holds more than {MAX_FILES} files: is this the content folder?"
        raise ContentError(message)
    digest = hashlib.sha256()
    files = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        files[name] = _read(path)
        digest.update(f"{name}\0{len(files[name])}\0{files[name]}\0".encode())
    return Content(folder=folder, files=files, digest=digest.hexdigest()[:16], setting=setting)


def _line(lines: list[str], table: str, key: str) -> int:
    """Return the line of the key after the head of its table; of the head, when there is none."""
    heads = (n for n, line in enumerate(lines) if line.strip() == f"[{table}]")
    head = next(heads, 0)
    keys = (n for n, line in enumerate(lines) if n >= head and line.split("=")[0].strip() == key)
    return (next(keys, head) if key else head) + 1


def _read(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        message = f"{path} is larger than {MAX_FILE_BYTES} bytes: make it smaller, or take it away"
        raise ContentError(message)
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors put a mark in front
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8"
        raise ContentError(message) from None
