"""What a program leaves out of a request where there is one plain way to do it."""

from dataclasses import replace

from prunella import mirror
from prunella.actions.action import ActionRequest
from prunella.actions.gather_account import how_to_go_on
from prunella.kit.house import Tx

_KINDS = frozenset({"cancel_subscription", "resume_subscription", "credit_note"})


async def filled(tx: Tx, asked: ActionRequest) -> ActionRequest:
    """Say how, where it was left out.

    A plan ends with what is paid, and goes on as it stopped. A credit note makes an open bill
    smaller, and of a paid one becomes credit.
    """
    if asked.kind not in _KINDS or "how" in asked.params:
        return asked
    found = await mirror.get(tx, asked.target)
    return replace(asked, params={**asked.params, "how": _how(asked.kind, found)})


def _how(kind: str, found: mirror.Mirrored | None) -> str:
    if kind == "cancel_subscription":
        return "period_end"
    if kind == "resume_subscription":
        return (how_to_go_on(found) if found else None) or "resume"
    return "reduce" if found and found.data.get("status") == "open" else "balance"
