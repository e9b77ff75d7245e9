"""What a content folder says, read and checked: of no installation, so several may share one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from prunella import actions
from prunella.cases import Letters, Macros
from prunella.diagnostics import Words
from prunella.insight import economics
from prunella.insight.economics import Assumptions
from prunella.settings import Content, load_content
from prunella.tiers.desk.mail import Channels
from prunella.tiers.prevent import Dunning, languages_of
from prunella.tiers.prevent import read as read_dunning


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Nothing of who uses it stays in it. Reading takes a moment: most of it is policy."""

    content: Content
    words: Words
    languages: Mapping[str, Words]
    letters: Letters
    macros: Macros
    policy: actions.Policy
    dunning: Dunning
    channels: Channels
    economics: Assumptions

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises `ContentError` where content does not hold together."""
        content = load_content(folder)
        words = Words.from_catalogue(content.toml("messages/en.toml"), locale="en_US")
        languages = languages_of(content, words)
        letters = Letters(content, company=words.say("company.name"))
        return cls(
            content=content,
            words=words,
            languages=languages,
            letters=letters,
            macros=Macros.read(content, letters=letters, languages=languages),
            policy=actions.Policy.read(content),
            dunning=read_dunning(content),
            channels=Channels.read(content),
            economics=economics.read(content),
        )
