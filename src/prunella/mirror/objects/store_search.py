"""SQL that finds mirrored customers by how their name or mail begins, or by id."""

from typing import Any

from prunella.kit.house import Tx

_LIKE = """
(select id, data ->> 'name' as name, data ->> 'email' as email from mirror_objects
 where kind = 'customer' and not deleted and lower(data ->> 'name') like %(prefix)s
 order by lower(data ->> 'name') limit %(limit)s)
union
(select id, data ->> 'name', data ->> 'email' from mirror_objects
 where kind = 'customer' and not deleted and lower(data ->> 'email') like %(prefix)s
 order by lower(data ->> 'email') limit %(limit)s)
union
(select id, data ->> 'name', data ->> 'email' from mirror_objects
 where id = %(text)s and kind = 'customer')
"""
_AT = """
select id from mirror_objects
where kind = 'customer' and not deleted and lower(data ->> 'email') = lower(%s)
order by created desc, id desc limit %s
"""


async def customers_like(tx: Tx, text: str, limit: int) -> list[dict[str, Any]]:
    plain = text.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return await tx.all(_LIKE, {"prefix": f"{plain}%", "text": text, "limit": limit})


async def customers_at(tx: Tx, email: str, limit: int) -> list[str]:
    """Return the ids of the customers that have this address, those made last first."""
    return [row["id"] for row in await tx.all(_AT, (email, limit))]
