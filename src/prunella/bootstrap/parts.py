"""What is made of settings and content alone: rules, words, letters, and the tiers with them."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Self

from prunella import actions
from prunella.cases import Letters, Macros
from prunella.diagnostics import Diagnostics, Words
from prunella.insight import economics
from prunella.insight.economics import Assumptions
from prunella.settings import SHADOW_SETTING, Content, Settings, load_content
from prunella.tiers.desk import Desk
from prunella.tiers.desk.mail import Channels, MailDesk, Receptionist, without_plus
from prunella.tiers.prevent import Prevent, Scribe, languages_of
from prunella.tiers.prevent import read as read_dunning
from prunella.tiers.selfheal import Foresight, Forward, SelfHeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Made before a database is asked, so that a mistake in content is told before all else."""

    content: Content
    words: Words
    letters: Letters
    economics: Assumptions
    door: actions.Door
    diagnostics: Diagnostics
    selfheal: SelfHeal
    prevent: Prevent
    desk: Desk
    mail_desk: MailDesk
    macros: Macros

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """Raises `ContentError` where content does not hold together."""
        content = load_content(settings.content_dir)
        words = Words.from_catalogue(content.toml("messages/en.toml"), locale="en_US")
        door = actions.Door(actions.Policy.read(content), _shadow(settings))
        diagnostics = Diagnostics(words, asks_person=Foresight(door))
        letters = Letters(content, company=words.say("company.name"))
        languages = languages_of(content, words)
        desk = Desk(diagnostics, letters, public_url=settings.public_url)
        scribe = Scribe(
            letters=letters,
            languages=languages,
            diagnostics=diagnostics,
            public_url=settings.public_url,
        )
        return cls(
            content=content,
            words=words,
            letters=letters,
            economics=economics.read(content),
            door=door,
            diagnostics=diagnostics,
            selfheal=SelfHeal(diagnostics, Forward(letters, words, settings.public_url), door),
            prevent=Prevent.build(read_dunning(content), scribe, door),
            desk=desk,
            mail_desk=_mail_desk(settings, content, Receptionist(desk, languages)),
            macros=Macros.read(content, letters=letters, languages=languages),
        )


def _shadow(settings: Settings) -> actions.Policy | None:
    """Other rules that judge each request, too, and decide nothing."""
    folder = settings.shadow_content_dir
    if folder is None:
        return None
    return actions.Policy.read(load_content(folder, setting=SHADOW_SETTING))


def _mail_desk(settings: Settings, content: Content, receptionist: Receptionist) -> MailDesk:
    channels = Channels.read(content)
    usual = parseaddr(settings.mail_from)[1]
    own = {without_plus(usual), *(one.address for one in channels.addresses)}
    return MailDesk(receptionist, channels, frozenset(own))
