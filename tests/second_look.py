"""What failed beside thousands of others is run once more, alone, and is named either way.

Only tests that have processes, servers or a browser of their own, for which a machine can be too
busy, and only a few of them. What else fails has failed. One that needs this has a race: mend it.
"""

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).parents[1]
FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
WITH_PROCESSES = (
    "tests/browser/",
    "tests/cli/",
    "tests/contracts/",
    "tests/faults/",
    "tests/journeys/",
    "tests/kit/",
    "tests/mail/",
    "tests/operations/",
)
MOST = 3
TESTS_FAILED = 1
"""Exit code of pytest; any other tells that it could not run them all."""


def deserves_one(failed: Collection[str]) -> bool:
    """Whether these, by their ids, may be run once more."""
    return 0 < len(failed) <= MOST and all(
        one.startswith(WITH_PROCESSES) and "::" in one for one in failed
    )


def main(exit_code: int) -> int:
    failed = list(json.loads(FAILED.read_text())) if exit_code == TESTS_FAILED else []
    if not deserves_one(failed):
        return exit_code
    _say("Once more, alone:", failed)
    again = subprocess.run([sys.executable, "-m", "pytest", *failed], cwd=ROOT, check=False)  # noqa: S603 our own tests
    if again.returncode == 0:
        _say("UNSTEADY, failed beside others and passed alone. Find the race:", failed)
    return again.returncode


def _say(heading: str, tests: Collection[str]) -> None:
    print("", heading, *(f"  {one}" for one in tests), sep="\n", flush=True)  # noqa: T201 what CI shows


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
