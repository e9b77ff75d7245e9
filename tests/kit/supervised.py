"""A supervisor over two children that note what happens: `supervised.py FOLDER polite|deaf`."""

import asyncio
import logging
import sys
from pathlib import Path

from prunella.kit.supervise import Child, Pace, supervise

CHILD = """
import os, signal, sys, time
def note(word):
    with open(sys.argv[1], "a") as file:
        file.write(f"{word} {os.getpid()}\\n")
def stop(*_):
    note("asked")
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if sys.argv[2] == "deaf" else stop)
note("started")
while True:
    time.sleep(1)
"""


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = Path(sys.argv[1])
    children = [
        Child(name, [sys.executable, "-c", CHILD, str(folder / name), how])
        for name, how in (("web", "polite"), ("worker", sys.argv[2]))
    ]

    def ensure() -> None:
        with (folder / "ensured").open("a") as file:
            file.write("again\n")
        message = "the disk is full"
        raise OSError(message)

    grace_s = 1.0 if sys.argv[2] == "deaf" else 120.0
    pace = Pace(first_pause_s=0.1, settled_after_s=600.0, grace_s=grace_s)
    asyncio.run(supervise(children, ensure=ensure, pace=pace))


if __name__ == "__main__":
    main()
