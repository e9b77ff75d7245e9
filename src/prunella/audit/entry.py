"""One entry, and what may stand in it: ids, enums and figures, never free text."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Value = str | int | float | bool | None | Sequence[str]
Values = Mapping[str, Value]

MAX_WORD = 120
MAX_FIELDS = 40
MAX_LIST = 40
_VERB = re.compile(r"[a-z][a-z_]*(\.[a-z_]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class UnfitForAuditError(ValueError):
    """Only ids, enums and figures enter the audit log: no sentences, no addresses."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which object, when, why, and its figures before and after."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_role: str
    verb: str
    subject: str
    customer: str | None
    because: str
    before: dict[str, Value] | None
    after: dict[str, Value] | None


def check_words(*, verb: str, subject: str, customer: str | None, because: str) -> None:
    """Refuse what is no verb, no id and no enum."""
    if not _VERB.fullmatch(verb):
        raise UnfitForAuditError(verb[:MAX_WORD])
    for word in (subject, customer or "", because):
        _check_word(word)


def check_values(values: Values | None) -> None:
    """Refuse fields that could carry free text, a personal detail or a session address."""
    if values is None:
        return
    if len(values) > MAX_FIELDS:
        raise UnfitForAuditError
    for name, value in values.items():
        if not _NAME.fullmatch(name):
            raise UnfitForAuditError(name[:MAX_WORD])
        _check_value(value)


def _check_value(value: object) -> None:
    match value:
        case None | bool() | int():
            return
        case float():
            if not math.isfinite(value):
                raise UnfitForAuditError
        case str():
            _check_word(value)
        case list() | tuple() if len(value) <= MAX_LIST and all(isinstance(v, str) for v in value):
            for word in value:
                _check_word(word)
        case _:
            raise UnfitForAuditError(type(value).__name__)


def _check_word(word: str) -> None:
    if len(word) > MAX_WORD or "://" in word or not word.isprintable() or " " in word:
        raise UnfitForAuditError(word[:20])
