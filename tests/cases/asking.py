"""Searching, as tests do it; and judging what was found as PostgreSQL does."""

from prunella import cases
from prunella.cases import Filter
from prunella.cases.asked import Asked, Word
from prunella.kit.house import Tx


async def found(tx: Tx, query: str, filters: Filter = cases.ANYWHERE) -> list[str]:
    """Return the subjects, in the order in which they were found."""
    return [case.subject for case in (await cases.search(tx, query, filters=filters)).data]


def has(words: set[str], asked: Asked) -> bool:
    def one(word: Word) -> bool:
        if word.begins:
            return any(known.startswith(word.text) for known in words)
        return word.text in words

    return all(any(all(map(one, way)) for way in term) for term in asked.terms)
