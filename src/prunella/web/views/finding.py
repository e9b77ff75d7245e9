"""What a search at the desk found, in two lines each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prunella import people
from prunella.cases import Piece
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
    excerpt: Sequence[Piece] = ()

    def to_json(self) -> dict[str, str]:
        """What was said stands behind what it is, as plain text."""
        said = "".join(piece.text for piece in self.excerpt)
        return {
            "href": self.href,
            "title": self.title,
            "text": f"{self.text}: {said}" if said else self.text,
        }


def places(q: str, words: Words) -> list[Hit]:
    """Return the pages of the desk whose name holds these words; all of them for none."""
    asked = q.strip().casefold()
    named = [(words.say(f"page.desk.{place}"), href) for place, href in PLACES]
    text = words.say("page.palette.go_to")
    return [
        Hit(href=href, title=name, text=text) for name, href in named if asked in name.casefold()
    ]


def case_hits(
    rows: Sequence[CaseRow], words: Words, excerpts: Mapping[str, Sequence[Piece]]
) -> list[Hit]:
    return [
        Hit(
            href=row.href,
            title=row.subject,
            text=words.say("page.palette.case", number=row.number, name=row.name),
            excerpt=excerpts.get(row.id, ()),
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
