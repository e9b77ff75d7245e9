"""May this process take requests? The database answers, has our shape, and content is read."""

from dataclasses import dataclass

from prunella.kit.actor import SYSTEM
from prunella.settings.shipped import shipped
from prunella.web.operations import store
from prunella.web.site import Site


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was checked, in words; empty `missing` means ready."""

    missing: tuple[str, ...]
    content: str

    @property
    def ready(self) -> bool:
        return not self.missing


async def readiness(site: Site) -> Readiness:
    """Raises what the database raises when it is away."""
    async with site.rooms.house.transaction(SYSTEM) as tx:
        applied = await store.applied(tx)
    wanted = {path.name for path in shipped("schema").glob("*.sql")}
    lacking = tuple(f"migration {name}" for name in sorted(wanted - applied))
    return Readiness(missing=lacking, content=site.rooms.content.digest)
