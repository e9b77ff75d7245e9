"""A Chromium for the browser tests: one that is there, Playwright's own, or Debian's.

Run as a command it makes sure that there is one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 600
WHAT_TO_DO = (
    "The browser tests need a Chromium, and none could be fetched: install one "
    "(on Debian: apt-get install chromium), then run this again."
)


def find() -> str | None:
    """Return the path of a Chromium that is there."""
    named = next((path for name in NAMES if (path := shutil.which(name))), None)
    return named or _of_playwright()


def fetch() -> str | None:
    """Find one, else get one. Whatever fails leaves the next way open."""
    ways: tuple[Callable[[], None], ...] = (_from_playwright, _from_debian)
    for way in ways:
        if found := find():
            return found
        way()
    return find()


def _of_playwright() -> str | None:
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    known = [*home.glob("chromium-*/chrome-linux*/chrome"), *home.glob("chromium-*/**/Chromium")]
    return str(max(known)) if known else None


def _from_playwright() -> None:
    _try([sys.executable, "-m", "playwright", "install", "chromium"])


def _from_debian() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try(["apt-get", "update"])
        _try(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])


def _try(command: list[str]) -> None:
    try:
        subprocess.run(command, timeout=PATIENCE_S, check=False, capture_output=True)  # noqa: S603 commands of our own
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{command[0]}: {error}\n")


if __name__ == "__main__":
    if not fetch():
        sys.stderr.write(f"{WHAT_TO_DO}\n")
        sys.exit(1)
