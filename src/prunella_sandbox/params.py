"""The parameters of one request, read with their types; what nobody read is refused.

A verb reads what it understands. When it is done, every name that was not read is an unknown
parameter (400 `parameter_unknown`), as with Stripe; the same holds for what Stripe knows and the
sandbox does not, so that nothing is silently ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from prunella_sandbox.errors import InvalidParameterError

METADATA_KEYS = 50
FLAGS = {"true": True, "false": False}
T = TypeVar("T")


class Params:
    def __init__(self, raw: dict[str, Any], *, prefix: str = "") -> None:
        self._raw = raw
        self._prefix = prefix
        self._read: set[str] = set()
        self._inner: dict[str, Params] = {}

    def names(self) -> set[str]:
        return set(self._raw)

    def has(self, name: str) -> bool:
        return name in self._raw

    def raw(self, name: str) -> Any:
        """Read a value as it came; None when it was not sent or sent empty (unset it)."""
        self._read.add(name)
        value = self._raw.get(name)
        return None if value == "" else value

    def text(self, name: str) -> str | None:
        value = self.raw(name)
        if value is None or isinstance(value, str):
            return value
        raise InvalidParameterError(message=f"Invalid string: {value}", param=self._name(name))

    def need_text(self, name: str) -> str:
        return self._needed(name, self.text(name))

    def texts(self, name: str) -> list[str]:
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InvalidParameterError(message="Invalid array", param=self._name(name))
        return value

    def choice(self, name: str, options: Sequence[str]) -> str | None:
        value = self.text(name)
        if value is None or value in options:
            return value
        known = ", ".join(options[:-1]) + f", or {options[-1]}" if options[1:] else options[0]
        message = f"Invalid {self._name(name)}: must be one of {known}"
        raise InvalidParameterError(message=message, param=self._name(name))

    def integer(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return int(value)
        except ValueError as error:
            raise self._invalid_integer(name, value) from error

    def need_integer(self, name: str) -> int:
        return self._needed(name, self.integer(name))

    def number(self, name: str) -> Decimal | None:
        value = self.text(name)
        try:
            return None if value is None else Decimal(value)
        except InvalidOperation as error:
            message = f"Invalid decimal: {value}"
            raise InvalidParameterError(message=message, param=self._name(name)) from error

    def flag(self, name: str) -> bool | None:
        value = self.text(name)
        if value is None:
            return None
        if value not in FLAGS:
            raise InvalidParameterError(message=f"Invalid boolean: {value}", param=self._name(name))
        return FLAGS[value]

    def nested(self, name: str) -> Params:
        """Read a hash; one that was not sent is an empty one."""
        value = self.raw(name)
        if value is not None and not isinstance(value, dict):
            raise InvalidParameterError(message="Invalid object", param=self._name(name))
        return self._within(value or {}, self._name(name))

    def entries(self, name: str) -> list[Params]:
        """Read an array of hashes."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise InvalidParameterError(message="Invalid array", param=self._name(name))
        return [self._within(v, f"{self._name(name)}[{at}]") for at, v in enumerate(value)]

    def metadata(self, *, over: dict[str, str] | None = None) -> dict[str, str]:
        """Merge the metadata that was sent over what there is; an empty value removes its key."""
        before = over or {}
        if not self.has("metadata"):
            return before
        sent = self.raw("metadata")
        if sent is None:
            return {}
        if not isinstance(sent, dict):
            raise InvalidParameterError(message="Invalid object", param=self._name("metadata"))
        merged = {key: str(value) for key, value in (before | sent).items() if value != ""}
        if len(merged) > METADATA_KEYS:
            message = f"You can have up to {METADATA_KEYS} metadata keys."
            raise InvalidParameterError(message=message, param=self._name("metadata"))
        return merged

    def given(self, read: Callable[[str], Any], *names: str) -> dict[str, Any]:
        """Read only what was sent, so that an update leaves the rest alone."""
        return {name: read(name) for name in names if self.has(name)}

    def refuse_unread(self) -> None:
        """Refuse the first parameter that nothing has read.

        Raises:
            InvalidParameterError: there is one.
        """
        for name in self._raw:
            if name not in self._read:
                message = f"Received unknown parameter: {self._name(name)}"
                raise InvalidParameterError(
                    message=message, code="parameter_unknown", param=self._name(name)
                )
        for inner in self._inner.values():
            inner.refuse_unread()

    def invalid(self, *, name: str, message: str) -> InvalidParameterError:
        return InvalidParameterError(message=message, param=self._name(name))

    def missing(self, *, name: str) -> InvalidParameterError:
        return InvalidParameterError(
            message=f"Missing required param: {self._name(name)}.",
            code="parameter_missing",
            param=self._name(name),
        )

    def _within(self, raw: dict[str, Any], prefix: str) -> Params:
        return self._inner.setdefault(prefix, Params(raw, prefix=prefix))

    def _needed(self, name: str, value: T | None) -> T:
        if value is None:
            raise self.missing(name=name)
        return value

    def _invalid_integer(self, name: str, value: str) -> InvalidParameterError:
        return InvalidParameterError(
            message=f"Invalid integer: {value}",
            code="parameter_invalid_integer",
            param=self._name(name),
        )

    def _name(self, name: str) -> str:
        return f"{self._prefix}[{name}]" if self._prefix else name
