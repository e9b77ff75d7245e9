"""POST over HTTP, to the address that was looked at, once, without following it elsewhere."""

import asyncio
import time
from collections.abc import Mapping
from urllib.parse import SplitResult

import httpx

from prunella.connectors.hooks.address import BadAddressError, check_address, resolved
from prunella.connectors.hooks.reply import Reply

TIMEOUT_S = 10.0
MAX_WORDS = 200


class HttpPost:
    """Sends with a connection of its own each; `private`: also into private networks."""

    def __init__(self, *, private: bool = False, timeout_s: float = TIMEOUT_S) -> None:
        self._private = private
        self._timeout_s = timeout_s

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                status, problem = await self._status(url, body, headers), ""
        except TimeoutError:
            status, problem = None, f"No answer within {self._timeout_s:g} seconds."
        except (httpx.HTTPError, BadAddressError, OSError) as error:
            status, problem = None, (str(error) or type(error).__name__)[:MAX_WORDS]
        return Reply(status, round(1000 * (time.monotonic() - began)), problem)

    async def _status(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        parts = check_address(url, private=self._private)
        address = await resolved(parts, private=self._private)
        async with (
            httpx.AsyncClient(timeout=self._timeout_s, trust_env=False) as client,
            client.stream(
                "POST",
                _at(parts, address),
                content=body,
                headers={**headers, "host": parts.netloc},
                extensions={"sni_hostname": parts.hostname},
            ) as answer,
        ):
            return answer.status_code


def _at(parts: SplitResult, address: str) -> str:
    """Name the machine itself, so that its name is not asked for a second time."""
    host = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{host}{port}").geturl()
