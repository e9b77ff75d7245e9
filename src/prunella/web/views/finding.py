"""What a search at the desk found, in two lines each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from prunella import people
from prunella.diagnostics import Words
from prunella.web.views.desk import CaseRow

PLACES = (
    ("desk", "/desk"),
    ("overview", "/desk/overview"),
    ("approvals", "/desk/approvals"),
    ("scoreboard", "/scoreboard"),
    ("new", "/desk/new"),
    ("several", "/desk/several"),
    ("views", "/desk/views"),
    ("told", "/desk/notifications"),
    ("limits", "/desk/limits"),
    ("audit", "/desk/audit"),
    ("stuck", "/desk/stuck"),
    ("post", "/desk/mail"),
    ("people", "/desk/people"),
    ("hooks", "/desk/hooks"),
    ("you", "/desk/you"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    href: str
    title: str
    text: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def places(q: str, words: Words) -> list[Hit]:
    """Return the pages of the desk whose name holds these words; all of them for none."""
    asked = q.strip().casefold()
    named = [(words.say(f"page.desk.{place}"), href) for place, href in PLACES]
    text = words.say("page.palette.go_to")
    return [
        Hit(href=href, title=name, text=text) for name, href in named if asked in name.casefold()
    ]


def case_hits(rows: Sequence[CaseRow], words: Words) -> list[Hit]:
    return [
        Hit(
            href=row.href,
            title=row.subject,
            text=words.say("page.palette.case", number=row.number, name=row.name),
        )
        for row in rows
    ]


def customer_hits(found: Sequence[people.Hit], words: Words) -> list[Hit]:
    kind = words.say("page.palette.customer")
    return [
        Hit(
            href=f"/desk/customers/{hit.ref}",
            title=hit.name,
            text=f"{kind}, {hit.email or hit.ref}",
        )
        for hit in found
    ]
