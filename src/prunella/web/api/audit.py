"""The audit log, its signed head, and proofs that anybody can check with that head alone."""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from prunella import audit
from prunella.audit import Checkpoint, Entry, Filter
from prunella.web.errors import NotFoundError
from prunella.web.rendering import iso
from prunella.web.visits import call

router = APIRouter(prefix="/v1/audit", tags=["audit"])

MAX_SEQ = 2**63 - 1
Seq = Annotated[int, Path(ge=1, le=MAX_SEQ)]
Size = Annotated[int, Query(ge=1, le=MAX_SEQ)]
Word = Annotated[str | None, Query(max_length=255)]


@router.get("/entries")
async def list_them(
    request: Request,
    *,
    customer: Word = None,
    verb: Word = None,
    subject: Word = None,
    actor: Word = None,
    cursor: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """List entries in the order of the log; the cursor is the number of the last one seen."""
    async with call(request) as here:
        here.must_be_staff()
        owner = (await here.customer(customer)).id if customer else None
        which = Filter(customer=owner, verb=verb, subject=subject, actor=actor)
        page = await audit.entries(here.tx, cursor, limit + 1, which)
        more = page[limit - 1].seq if len(page) > limit else None
        return {"data": [_json(entry) for entry in page[:limit]], "next_cursor": more}


@router.get("/checkpoint")
async def checkpoint(request: Request) -> dict[str, Any]:
    """Answer with the newest signed head: keep the `note` elsewhere."""
    async with call(request) as here:
        here.must_be_staff()
        head = await audit.head(here.tx)
        if head is None:
            raise NotFoundError
        return _head(head.checkpoint) | {"keys": list(head.vkeys)}


@router.get("/consistency")
async def consistency(
    request: Request, old: Annotated[int, Query(alias="from", ge=1, le=MAX_SEQ)], to: Size
) -> dict[str, Any]:
    """Prove that the checkpoint of size `to` begins with everything in that of size `from`."""
    async with call(request) as here:
        here.must_be_staff()
        proof = await audit.prove_growth(here.tx, old_size=old, size=to)
        return {
            "from": _head(proof.old),
            "to": _head(proof.new),
            "path": [_text(one) for one in proof.path],
            "holds": proof.holds,
        }


@router.get("/entries/{seq}/proof")
async def proof(request: Request, seq: Seq) -> dict[str, Any]:
    """Prove that the entry stands in the log: `line` is what is hashed, `index` begins at 0."""
    async with call(request) as here:
        here.must_be_staff()
        found = await audit.prove_entry(here.tx, seq)
        if found is None:
            raise NotFoundError
        return {
            "seq": found.seq,
            "index": found.index,
            "line": found.line.decode(),
            "path": [_text(one) for one in found.path],
            "checkpoint": _head(found.head.checkpoint),
            "keys": list(found.head.vkeys),
            "holds": found.holds,
        }


def _head(signed: Checkpoint) -> dict[str, Any]:
    return {
        "origin": signed.origin,
        "size": signed.size,
        "root": _text(signed.root),
        "signed_at": iso(signed.at),
        "note": signed.note,
    }


def _json(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": iso(entry.at),
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "role": entry.actor_role},
        "verb": entry.verb,
        "subject": entry.subject,
        "customer": entry.customer,
        "because": entry.because,
        "before": entry.before,
        "after": entry.after,
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
