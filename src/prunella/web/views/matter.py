"""What a contact is about, in words: its subject is an id, which says nothing to a person."""

from collections.abc import Iterable, Mapping

from prunella.web.views.saying import Saying

_KINDS = ("act", "ask", "case", "ch", "cs", "in", "pi", "pm", "re", "sub")


def numbers_of(things: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Return the number of each invoice that has one, by its id."""
    return {name: number for name, number in things if number}


def matter_of(subject: str, numbers: Mapping[str, str], saying: Saying) -> str:
    """An invoice by its number, any other object by its kind; else the subject as it is."""
    kind = subject.partition("_")[0]
    if subject in numbers:
        return saying.say("page.matter.invoice", number=numbers[subject])
    if "_" in subject and kind in _KINDS:
        return saying.say(f"page.matter.{kind}")
    return subject or saying.say("page.known.no_matter")
