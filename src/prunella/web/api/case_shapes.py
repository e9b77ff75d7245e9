"""A case as programs read it: to staff with everything, to its customer without our own affairs."""

from collections.abc import Sequence
from typing import Any

from prunella import cases, people
from prunella.actions import Approvals
from prunella.cases import Attachment, Begun, Case, Clocks, Message, Opened, Step
from prunella.diagnostics import Words
from prunella.people import Colleague, Customer
from prunella.web.errors import NotFoundError
from prunella.web.looking import note_look
from prunella.web.rendering import iso
from prunella.web.views.talk import without_links
from prunella.web.visits import Call


async def case_of(here: Call, case_id: str) -> Case:
    """Return the case, or say that there is none: also when it is somebody else's."""
    case = await cases.get_case(here.tx, case_id)
    if case is None:
        raise NotFoundError
    if here.own and case.customer not in await people.names_of_account(here.tx, here.own.id):
        raise NotFoundError
    return case


async def shown(here: Call, case: Case, customer: Customer | None = None) -> dict[str, Any]:
    """One case with what was said on it; of a `customer` who is looked at already, if given."""
    if customer is None:
        await note_look(here.tx, case.customer, because="case", seen=case.id)
    said = await cases.messages_of(here.tx, case)
    visible = [one for one in said if here.own is None or one.direction != "note"]
    files = await cases.attachments_of(here.tx, [one.id for one in visible])
    [told] = await listed(here, [case], customer)
    told["messages"] = [message_json(here, one, files.get(one.id, ())) for one in visible]
    return told | (await _known(here, case) if here.own is None else {})


async def shown_new(here: Call, opened: Opened, begun: Begun, customer: Customer) -> dict[str, Any]:
    """One case that was opened just now: everything that is on it is known already."""
    case, said = opened.case, opened.said
    told = case_json(case, begun.clocks, for_staff=here.own is None)
    visible = said is not None and (here.own is None or said.direction != "note")
    told["customer"] = customer.address
    told["messages"] = [message_json(here, said, opened.files)] if said and visible else []
    if here.own:
        return told
    csm = await people.csm_of(here.tx, customer.id) if customer.csm else None
    return told | _ours_alone(case, links=[], csm=csm) | {"decides": None}


async def listed(
    here: Call, found: Sequence[Case], customer: Customer | None = None
) -> list[dict[str, Any]]:
    addresses = await _addresses(here, found, customer)
    ids = [case.id for case in found]
    clocks = await cases.clocks_of(here.tx, ids)
    told = [
        case_json(case, clocks.get(case.id), for_staff=here.own is None)
        | {"customer": addresses[case.customer]}
        for case in found
    ]
    return told if here.own else await _with_deciders(here, told, ids)


async def _with_deciders(
    here: Call, told: list[dict[str, Any]], ids: Sequence[str]
) -> list[dict[str, Any]]:
    """Say which role has to decide what waits on a case, null where nothing waits."""
    decides = await Approvals(here.site.rooms.door).deciders(here.tx, ids)
    return [one | {"decides": decides.get(one["id"])} for one in told]


def case_json(case: Case, clocks: Clocks | None, *, for_staff: bool) -> dict[str, Any]:
    told = {
        "id": case.id,
        "number": case.number,
        "subject": case.subject,
        "text": case.text,
        "about": case.about or None,
        "because": case.because,
        "status": case.status,
        "severity": case.severity,
        "level": case.level,
        "kind": case.kind,
        "channel": case.channel,
        "sla": _sla(case, clocks, for_staff=for_staff),
        "opened_at": iso(case.opened_at),
        "solved_at": iso(case.solved_at) or None,
        "merged_into": case.merged_into,
    }
    return told | (_ours(case) if for_staff else {})


def message_json(here: Call, message: Message, files: Sequence[Attachment] = ()) -> dict[str, Any]:
    told = {
        "id": message.id,
        "case": message.case_id,
        "direction": message.direction,
        "author": message.author_kind,
        "text": _text(message, here.site.rooms.words),
        "created_at": iso(message.created_at),
        "attachments": [_file(one) for one in files],
    }
    if here.own is not None:
        return told
    ours = {"author_id": message.author_id, "channel": message.channel}
    return told | ours | {"cc": list(message.cc), "mentions": list(message.mentions)}


def step_json(step: Step) -> dict[str, Any]:
    return {
        "at": iso(step.at),
        "by": f"{step.actor_kind}:{step.actor_id}",
        "what": step.what,
        "because": step.because,
        "before": dict(step.before),
        "after": dict(step.after),
    }


async def links_json(here: Call, case: Case) -> list[dict[str, Any]]:
    return [
        {
            "case": link.id,
            "kind": link.kind,
            "outward": link.outward,
            "number": link.number,
            "subject": link.subject,
            "status": link.status,
        }
        for link in await case.links(here.tx)
    ]


async def _known(here: Call, case: Case) -> dict[str, Any]:
    csm = await people.csm_of(here.tx, case.customer)
    return _ours_alone(case, links=await links_json(here, case), csm=csm)


def _ours_alone(
    case: Case, *, links: list[dict[str, Any]], csm: Colleague | None
) -> dict[str, Any]:
    return {"context": case.context, "links": links, "csm": csm.id if csm else None}


def _ours(case: Case) -> dict[str, Any]:
    return {
        "assignee": case.assignee,
        "team": case.team,
        "tags": list(case.tags),
        "priority": case.priority,
        "snoozed_until": iso(case.snoozed_until) or None,
        "spam": case.spam,
        "root_cause": case.root_cause or None,
    }


def _sla(case: Case, clocks: Clocks | None, *, for_staff: bool) -> dict[str, Any]:
    """Without clocks it is from before there were any: then what was promised is known."""
    promised = clocks.response_due_at if clocks else case.promised_at
    told = {
        "response_due_at": iso(promised),
        "resolution_due_at": iso(clocks.resolution_due_at) or None if clocks else None,
        "responded_at": iso(case.answered_at) or None,
        "paused_at": iso(clocks.paused_at) or None if clocks else None,
    }
    if not (for_staff and clocks):
        return told
    return told | {
        "response_target_at": iso(clocks.response_target_at),
        "resolution_target_at": iso(clocks.resolution_target_at) or None,
        "resolved_at": iso(clocks.resolved_at) or None,
        "reply_target_at": iso(clocks.reply_target_at) or None,
        "batch_at": iso(clocks.batch_at) or None,
        "due_at": iso(case.due_at) or None,
        "warned": list(clocks.warned),
        "breached": list(clocks.breached),
    }


def _file(file: Attachment) -> dict[str, Any]:
    address = f"/v1/attachments/{file.id}"
    return {"id": file.id, "name": file.name, "type": file.type, "size": file.size, "url": address}


def _text(message: Message, words: Words) -> str:
    return without_links(message.text, words)


async def _addresses(
    here: Call, found: Sequence[Case], customer: Customer | None
) -> dict[str, str]:
    """What the API calls these customers."""
    known = {customer.id: customer.address} if customer else {}
    others = {case.customer for case in found} - known.keys()
    return known | (await people.addresses_of(here.tx, sorted(others)) if others else {})
