"""What is made of settings and content alone: rules, words, letters, and the tiers with them."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Self

from prunella import actions
from prunella.bootstrap.book import Book
from prunella.diagnostics import Diagnostics
from prunella.settings import SHADOW_SETTING, Settings, load_content
from prunella.tiers.desk import Desk
from prunella.tiers.desk.mail import MailDesk, Receptionist, without_plus
from prunella.tiers.prevent import Prevent, Scribe
from prunella.tiers.selfheal import Foresight, Forward, SelfHeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Made before a database is asked, so that a mistake in content is told before all else."""

    book: Book
    door: actions.Door
    diagnostics: Diagnostics
    selfheal: SelfHeal
    prevent: Prevent
    desk: Desk
    mail_desk: MailDesk

    @classmethod
    def of(cls, settings: Settings, book: Book) -> Self:
        url, letters = settings.public_url, book.letters
        door = actions.Door(book.policy, _shadow(settings))
        diagnostics = Diagnostics(book.words, asks_person=Foresight(door))
        desk = Desk(diagnostics, letters, public_url=url)
        scribe = Scribe(
            letters=letters, languages=book.languages, diagnostics=diagnostics, public_url=url
        )
        return cls(
            book=book,
            door=door,
            diagnostics=diagnostics,
            selfheal=SelfHeal(diagnostics, Forward(letters, book.words, url), door),
            prevent=Prevent.build(book.dunning, scribe, door),
            desk=desk,
            mail_desk=_mail_desk(settings, book, desk),
        )


def _shadow(settings: Settings) -> actions.Policy | None:
    """Other rules that judge each request, too, and decide nothing."""
    folder = settings.shadow_content_dir
    if folder is None:
        return None
    return actions.Policy.read(load_content(folder, setting=SHADOW_SETTING))


def _mail_desk(settings: Settings, book: Book, desk: Desk) -> MailDesk:
    usual = parseaddr(settings.mail_from)[1]
    own = {without_plus(usual), *(one.address for one in book.channels.addresses)}
    return MailDesk(Receptionist(desk, book.languages), book.channels, frozenset(own))
