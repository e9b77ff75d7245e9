"""What compose.yaml starts, as processes: one PostgreSQL, two webs, three workers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.company import Company
from tests.ports import HOST, free_port

WORKERS = ("worker-1", "worker-2", "worker-3")


@dataclass
class Topology(Company):
    """A company on several processes of each kind. Stripe tells the first web, people ask both."""

    second_port: int = field(default_factory=free_port)

    @property
    def webs(self) -> tuple[str, str]:
        return self.url, f"http://{HOST}:{self.second_port}"

    def open(self) -> None:
        super().open()
        self.kill("worker")
        with self.reviving:
            for name in ("web-2", *WORKERS):
                self.start(name)
        for url in self.webs:
            self._wait_for(f"{url}/readyz")

    def _command(self, name: str) -> list[str]:
        if name in WORKERS:
            return ["serve", "--only", "worker"]
        if name == "web-2":
            return ["serve", "--only", "web", "--port", str(self.second_port)]
        return super()._command(name)


@contextmanager
def topology(database_url: str, folder: Path) -> Iterator[Topology]:
    running = Topology(database_url=database_url, folder=folder, is_supervised=True)
    try:
        running.open()
        yield running
    finally:
        running.close()
