"""Rules of the house that no linter knows. Run by `make check`; each says what to do about it."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "prunella"
# Ours is written small; a sentence of a docstring begins with a capital.
SQL = re.compile(
    r'"\s*(?:(?i:select\s[^"]*\sfrom|insert into|update\s\w+\sset|delete from)|'
    r"select|update|with\s\w+\sas|lock table|set local)\s"
)
READS_TIME = re.compile(r"datetime\.(now|utcnow)\(|\btime\.time(_ns)?\(")
MAY_READ_TIME = frozenset(
    {
        "src/prunella/kit/clock.py",
        "src/prunella/kit/ids.py",  # ids are in the order in which they were made
        "src/prunella_sandbox/clock.py",
        "src/prunella_sandbox/webhooks/deliverer.py",  # signatures live in the machine's time
    }
)
SAYS_NOTHING = re.compile(
    r"^class (\w*(?:Manager|Helper|Util|Utils|Processor|Handler))\b", re.MULTILINE
)
UNEXPLAINED = re.compile(r"# noqa(: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*)?$", re.MULTILINE)
MAX_LINES = 300
KIT_MAY_SPEAK_SQL = SOURCE / "kit"


def findings() -> Iterator[str]:
    yield from _addresses_in_locks()
    for path in sorted([*SOURCE.rglob("*.py"), *(ROOT / "src/prunella_sandbox").rglob("*.py")]):
        text = path.read_text()
        name = path.relative_to(ROOT)
        if text.count("\n") > MAX_LINES:
            yield f"{name} has more than {MAX_LINES} lines: split it by what its parts are about"
        if READS_TIME.search(text) and name.as_posix() not in MAY_READ_TIME:
            yield f"{name} reads the time itself: take the clock that is passed in, or kit.clock"
        if found := SAYS_NOTHING.search(text):
            yield f"{name} has a class {found[1]}: put the verb on its noun, or write a function"
        if UNEXPLAINED.search(text):
            yield f"{name} has a noqa without a reason: say why on its line"
        if _speaks_sql(path, text):
            yield f"{name} holds SQL: move it to the store.py of its room"
    for path in sorted((ROOT / "schema").glob("*.sql")):
        if not re.fullmatch(r"\d{14}_\w+\.sql", path.name):
            yield f"schema/{path.name}: name it by time, like 20261121000000_room.sql"
        if "now()" in path.read_text():
            yield f"schema/{path.name} calls now(): times come from the transaction"


def _addresses_in_locks() -> Iterator[str]:
    for path in sorted((ROOT / "requirements").glob("*.lock")):
        if "://" in path.read_text():
            yield f"requirements/{path.name} holds an address: make it again with `make lock`"


def _speaks_sql(path: Path, text: str) -> bool:
    home = path.name.startswith("store") or KIT_MAY_SPEAK_SQL in path.parents
    return not home and SOURCE in path.parents and SQL.search(text) is not None


if __name__ == "__main__":
    found = list(findings())
    print("\n".join(found) or "House rules kept.")  # noqa: T201 it is a command
    sys.exit(bool(found))
