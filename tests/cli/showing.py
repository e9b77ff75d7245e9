"""A demo as anybody starts it: one command, with fewer customers; and a terminal beside it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page
from tests.browsing import follow
from tests.ports import free_port

CUSTOMERS = 50
OPEN = "Open "
PATIENCE_S = 600


@dataclass(frozen=True)
class Showing:
    """`url` is where the chapters are; `folder` has what the demo keeps."""

    url: str
    folder: Path

    def typed(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Type it into a terminal in which the demo's settings were read, as its page says."""
        line = f". {self.folder}/settings.sh && {command}"
        return subprocess.run(  # noqa: S603 our own command
            ["/bin/sh", "-c", line], capture_output=True, text=True, check=False, cwd=self.folder
        )

    def worker(self) -> int:
        return int((self.folder / "worker.pid").read_text())


@contextmanager
def showing(folder: Path) -> Iterator[Showing]:
    command = [sys.executable, "-m", "prunella", "demo"]
    options = ["--port", str(free_port()), "--customers", str(CUSTOMERS)]
    log = (folder / "demo.log").open("wb")
    with (
        log,
        subprocess.Popen(  # noqa: S603 our own command
            [*command, *options], cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
        ) as demo,
    ):
        try:
            yield Showing(url=_address(demo, folder), folder=folder / ".prunella" / "demo")
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate(timeout=PATIENCE_S)


def _address(demo: "subprocess.Popen[str]", folder: Path) -> str:
    """Return the one address that it says to open."""
    for line in demo.stdout or ():
        if OPEN in line:
            return line.split(OPEN)[1].strip()
    message = f"the demo did not come up:\n{(folder / 'demo.log').read_text()}"
    raise AssertionError(message)


async def chapter(page: Page, demo: Showing, name: str, *, link: str) -> None:
    """From the demo's page, by a link of this chapter."""
    await page.goto(demo.url)
    await follow(page.locator(f"#{name}").get_by_role("link", name=link))
