"""The one row about the company."""

from prunella.kit.house import Tx

_ZONE = "select time_zone from company"
_SET_ZONE = "update company set time_zone = %(zone)s where time_zone <> %(zone)s"


async def zone(tx: Tx) -> str:
    row = await tx.one(_ZONE)
    return str(row["time_zone"]) if row else "UTC"


async def set_zone(tx: Tx, name: str) -> None:
    await tx.execute(_SET_ZONE, {"zone": name})
