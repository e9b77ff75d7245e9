"""Rules of the house that no linter knows. Run by `make check`; each says what to do about it."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOMES = ("src", "tests", "bench")
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
UNTYPED = re.compile(r"# type: ignore(\[[a-z, -]+\])?$", re.MULTILINE)
STYLED = re.compile(r"\.([a-z][\w-]*)")
NOT_STYLES = re.compile(r"/\*.*?\*/|url\([^)]*\)", re.DOTALL)
MAX_LINES = 300
MAX_LINES_OF_FUNCTION = 50
KIT_MAY_SPEAK_SQL = SOURCE / "kit"


def findings() -> Iterator[str]:
    yield from _addresses_in_locks()
    yield from _left_over()
    for path in sorted(_python_in("src")):
        yield from _in_source(path, path.read_text())
    for path in sorted(one for home in HOMES for one in _python_in(home)):
        if UNEXPLAINED.search(path.read_text()):
            yield f"{path.relative_to(ROOT)} has a noqa without a reason: say why on its line"
    for path in sorted((ROOT / "schema").glob("*.sql")):
        if not re.fullmatch(r"\d{14}_\w+\.sql", path.name):
            yield f"schema/{path.name}: name it by time, like 20261121000000_room.sql"
        if "now()" in path.read_text():
            yield f"schema/{path.name} calls now(): times come from the transaction"


def _in_source(path: Path, text: str) -> Iterator[str]:
    name = path.relative_to(ROOT)
    if text.count("\n") > MAX_LINES:
        yield f"{name} has more than {MAX_LINES} lines: split it by what its parts are about"
    if READS_TIME.search(text) and name.as_posix() not in MAY_READ_TIME:
        yield f"{name} reads the time itself: take the clock that is passed in, or kit.clock"
    if found := SAYS_NOTHING.search(text):
        yield f"{name} has a class {found[1]}: put the verb on its noun, or write a function"
    if UNTYPED.search(text):
        yield f"{name} has an ignored type without a reason: say why on its line"
    for function in _long_functions(text):
        yield f"{name} has a long function, {function}: give its parts names of their own"
    if _speaks_sql(path, text):
        yield f"{name} holds SQL: move it to the store.py of its room"


def _python_in(home: str) -> Iterator[Path]:
    return (ROOT / home).rglob("*.py")


def _addresses_in_locks() -> Iterator[str]:
    for path in sorted((ROOT / "requirements").glob("*.lock")):
        if "://" in path.read_text():
            yield f"requirements/{path.name} holds an address: make it again with `make lock`"


def _long_functions(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if (node.end_lineno or 0) - node.lineno >= MAX_LINES_OF_FUNCTION:
            yield node.name


def _left_over() -> Iterator[str]:
    """Pages and looks that nothing names any more."""
    for package in (SOURCE, ROOT / "src/prunella_sandbox"):
        files = [file for end in ("py", "html", "js") for file in package.rglob(f"*.{end}")]
        said = "\n".join(file.read_text() for file in files)
        named = set(re.findall(r"[\w-]+", said))
        for page in (file for file in files if file.suffix == ".html" and file.name not in said):
            yield f"{page.relative_to(ROOT)} is shown by nobody: take it away"
        for sheet in package.rglob("*.css"):
            styled = STYLED.findall(NOT_STYLES.sub("", sheet.read_text()))
            for word in sorted(set(styled) - named):
                yield f"{sheet.relative_to(ROOT)} styles .{word}, which no page has: take it away"


def _speaks_sql(path: Path, text: str) -> bool:
    home = path.name.startswith("store") or KIT_MAY_SPEAK_SQL in path.parents
    return not home and SOURCE in path.parents and SQL.search(text) is not None


if __name__ == "__main__":
    found = list(findings())
    print("\n".join(found) or "House rules kept.")  # noqa: T201 it is a command
    sys.exit(bool(found))
