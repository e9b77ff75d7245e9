"""Which languages a browser asks for."""

from collections.abc import Iterator

from prunella.cases import language_of

MAX_TAGS = 20
"""More than any browser sends; what follows is not read."""


def languages_asked(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the most wanted first. Pure."""
    weighed = sorted(_weighed(header), key=lambda one: -one[0])
    return [language for weight, language in weighed if weight > 0]


def _weighed(header: str) -> Iterator[tuple[float, str]]:
    for part in header.split(",")[:MAX_TAGS]:
        tag, _, asked = (word.strip() for word in part.partition(";"))
        weight = asked.partition("q=")[2]
        if not tag:
            continue
        try:
            yield float(weight or 1), language_of(tag)
        except ValueError:
            continue
