"""One stand-in world: its objects, its time, and the one way to change them.

Code runs synchronously inside `transaction()`, under one lock; an exception undoes everything the
transaction wrote, events and armed timers included, unless it is an error that keeps its changes
(a declined card). Events reach webhooks only after the commit.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prunella_sandbox.agenda import Agenda
from prunella_sandbox.clock import Clock
from prunella_sandbox.errors import StripeError, no_such
from prunella_sandbox.ids import new_id, new_tail
from prunella_sandbox.settings import Settings
from prunella_sandbox.store import Obj, Store

DEFAULT_URL = "http://127.0.0.1"
UNDATED = {"invoiceitem", "payment_link"}


@dataclass(frozen=True)
class Origin:
    """The API request that is being carried out, as its events name it."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one endpoint."""

    event_id: str
    endpoint_id: str


class World:
    def __init__(
        self,
        *,
        seed: int | None = None,
        clock: Clock | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - ids of a sandbox guard nothing
        # What reading needs is drawn apart: how often someone looks changes no object's id.
        self.noise = random.Random(seed)  # noqa: S311 - guards nothing either
        self.clock = clock or Clock()
        self.settings = self._first_settings = settings or Settings()
        self.public_url = DEFAULT_URL
        self.origin = Origin()
        self.outbox: deque[Delivery] = deque()
        self.on_commit: Callable[[], None] | None = None
        self.lock = threading.RLock()
        self._in_transaction = False
        self._staged: list[Delivery] = []
        self._forget()

    def _forget(self) -> None:
        self.store = Store()
        self.agenda = Agenda(self.store)

    def reset(self) -> None:
        """Forget everything; time stays where it is."""
        with self.lock:
            self.settings = self._first_settings
            self.outbox.clear()
            self._forget()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.lock:
            if self._in_transaction:
                yield
                return
            self._begin()
            try:
                yield
            except StripeError as error:
                self._end(keep=error.keeps_changes)
                raise
            except BaseException:
                self._end(keep=False)
                raise
            else:
                self._end(keep=True)

    def _begin(self) -> None:
        self._in_transaction = True
        self._staged = []
        self.store.begin()

    def _end(self, *, keep: bool) -> None:
        self._in_transaction = False
        if not keep:
            self.store.roll_back()
            return
        self.store.commit()
        self.outbox.extend(self._staged)
        if self._staged and self.on_commit:
            self.on_commit()

    @contextmanager
    def rehearse(self) -> Iterator[None]:
        """Do something inside a transaction and undo it, whatever comes of it."""
        staged, mark = list(self._staged), self.store.mark()
        try:
            yield
        finally:
            self.store.roll_back_to(mark)
            self._staged = staged

    def stage(self, delivery: Delivery) -> None:
        """Send this once the transaction is committed."""
        self._staged.append(delivery)

    def find(self, kind: str, object_id: str | None) -> Obj | None:
        return self.store.get(kind, object_id) if object_id else None

    def need(self, kind: str, object_id: str, *, param: str | None = None) -> Obj:
        """Get an object that is not deleted.

        Raises:
            NotFoundError: there is none of this kind with this id.
        """
        obj = self.find(kind, object_id)
        if obj is None or obj.get("deleted"):
            raise no_such(kind=kind, object_id=object_id, param=param)
        return obj

    def insert(self, kind: str, **fields: object) -> Obj:
        """Store a new object; `id` and `created` may be given."""
        object_id = str(fields.get("id") or new_id(self.chance, kind))
        named = {"id": object_id, "object": kind}
        dated = {} if kind in UNDATED else {"created": self.clock.unix()}
        obj: Obj = dated | fields | named
        self.store.put(kind, object_id, obj)
        return obj

    def update(self, obj: Obj, **changes: object) -> Obj:
        """Store changed fields over the object's present state, and return the new state."""
        current = self.store.get(obj["object"], obj["id"]) or obj
        changed = current | changes
        self.store.put(obj["object"], obj["id"], changed)
        return changed

    def fresh(self, obj: Obj) -> Obj:
        """Read the object's present state."""
        return self.store.get(obj["object"], obj["id"]) or obj

    def newest_first(self, kind: str) -> Iterator[Obj]:
        return self.store.newest_first(kind)

    def newest_first_of(self, kind: str, name: str, value: str) -> Iterator[Obj]:
        return self.store.newest_first_of(kind, name, value)

    def new_id(self, kind: str) -> str:
        return new_id(self.chance, kind)

    def new_secret(self, length: int = 24) -> str:
        return new_tail(self.chance, length)
