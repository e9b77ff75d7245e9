"""The rows of fixes that customers began."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from psycopg.types.json import Jsonb

from prunella.kit.actor import Actor
from prunella.kit.house import Tx

State = Literal[
    "starting",
    "away",
    "saving",
    "paying",
    "planned",
    "doing",
    "waiting",
    "done",
    "failed",
    "called_off",
]
SETTLED: tuple[State, ...] = ("done", "failed", "called_off")
A_PERSON_HAS_IT = "denied"
A_PERSON_SAID_NO = "refused_by_person"
BY_A_PERSON = frozenset({A_PERSON_HAS_IT, A_PERSON_SAID_NO})
"""Problems that are a person's: who asks for the same again gets the same answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixRun:
    """One fix on its way.

    starting: a secure page is being made. away: the customer is on it. saving: the new card is
    being put in its place. paying: the payment is on its way. planned: it waits for `due_at`.
    doing: its one action is on its way. waiting: a person decides on it first. called_off: by
    the customer. `problem` is why it failed:
    the name of a reason, never words of the outside.
    """

    id: str
    customer: str
    fix: str
    target: str
    state: State
    actor: Actor
    contact: str
    opened_at: datetime
    invoice: str | None = None
    field: str | None = None
    owner: str | None = None
    session: str | None = None
    action: str | None = None
    problem: str | None = None
    due_at: datetime | None = None

    @property
    def settled(self) -> bool:
        return self.state in SETTLED

    async def move(
        self,
        tx: Tx,
        state: State,
        *,
        session: str | None = None,
        action: str | None = None,
        problem: str | None = None,
    ) -> "FixRun":
        """Write the new state, and what else is new with it."""
        run = replace(
            self,
            state=state,
            session=session or self.session,
            action=action or self.action,
            problem=problem,
        )
        row = (run.state, run.session, run.action, run.problem, tx.now, run.id)
        await tx.execute(_MOVE, row)
        return run


_INSERT = """
insert into fix_runs
  (id, customer, fix, target, state, actor, contact, opened_at, updated_at, invoice, field, owner,
   session, action, due_at)
values
  (%(id)s, %(customer)s, %(fix)s, %(target)s, %(state)s, %(actor)s, %(contact)s, %(opened_at)s,
   %(opened_at)s, %(invoice)s, %(field)s, %(owner)s, %(session)s, %(action)s, %(due_at)s)
on conflict (customer, fix, target) where state not in ('done', 'failed', 'called_off') do nothing
"""
_MOVE = """
update fix_runs set state = %s, session = %s, action = %s, problem = %s, updated_at = %s
where id = %s
"""
_GET = "select * from fix_runs where id = %s and customer = %s"
_LATEST = """
select * from fix_runs where customer = %s and fix = %s and target = %s
order by opened_at desc limit 1
"""
_OPEN = """
select * from fix_runs
where customer = %s and fix = %s and target = %s
  and state not in ('done', 'failed', 'called_off') for update
"""
_OPEN_OF_CUSTOMER = """
select * from fix_runs
where customer = %s and state not in ('done', 'failed', 'called_off')
order by due_at nulls last, opened_at limit %s
"""
_BEGUN_SINCE = """
select count(*) as n from fix_runs where customer = %s and fix = %s and opened_at > %s
"""
_LOCK = "select * from fix_runs where id = %s for update"
_BY_ACTION = "select * from fix_runs where action = %s for update"
_BY_SESSION = "select * from fix_runs where session = %s for update"
_BY_INVOICE = """
select * from fix_runs
where invoice = %s and state not in ('done', 'failed', 'called_off') order by id for update
"""


async def insert(tx: Tx, run: FixRun) -> bool:
    """Add the run, unless the customer has the same one open already."""
    row = asdict(run) | {"actor": Jsonb(asdict(run.actor))}
    return await tx.execute(_INSERT, row) == 1


async def get(tx: Tx, customer: str, run_id: str) -> FixRun | None:
    return _run(await tx.one(_GET, (run_id, customer)))


async def open_run(tx: Tx, customer: str, fix: str, target: str) -> FixRun | None:
    return _run(await tx.one(_OPEN, (customer, fix, target)))


async def latest(tx: Tx, customer: str, fix: str, target: str) -> FixRun | None:
    return _run(await tx.one(_LATEST, (customer, fix, target)))


async def open_of(tx: Tx, customer: str, limit: int = 20) -> list[FixRun]:
    """Return what the customer began and is not settled; what waits for a day comes first."""
    return [_known(row) for row in await tx.all(_OPEN_OF_CUSTOMER, (customer, limit))]


async def begun_since(tx: Tx, customer: str, fix: str, since: datetime) -> int:
    row = await tx.one(_BEGUN_SINCE, (customer, fix, since))
    return int(row["n"]) if row else 0


async def lock(tx: Tx, run_id: str) -> FixRun | None:
    return _run(await tx.one(_LOCK, (run_id,)))


async def by_action(tx: Tx, action: str) -> list[FixRun]:
    return [_known(row) for row in await tx.all(_BY_ACTION, (action,))]


async def by_session(tx: Tx, session: str) -> list[FixRun]:
    return [_known(row) for row in await tx.all(_BY_SESSION, (session,))]


async def by_invoice(tx: Tx, invoice: str) -> list[FixRun]:
    return [_known(row) for row in await tx.all(_BY_INVOICE, (invoice,))]


def _run(row: dict[str, Any] | None) -> FixRun | None:
    return _known(row) if row else None


def _known(row: dict[str, Any]) -> FixRun:
    row.pop("updated_at")
    return FixRun(**row | {"actor": Actor(**row["actor"])})
