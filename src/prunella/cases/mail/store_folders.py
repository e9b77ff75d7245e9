"""Rows of which mails of a folder were seen, by UID."""

from prunella.kit.clock import system_now
from prunella.kit.house import Tx

# Runs of UIDs without a gap: a folder of a hundred thousand mails is a few rows.
_KNOWN = """
select min(uid) as first, max(uid) as last from (
  select uid, uid - row_number() over (order by uid) as run from mail_uids
  where folder = %s and uidvalidity = %s
) runs group by run order by first
"""
_SEEN = """
insert into mail_uids (folder, uidvalidity, uid, mail, note, seen_at)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing
"""


async def known(tx: Tx, folder: str, uidvalidity: int) -> list[tuple[int, int]]:
    """Return the UIDs that were seen, as runs from first to last."""
    rows = await tx.all(_KNOWN, (folder, uidvalidity))
    return [(row["first"], row["last"]) for row in rows]


async def seen(
    tx: Tx, folder: str, uidvalidity: int, uid: int, *, mail: str | None, note: str = ""
) -> None:
    await tx.execute(_SEEN, (folder, uidvalidity, uid, mail, note, system_now()))
