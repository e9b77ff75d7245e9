"""What a person does about something that nobody tries any more: try it again, or let it be."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal, get_args

from prunella import audit, mirror
from prunella.kit import stopped
from prunella.kit.house import Tx
from prunella.people.rights import must_be_lead

Kind = Literal["webhook", "delivery", "timer", "job"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MAX_NAME = 300
"""Of an id: a timer's holds the name of what it is about."""
Verb = Callable[[Tx, str], Awaitable[bool]]
Settle = Callable[[Tx, Kind, str], Awaitable[None]]
"""`try_again` or `let_be`."""


class NotStoppedError(LookupError):
    """This is tried again already, or somebody let it be. Nothing was done."""


async def try_again(tx: Tx, kind: Kind, name: str) -> None:
    """From the beginning, with all its tries. Raises NotStoppedError."""
    await _do(tx, _AGAIN[kind], kind, name, verb="stopped.tried_again")


async def let_be(tx: Tx, kind: Kind, name: str) -> None:
    """Nobody tries it any more, and it is told as stuck no longer.

    Raises NotLeadError, NotStoppedError.
    """
    must_be_lead(tx.actor)
    await _do(tx, _LET_BE[kind], kind, name, verb="stopped.let_be")


async def _do(tx: Tx, do: Verb, kind: Kind, name: str, *, verb: str) -> None:
    done = False
    with suppress(ValueError):  # no name of such a thing
        done = await do(tx, name)
    if not done:
        raise NotStoppedError
    try:
        await audit.record(tx, verb, name, because=kind)
    except audit.UnfitForAuditError:  # what it is about has a name that no log may hold
        await audit.record(tx, verb, kind, because=kind)


async def _deliver_again(tx: Tx, name: str) -> bool:
    return await stopped.deliver_again(tx, *_delivery(name))


async def _let_delivery_be(tx: Tx, name: str) -> bool:
    return await stopped.let_delivery_be(tx, *_delivery(name))


async def _fire_again(tx: Tx, name: str) -> bool:
    return await stopped.fire_again(tx, *_timer(name))


async def _let_timer_be(tx: Tx, name: str) -> bool:
    return await stopped.let_timer_be(tx, *_timer(name))


async def _run_again(tx: Tx, name: str) -> bool:
    return await stopped.run_again(tx, _number(name))


async def _let_job_be(tx: Tx, name: str) -> bool:
    return await stopped.let_job_be(tx, _number(name))


def _delivery(name: str) -> tuple[int, str]:
    event, _, listener = name.partition(":")
    return _number(event), listener


def _timer(name: str) -> tuple[str, str]:
    """A timer's own name has no colon; what it is about may."""
    timer, _, subject = name.partition(":")
    return timer, subject


def _number(name: str) -> int:
    if not (name.isascii() and name.isdigit() and len(name) <= 18):  # noqa: PLR2004 as many digits as a bigint holds
        raise ValueError(name)
    return int(name)


_AGAIN: dict[Kind, Verb] = {
    "webhook": mirror.put_back,
    "delivery": _deliver_again,
    "timer": _fire_again,
    "job": _run_again,
}
_LET_BE: dict[Kind, Verb] = {
    "webhook": mirror.let_be,
    "delivery": _let_delivery_be,
    "timer": _let_timer_be,
    "job": _let_job_be,
}
