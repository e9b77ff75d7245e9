"""Programs in memory: they keep what they were told, and answer as they are told to."""

from collections.abc import Mapping

from prunella.connectors.hooks.reply import Reply


class MemoryPost:
    """`taken` holds every POST in order; `answers` what an address answers, None for nothing."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes, dict[str, str]]] = []
        self.answers: dict[str, int | None] = {}

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        status = self.answers.get(url, 204)
        if status is None:
            return Reply(None, 0, "Nobody answers there.")
        self.taken.append((url, body, {name.lower(): value for name, value in headers.items()}))
        return Reply(status, 0)
