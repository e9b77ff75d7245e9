"""Macros: one click that changes a case and replies, in words of content/templates."""

from prunella.cases.macros.macro import Macro, MacroValueError, UnknownMacroError
from prunella.cases.macros.macros import Filled, Macros
from prunella.cases.macros.reading import check

__all__ = ["Filled", "Macro", "MacroValueError", "Macros", "UnknownMacroError", "check"]
