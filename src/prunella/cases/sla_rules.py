"""The rules of sla.toml as they are kept: whoever opens a case reads them in its transaction."""

from functools import cache

from prunella import people
from prunella.cases import sla
from prunella.cases import store_clocks as store
from prunella.cases.sla import Rules
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.settings import Content
from prunella.settings.shipped import shipped

BATCH = "sla.batch"
"""Fires when a batch is to be answered."""
EVERY = "all"


async def set_sla(tx: Tx, content: Content) -> None:
    """Keep what sla.toml says. Raises `ContentError` with everything that is wrong, in words."""
    rules = sla.read(content, await people.home_zone(tx))
    await store.set_rules(tx, content.text(sla.FILE), assigns=rules.assigns)
    await arm_batch(tx, rules)


async def sla_rules(tx: Tx) -> Rules:
    """Return the rules that hold: those of the content, before any was read the shipped ones."""
    row = await store.rules(tx)
    return sla.read_rules(row["text"] or _shipped(), row["time_zone"])


async def arm_batch(tx: Tx, rules: Rules) -> None:
    """Wake up for the next batch, if there are any."""
    if rules.batches.severities:
        await tx.arm(Timer(BATCH, EVERY, rules.batches.next_after(tx.now)))
    else:
        await tx.disarm(BATCH, EVERY)


@cache
def _shipped() -> str:
    return (shipped("content") / sla.FILE).read_text(encoding="utf-8")
