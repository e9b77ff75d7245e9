"""The company's own PostgreSQL: one query that reads, perhaps one statement that sets."""

import asyncio
from typing import Any

import psycopg
from psycopg.rows import dict_row

from prunella.connectors.subscriptions.errors import (
    KeyNotTaken,
    NeverAsked,
    NotTaken,
    SubscriptionsAway,
    SubscriptionsProblem,
    UnreadableAnswer,
)
from prunella.connectors.subscriptions.source import Kind
from prunella.connectors.subscriptions.usable import Usable, read_usable

TIMEOUT_S = 10.0
CONNECT_S = 5
_TOLD = frozenset({"plan", "active"})
_REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)


class SqlSource:
    """A connection each time. `query` gets `%(customer)s` and gives plan, active, quantity.

    It runs in a read-only transaction. `statement` gets `customer`, `plan`, `active`, `quantity`
    and `key`, and touches one row.
    """

    kind: Kind = "sql"

    def __init__(
        self, url: str, *, query: str, statement: str | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._url = url
        self._query = query.encode()
        self._statement = statement.encode() if statement else None
        self._timeout_s = timeout_s

    @property
    def writable(self) -> bool:
        return self._statement is not None

    async def usable(self, customer: str) -> Usable | None:
        rows = await self._run(self._query, {"customer": customer}, reads=True)
        if not rows:
            return None
        if len(rows) > 1:
            raise UnreadableAnswer
        return read_usable(rows[0])

    async def bring(self, customer: str, usable: Usable, *, key: str) -> None:
        if self._statement is None:
            raise NotTaken
        told = {"customer": customer, "key": key, **usable.to_json()}
        await self._run(self._statement, told, reads=False)

    async def close(self) -> None:
        """Nothing stays open."""

    async def _run(self, sql: bytes, told: dict[str, Any], *, reads: bool) -> list[dict[str, Any]]:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._in_transaction(sql, told, reads=reads)
        except TimeoutError as error:
            raise SubscriptionsAway from error
        except psycopg.Error as error:
            raise _problem_of(error) from None

    async def _in_transaction(
        self, sql: bytes, told: dict[str, Any], *, reads: bool
    ) -> list[dict[str, Any]]:
        try:
            conn = await psycopg.AsyncConnection.connect(
                self._url, connect_timeout=CONNECT_S, row_factory=dict_row
            )
        except psycopg.OperationalError:
            raise NeverAsked from None
        async with conn:
            await conn.set_read_only(reads)
            cursor = await conn.execute(sql, told)
            if reads:
                _must_tell({column.name for column in cursor.description or ()})
                return await cursor.fetchmany(2)
            if cursor.rowcount != 1:
                raise NotTaken
            return []


def _must_tell(names: set[str]) -> None:
    """Also where it knows nobody: else a query that never can be read looks fine."""
    if not names >= _TOLD:
        raise UnreadableAnswer


def _problem_of(error: psycopg.Error) -> SubscriptionsProblem:
    if isinstance(error, _REFUSED):
        return KeyNotTaken()
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return SubscriptionsAway()
    return UnreadableAnswer() if isinstance(error, psycopg.ProgrammingError) else NotTaken()
