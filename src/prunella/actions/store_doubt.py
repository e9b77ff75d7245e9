"""Which actions a restored backup leaves in doubt."""

from prunella.kit.house import Tx

_APPROVED = "select id from actions where state = 'approved' order by id"


async def approved(tx: Tx) -> list[str]:
    return [row["id"] for row in await tx.all(_APPROVED)]
