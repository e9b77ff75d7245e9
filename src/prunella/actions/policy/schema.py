"""The Cedar schema: made from the facts themselves, so that no rule can ask for what is not there.

A fact that may be missing is optional, and a rule has to say what then (`context has amount`).
"""

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from prunella.actions.policy.facts import NEEDS, Facts
from prunella.actions.policy.kinds import KINDS
from prunella.actions.policy.shown import SHOWN

BEGIN = "begin"
"""Asked before anything else is known: may this person have this kind at all?"""

_PLAIN = {str: "String", int: "Long", bool: "Bool"}
_NOT_SHOWN = frozenset({"automatic_today"})


def schema_text() -> str:
    """Return the schema as Cedar reads it."""
    parts = {one.name: _bare(one.type) for one in fields(Facts)}
    records = {kind.__name__: kind for kind in (*parts.values(), *SHOWN.values()) if _record(kind)}
    lines = [f"type {name} = {{ {_attributes(kind)} }};" for name, kind in sorted(records.items())]
    lines += ["entity Who;", "entity Object;"]
    lines += [_action(kind) for kind in sorted({*KINDS, BEGIN})]
    return "\n".join(lines)


def _action(kind: str) -> str:
    needed = NEEDS.get(kind, ())
    given = [_attribute(one.name, one.type, needed) for one in fields(Facts) if _shown(one.name)]
    given += [_attribute(name, type_, (name,)) for name, type_ in SHOWN.items()]
    context = ", ".join(given)
    return (
        f'action "{kind}" appliesTo '
        f"{{ principal: Who, resource: Object, context: {{ {context} }} }};"
    )


def _shown(name: str) -> bool:
    return name not in _NOT_SHOWN


def _attributes(kind: Any) -> str:
    return ", ".join(_attribute(one.name, one.type, ()) for one in fields(kind))


def _attribute(name: str, type_: Any, needed: tuple[str, ...]) -> str:
    bare = _bare(type_)
    may_miss = bare is not type_ and name not in needed
    shown = "Set<String>" if get_origin(bare) is tuple else _PLAIN.get(bare, bare.__name__)
    return f"{name}{'?' if may_miss else ''}: {shown}"


def _bare(type_: Any) -> Any:
    """Take the `| None` off."""
    if not isinstance(type_, UnionType):
        return type_
    return next(one for one in get_args(type_) if one is not NoneType)


def _record(kind: Any) -> bool:
    return is_dataclass(kind)
