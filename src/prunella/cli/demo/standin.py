"""What the demo's own pages ask of the stand-in for Stripe: its time, and what a bank says."""

from typing import Any

import httpx

from prunella.settings import Settings

PATIENCE_S = 60.0
LATE = {"past_due", "unpaid"}


class StandIn:
    """Time moves for the whole company; a bank's mind is changed for one customer."""

    def __init__(self, settings: Settings) -> None:
        key = settings.stripe_api_key
        self._base_url = settings.stripe_api_base
        self._headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}

    async def clock(self) -> dict[str, Any]:
        """`now`, and `next` (`at`, `what`) where something is due."""
        clock: dict[str, Any] = await self._ask("GET", "/_sandbox/clock")
        return clock

    async def advance(self, seconds: float) -> None:
        await self._ask("POST", "/_sandbox/clock", json={"advance_seconds": seconds})

    async def bank_agrees(self, customer: str) -> None:
        """From now on the bank of this customer says yes to the card that is stored."""
        known = await self._ask("GET", f"/v1/customers/{customer}")
        card = known["invoice_settings"]["default_payment_method"]
        path = f"/v1/payment_methods/{card}"
        await self._ask("POST", path, data={"metadata[sandbox_decline]": ""})

    async def fall_silent(self, path: str, *, for_s: float) -> None:
        """Do what is asked there next, then keep the answer back, and close the line."""
        fault = {"kind": "timeout_after", "path": path, "method": "POST", "seconds": for_s}
        await self._ask("POST", "/_sandbox/faults", json=fault)

    async def switch_off(self, customer: str) -> None:
        """The company's own system forgets what this customer pays for."""
        said = {"customer": customer, "plan": None, "active": False}
        await self._ask("POST", "/_sandbox/entitlements", json=said)

    async def refunds(self, charge: str) -> list[dict[str, Any]]:
        """What went back of a payment, as Stripe lists it."""
        found = await self._ask("GET", "/v1/refunds", params={"charge": charge})
        return list(found["data"])

    async def letters(self, to: str) -> list[dict[str, Any]]:
        """Return what came into a mailbox, the oldest first."""
        found = await self._ask("GET", "/_sandbox/mail", params={"to": to})
        return list(found["data"])

    async def letter(self, name: str) -> str:
        """Return a letter as it arrived."""
        return (await self._send("GET", f"/_sandbox/mail/{name}/raw")).text

    async def is_late(self, customer: str) -> bool:
        plans = await self._ask("GET", "/v1/subscriptions", params={"customer": customer})
        return any(plan["status"] in LATE for plan in plans["data"])

    async def _ask(self, method: str, path: str, **request: Any) -> Any:
        return (await self._send(method, path, **request)).json()

    async def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        async with httpx.AsyncClient(
            base_url=self._base_url, timeout=PATIENCE_S, headers=self._headers
        ) as client:
            return (await client.request(method, path, **request)).raise_for_status()
