"""Mail in rows: each with its state in a word and a shape, and what can be done about it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prunella.cases import Sending
from prunella.cases.mail import Letterbox
from prunella.cases.sending import State
from prunella.web.views.saying import Saying

STATES_IN = ("aside", "waiting", "done", "all")
STATES_OUT: Mapping[str, tuple[State, ...]] = {
    "failed": ("failed",),
    "waiting": ("waiting",),
    "sent": ("sent",),
    "all": ("waiting", "sent", "failed"),
}
_LOOKS = {"aside": "bad", "failed": "bad", "waiting": "wait", "done": "ok", "sent": "ok"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mail; `again`, `as_case` and `aside` where a person can do something about it.

    `kept`: it is there as it came.
    """

    id: str
    who: str
    subject: str
    look: str
    state: str
    why: str
    when: str
    tries: int
    case: str
    again: bool
    as_case: bool = False
    aside: bool = False
    kept: bool = True


def came_in(mails: Sequence[Letterbox], saying: Saying) -> list[Row]:
    return [
        Row(
            id=one.id,
            who=one.sender or one.envelope_from or "",
            subject=one.subject,
            look=_LOOKS[one.state],
            state=saying.say(f"page.post.{one.outcome or one.state}"),
            why=one.error,
            when=saying.until(one.received_at),
            tries=one.attempts,
            case=one.case_id or "",
            again=one.state == "aside" or (one.outcome == "nothing" and one.kept),
            aside=one.state == "aside",
            as_case=one.outcome == "machine" and one.kept,
            kept=one.kept,
        )
        for one in mails
    ]


def went_out(mails: Sequence[Sending], saying: Saying) -> list[Row]:
    return [
        Row(
            id=one.message,
            who=one.recipient,
            subject=one.subject,
            look=_LOOKS[one.state],
            state=saying.say(f"page.post.{one.state}"),
            why=one.error,
            when=saying.until(one.state_changed_at),
            tries=one.attempts,
            case=one.case or "",
            again=one.state == "failed",
        )
        for one in mails
    ]
