"""Everything that the page of a case shows, gathered."""

from collections.abc import Mapping
from typing import get_args
from urllib.parse import urlencode

from starlette.responses import Response

from prunella import actions, cases, people
from prunella.actions import Action, Approvals
from prunella.cases import LEVELS, OPEN, Case, Kind, Message, Severity, Status
from prunella.diagnostics import Facts
from prunella.people import TEAMS, Customer
from prunella.web import presence
from prunella.web.errors import NotFoundError, sentence_of
from prunella.web.pages.desk import ACTIONS_SHOWN, FIRST_VIEW, VIEWS, around, inbox_of, saying_of
from prunella.web.pages.desk_given import WHYS, asked_here, doable_for, giving_for
from prunella.web.pages.proven import figures_for, proof_for
from prunella.web.pages.staff import DESK
from prunella.web.views.desk import CaseRow, asleep, case_row, case_rows, deed_of
from prunella.web.views.desk_case import (
    DeskCase,
    Draft,
    gravity,
    here_in_words,
    tried,
    who_has_it,
)
from prunella.web.views.desk_clocks import ClockShown, clocks_shown
from prunella.web.views.desk_decision import Decision, decision_of
from prunella.web.views.desk_list import next_of
from prunella.web.views.desk_macro import MacroShown, macro_shown
from prunella.web.views.desk_side import Side, side_of
from prunella.web.views.desk_snooze import choices
from prunella.web.views.desk_thread import Line, Speakers, Thread, last_said, thread_of
from prunella.web.visits import Shift

EARLIER_SHOWN = 6
STATUSES: tuple[Status, ...] = get_args(Status)
BY_HAND: tuple[Status, ...] = ("open", "pending", "on_hold", "solved")
"""What is offered: solved closes by itself, and what is closed opens no more."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
KINDS: tuple[Kind, ...] = get_args(Kind)
_CHOICES = {
    "statuses": BY_HAND,
    "severities": SEVERITIES,
    "kinds": KINDS,
    "levels": LEVELS,
    "teams": TEAMS,
    "whys": WHYS,
}


class BehindError(Exception):
    """Not sent yet: somebody wrote meanwhile. Read it, then send."""


class NoSuchCaseError(LookupError):
    """No case has this number. Look it up with Ctrl and K."""


class NoSuchCustomerError(LookupError):
    """No customer, or more than one, is called this. Write their mail address or id."""


OBSTACLES: Mapping[str, type[Exception]] = {
    error.__name__: error
    for error in (
        BehindError,
        NoSuchCaseError,
        NoSuchCustomerError,
        cases.AttachmentError,
        cases.BadCopyError,
        cases.BadTagError,
        cases.CaseBusyError,
        cases.CaseClosedError,
        cases.MacroValueError,
        cases.NotAGuestError,
        cases.NothingToSplitError,
        cases.OtherCustomerError,
        cases.RootCauseNeededError,
        cases.SameCaseError,
        cases.SnoozedPastError,
        cases.TextTooLongError,
        cases.UnknownMacroError,
        people.OnlyLooksError,
        people.UnknownColleagueError,
    )
}
"""What stands against a verb; the docstring of each is what the person reads."""


async def case_of(here: Shift, case_id: str) -> Case:
    case = await cases.get_case(here.tx, case_id)
    if case is None:
        raise NotFoundError
    return case


def back_to(case: str, fields: Mapping[str, str]) -> str:
    """Where the person was: the case, in the list that they came from."""
    view = fields.get("view", "")
    return f"{DESK}/cases/{case}{'?' if view else ''}{urlencode({'view': view} if view else {})}"


async def case_page(
    here: Shift,
    case: Case,
    *,
    view: str = FIRST_VIEW,
    after: str | None = None,
    draft: Draft | None = None,
    status: int = 200,
) -> Response:
    customer = await people.find_customer(here.tx, case.customer)
    if customer is None:
        raise NotFoundError
    draft = draft or Draft()
    problem = OBSTACLES.get(draft.problem)
    listed = await inbox_of(here, await _known(here, view), after)
    context = {
        "page": await _shown(here, case, customer, draft),
        "problem": draft.told or (sentence_of(problem) if problem else ""),
        "list": listed,
        "next": next_of(listed.groups, case.id),
        "macros": here.site.rooms.macros.all,
        "macro": await _macro(here, case, customer, draft.macro),
        "snoozes": choices(saying_of(here)),
        "shift": here,
    }
    return here.site.pages.page("desk.html", context | _CHOICES, status=status)


async def _macro(here: Shift, case: Case, customer: Customer, name: str) -> MacroShown | None:
    """What was chosen would change and say; what is still to be filled in stands in brackets."""
    macros = here.site.rooms.macros
    if name not in macros.names:
        return None
    macro = macros.get(name)
    known = await figures_for(here, customer, macro.name)
    blanks = {name: known.get(name) or f"[{label}]" for name, label in macro.asks.items()}
    filled = await macros.fill(here.tx, case, macro.name, blanks)
    return macro_shown(macro, filled, saying_of(here), known=known)


async def _known(here: Shift, view: str) -> str:
    """A colleague's own list, or one that is gone, is not shown beside a case."""
    return view if view in VIEWS or await cases.get_view(here.tx, view) else FIRST_VIEW


async def _shown(here: Shift, case: Case, customer: Customer, draft: Draft) -> DeskCase:
    tx, saying, me = here.tx, saying_of(here), here.tx.actor.id
    messages = await cases.messages_of(tx, case)
    done = await actions.of_customer(tx, case.customer, limit=ACTIONS_SHOWN)
    speakers = await _speakers(here, case, customer, messages)
    colleagues = speakers.colleagues
    others = [one for one in await cases.cases_of(tx, case.customer) if one.id != case.id]
    row = case_row(case, await around(here, [case]), saying)
    facts = await here.site.rooms.diagnostics.gather(tx, customer)
    return DeskCase(
        case=case,
        customer=customer,
        row=row,
        who=who_has_it(case, colleagues, me, saying),
        grave=gravity(case),
        because=saying.say(f"page.because.{case.because}"),
        asleep=asleep(case, saying),
        opened=saying.until(case.opened_at),
        clocks=[] if case.spam else await _clocks(here, case),
        said=await _thread(here, case, messages, speakers),
        links=await case.links(tx),
        side=await _side(here, case, customer, facts),
        giving=await giving_for(here, customer),
        doable=doable_for(here, customer, facts),
        asked=await asked_here(here, case, done, draft.gave),
        deeds=[deed_of(action, saying) for action in done],
        tried=tried(case.context),
        others=await _rows(here, others),
        mergeable=await _rows(here, [one for one in others if one.status in OPEN]),
        decision=await _decision(here, case, customer, done),
        here=here_in_words(await presence.others(tx, case.id), colleagues, saying),
        seen=last_said(messages),
        idle=row.rests or case.spam or case.assignee not in {None, me},
        key=tx.new_id("form"),
        colleagues=[one for one in colleagues.values() if one.active],
        draft=draft,
    )


async def _rows(here: Shift, found: list[Case]) -> list[CaseRow]:
    return case_rows(found, await around(here, found), saying_of(here))


async def _speakers(
    here: Shift, case: Case, customer: Customer, messages: list[Message]
) -> Speakers:
    tx, me = here.tx, here.tx.actor.id
    known = {one.id: one for one in await people.colleagues(tx)}
    known |= await people.colleagues_by_id(tx, _named(case, messages, me))
    return Speakers(customer=customer.name, colleagues=known, me=me)


def _named(case: Case, messages: list[Message], me: str) -> list[str]:
    """Everybody whose name the page says: also those who have left."""
    wrote = {one.author_id for one in messages if one.author_kind == "staff"}
    return sorted({me} | wrote | ({case.assignee} if case.assignee else set()))


async def _thread(
    here: Shift, case: Case, messages: list[Message], speakers: Speakers
) -> list[Line]:
    names = [one.id for one in messages]
    thread = Thread(
        messages=messages,
        steps=await cases.history_of(here.tx, case),
        files=await cases.attachments_of(here.tx, names),
        mails=await cases.sendings_of(here.tx, names),
        came=await cases.mail.facts_of(here.tx, names),
    )
    return thread_of(thread, speakers, saying_of(here))


async def _clocks(here: Shift, case: Case) -> list[ClockShown]:
    clocks = (await cases.clocks_of(here.tx, [case.id])).get(case.id)
    if clocks is None:
        return []
    return clocks_shown(clocks, await cases.sla_rules(here.tx), saying_of(here))


async def _side(here: Shift, case: Case, customer: Customer, facts: Facts) -> Side:
    before = await cases.contacts_of(here.tx, case.customer, EARLIER_SHOWN)
    return side_of(
        customer=customer,
        facts=facts,
        diagnosis=here.site.rooms.diagnostics.told(facts),
        then=case.context.get("diagnosis") or {},
        contacts=[one for one in before if one.id != case.contact],
        saying=saying_of(here),
    )


async def _decision(
    here: Shift, case: Case, customer: Customer, done: list[Action]
) -> Decision | None:
    """Return the oldest request that waits for a person and belongs to this case."""
    waiting = [one for one in done if one.state == "awaiting_approval" and one.case == case.id]
    door = here.site.rooms.door
    look = await Approvals(door).look(here.tx, waiting[-1]) if waiting else None
    if look is None:
        return None
    proof = await proof_for(here, waiting[-1], customer)
    more = len(waiting) - 1
    return decision_of(look, door.policy, saying_of(here), more=more, proof=proof)
