"""Cases that belong together: merged, split, linked, or given to the right customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from prunella import audit, people
from prunella.cases import clocks, making, store, store_links, store_moving
from prunella.cases.changing import locked, put
from prunella.cases.indexing import know_case, know_said
from prunella.cases.making import Asked
from prunella.cases.message import one_line
from prunella.cases.record import CaseClosedError, R, Record, Severity, Status
from prunella.cases.tags import MAX_TAGS
from prunella.cases.tier import Channel
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer

LinkKind = Literal["related", "duplicate", "caused_by", "follows", "split_from"]
MAX_LINKS = 100
MAX_MESSAGES = 500
_OWED: tuple[Status, ...] = ("new", "open")
_MILDEST_FIRST: tuple[Severity, ...] = ("low", "medium", "high", "critical")


class SameCaseError(ValueError):
    """This is the same case. Choose another one."""


class OtherCustomerError(ValueError):
    """These are cases of different customers. Neither may read what the other one wrote."""


class NotAGuestError(ValueError):
    """This case belongs to a customer already. Only that of a guest can be given to somebody."""


class NothingToSplitError(ValueError):
    """Choose one or more messages of this case, and leave at least one behind."""


@dataclass(frozen=True, slots=True)
class Link:
    """Another case, and how it belongs; `outward` where ours says so of the other one."""

    id: str
    kind: LinkKind
    outward: bool
    number: int
    subject: str
    status: Status


class Moving(Record):
    """The verbs of belonging."""

    __slots__ = ()

    async def merge_into(self, tx: Tx, other: Record) -> Self:
        """Close this one; from now on the other one shows and answers what was said here.

        Returns the other one. It takes the worse severity and the tags, and is open again if an
        answer was owed here. Two people who merge the same two cases at once merge them once.
        """
        case, target = await _both_held(tx, self, other)
        if case.id == target.id:
            if self.id == other.id:
                raise SameCaseError
            return target
        if "closed" in (case.status, target.status):
            raise CaseClosedError
        if target.customer not in await people.names_of_account(tx, case.customer):
            raise OtherCustomerError
        owed = case.status in _OWED and target.status not in _OWED
        await store_moving.point_at(tx, case.id, target.id)
        await put(
            tx, case, verb="case.merged", because="merged", status="closed", merged_into=target.id
        )
        await know_said(tx, target.id)
        worse = max(case.severity, target.severity, key=_MILDEST_FIRST.index)
        after = await put(
            tx,
            target,
            because="merged",
            severity=worse,
            priority=max(case.priority, target.priority),
            tags=tuple(sorted({*case.tags, *target.tags}))[:MAX_TAGS],
            status="open" if owed else target.status,
        )
        taken = {"taken": case.id}
        await audit.record(tx, "case.took_in", target.id, customer=target.customer, after=taken)
        return after

    async def split(self, tx: Tx, messages: Sequence[str], *, subject: str) -> Self:
        """Make a case of its own of some of the messages; returns it, linked to this one."""
        case = await locked(tx, self)
        chosen = list(dict.fromkeys(messages))
        said = await store.messages_of_case(tx, case.id, MAX_MESSAGES)
        moved = [one for one in said if one["id"] in chosen]
        if not moved or len(moved) < len(chosen) or len(moved) == len(said):
            raise NothingToSplitError
        heading = one_line(subject) or case.subject
        part = await _part(tx, case, heading=heading, said=moved)
        await store_moving.move_messages(tx, chosen, case=part.id, contact=part.contact)
        for one in (case.id, part.id):
            await know_said(tx, one)
        await store_links.add(tx, part.id, case.id, "split_from")
        facts: dict[str, audit.Value] = {"into": part.id, "messages": len(moved)}
        await audit.record(tx, "case.split", case.id, customer=case.customer, after=facts)
        await tx.emit(Event("case.split", case.id, case.customer, facts))
        return part

    async def link(self, tx: Tx, other: Record, *, kind: LinkKind = "related") -> None:
        """Say that this one is related to, a duplicate of or caused by the other one."""
        if self.id == other.id:
            raise SameCaseError
        if await store_links.add(tx, self.id, other.id, kind):
            await _tell_link(tx, self, other, kind, verb="case.linked")

    async def unlink(self, tx: Tx, other: Record, *, kind: LinkKind = "related") -> None:
        if await store_links.remove(tx, self.id, other.id, kind):
            await _tell_link(tx, self, other, kind, verb="case.unlinked")

    async def links(self, tx: Tx) -> list[Link]:
        return [Link(**row) for row in await store_links.of_case(tx, self.id, MAX_LINKS)]

    async def move_to(self, tx: Tx, customer: Customer) -> Self:
        """Give a guest's case, with all that was said on it, to the customer who it was."""
        case = await locked(tx, self)
        if case.customer == customer.id:
            return case
        owner = await people.find_customer(tx, case.customer)
        if owner is None or not owner.guest:
            raise NotAGuestError
        for one in await store_moving.with_merged(tx, case.id):
            await _give(tx, one, customer, case.channel)
        moved = case.of(await store.case_by_id(tx, case.id) or {})
        moved = await clocks.move(tx, moved, customer)
        before, after = {"customer": case.customer}, {"customer": customer.id}
        await audit.record(
            tx, "case.moved", case.id, customer=customer.id, before=before, after=after
        )
        await tx.emit(Event("case.moved", case.id, customer.id, {"from": case.customer}))
        return moved


async def _both_held(tx: Tx, one: R, other: Record) -> tuple[R, R]:
    rows = await store.lock_cases(tx, [one.id, other.id])
    return one.of(rows[one.id]), one.of(rows[other.id])


async def _part(tx: Tx, case: R, *, heading: str, said: Sequence[store.Row]) -> R:
    """Open the case that what was said goes to."""
    customer = await people.find_customer(tx, case.customer)
    if customer is None:
        raise LookupError(case.customer)
    first = next((one for one in said if one["direction"] == "in"), said[0])
    words = {
        "subject": heading,
        "text": first["text"],
        "about": "",
        "because": case.because,
        "severity": case.severity,
        "kind": case.kind,
        "channel": case.channel,
        "tags": case.tags,
        "spam": case.spam,
    }
    asked = Asked(customer, words, case.context, apart=True)
    return (await making.make(tx, type(case), asked))[0]


async def _give(tx: Tx, case: str, customer: Customer, channel: Channel) -> None:
    contact = await store_moving.move_contact(tx, case, customer.id)
    if contact is None:
        fresh = await making.thread_of(tx, customer.id, subject=case, channel=channel)
        contact = fresh.id
    await store_moving.move_case(tx, case, customer=customer.id, contact=contact)
    await know_case(tx, case)


async def _tell_link(tx: Tx, one: Record, other: Record, kind: LinkKind, *, verb: str) -> None:
    facts = {"other": other.id, "kind": kind}
    await audit.record(tx, verb, one.id, customer=one.customer, after=facts)
    await tx.emit(Event(verb, one.id, one.customer, facts))
