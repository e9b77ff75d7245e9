"""A bar for `sync`: how far it is, and how long it still takes."""

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from prunella.mirror import Progress as Done

MINUTE_S = 60


class Bar:
    """`with Bar() as bar:` draws on standard error; `bar.show` is given to `mirror.sync`."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]}"),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("Reading Stripe", total=None, left="")

    def show(self, now: Done) -> None:
        total = now.estimated_total
        self._progress.update(
            self._task,
            description=f"{now.done:,} objects" + (f" of about {total:,}" if total else ""),
            completed=now.done,
            total=total,
            left=time_left(now.seconds_left),
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def time_left(seconds: float | None) -> str:
    """Return the time in words, as coarse as it is sure."""
    if seconds is None:
        return ""
    if seconds < MINUTE_S:
        return "less than a minute left"
    return f"about {round(seconds / MINUTE_S)} min left"
