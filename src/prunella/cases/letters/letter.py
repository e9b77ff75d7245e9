"""Filling in a template. Pure: the same values give the same letter."""

import html
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from prunella.cases.letters.template import (
    LAYOUT,
    PLACEHOLDER,
    SOURCE,
    Template,
    file_of,
    is_file_of,
    language_of,
    names_in,
)
from prunella.settings import Content

REMEMBERED = 200
"""More templates than there are, in all their languages."""
_PARAGRAPH = '<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">{text}</p>'
_AFTER = (
    '<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; '
    'font-size: 15px;">{text}</p>'
)


class MissingValueError(KeyError):
    """The template asks for something that was not given."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, ready to be sent: both parts say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes letters from the templates of `content`, in the name of `company`."""

    content: Content
    company: str

    def write(
        self, template: str, *, link: str, values: Mapping[str, str], locale: str = SOURCE
    ) -> Letter:
        """Fill in the template; its one button leads to `link`.

        Written in the language of `locale` where the template exists in it, else in English. A
        paragraph whose values are all empty is left out. Values never act as templates, and in
        the HTML part never as HTML.
        """
        given = {"company": self.company, "name": "", **values}
        language = self.language(template, locale)
        filled = _fill(_read(self.content.text(file_of(template, language))), given)
        parts = {
            "lang": language,
            "subject": html.escape(filled.subject),
            "company": html.escape(self.company),
            "paragraphs": _html(_PARAGRAPH, filled.paragraphs),
            "button": html.escape(filled.button),
            "link": html.escape(link),
            "after": _html(_AFTER, filled.after),
        }
        return Letter(
            subject=filled.subject,
            text=_text(filled, link),
            html=_put(self.content.text(LAYOUT), parts),
        )

    def reply(self, template: str, values: Mapping[str, str], *, locale: str = SOURCE) -> str:
        """Return the paragraphs of a reply, or of a letter, as one text for a case."""
        given = {"company": self.company, "name": "", **values}
        fields = self.content.toml(file_of(template, self.language(template, locale)))
        return "\n\n".join(_blocks(_put(text, given) for text in fields["paragraphs"]))

    def places(self, template: str) -> frozenset[str]:
        """Return what the paragraphs of this reply or letter ask for, in any language."""
        files = (file for file in self.content.files if is_file_of(file, template))
        texts = (text for file in files for text in self.content.toml(file)["paragraphs"])
        return frozenset(name for text in texts for name in names_in(text))

    def language(self, template: str, locale: str) -> str:
        """Return the language that this template would be written in."""
        language = language_of(locale)
        return language if file_of(template, language) in self.content.files else SOURCE


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> Template:
    fields = tomllib.loads(text)
    return Template(
        subject=fields["subject"],
        paragraphs=tuple(fields["paragraphs"]),
        button=fields["button"],
        after=tuple(fields.get("after", ())),
    )


def _fill(template: Template, values: Mapping[str, str]) -> Template:
    return Template(
        subject=" ".join(_put(template.subject, values).split()),
        paragraphs=_blocks(_put(text, values) for text in template.paragraphs),
        button=" ".join(_put(template.button, values).split()),
        after=_blocks(_put(text, values) for text in template.after),
    )


def _blocks(texts: Iterable[str]) -> tuple[str, ...]:
    """Split at blank lines, so that a longer answer keeps its paragraphs."""
    blocks = (block.strip() for text in texts for block in text.split("\n\n"))
    return tuple(block for block in blocks if block)


def _put(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, in one pass: a value is never looked through again."""
    try:
        return PLACEHOLDER.sub(lambda match: values[match[1]], text)
    except KeyError as error:
        raise MissingValueError(*error.args) from None


def _text(letter: Template, link: str) -> str:
    return "\n\n".join([*letter.paragraphs, f"{letter.button}:\n{link}", *letter.after]) + "\n"


def _html(shape: str, blocks: Iterable[str]) -> str:
    return "\n".join(_put(shape, {"text": _escaped(block)}) for block in blocks)


def _escaped(block: str) -> str:
    return html.escape(block).replace("\n", "<br>")
