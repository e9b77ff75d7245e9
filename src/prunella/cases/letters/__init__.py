"""Letters: mails whose words stand in content/templates."""

from prunella.cases.letters.check import check
from prunella.cases.letters.letter import Letter, Letters, MissingValueError
from prunella.cases.letters.template import language_of

__all__ = ["Letter", "Letters", "MissingValueError", "check", "language_of"]
