"""The content, in `doctor` and before anything starts: every file, and which line is wrong."""

from collections.abc import Iterator

from prunella import cases
from prunella.actions import policy
from prunella.cli.check import Check
from prunella.diagnostics import WordingError
from prunella.insight import economics
from prunella.people import company, plans
from prunella.settings import SHADOW_SETTING, Content, ContentError, Settings, load_content
from prunella.tiers import prevent
from prunella.tiers.desk import mail

MADE_UP = ".example"
"""No address that ends so exists."""


def must_be_usable(settings: Settings) -> None:
    """Raises ContentError with everything that is wrong."""
    checks = (*of_content(settings), *of_shadow(settings))
    wrong = [check.words for check in checks if check.state == "bad"]
    if wrong:
        raise ContentError("\n".join(wrong))


def of_content(settings: Settings) -> Iterator[Check]:
    """Read every content file and say which line is wrong."""
    try:
        content = load_content(settings.content_dir)
        problems = list(_problems(content))
    except (ContentError, WordingError) as error:
        problems = [str(error)]
    yield from (Check("bad", problem) for problem in problems)
    if not problems:
        words = f"Content {content.digest}: {len(content.files)} files, all of them usable."
        yield Check("fine", words)
        yield from _of_languages(content)
        if settings.clock == "system":
            yield from _of_company(content)


def _of_languages(content: Content) -> Iterator[Check]:
    languages = prevent.other_languages(content)
    unsaid = policy.check_languages(policy.Policy.read(content), languages)
    for words in (*prevent.lacking(content), *unsaid):
        yield Check("look", f"{words}.")


def _of_company(content: Content) -> Iterator[Check]:
    company = content.toml("messages/en.toml")["company"]
    if company["help"].endswith(MADE_UP):
        words = (
            f"Content speaks for {company['name']}, a made-up company: in a copy of it write yours"
        )
        where = "into messages/*.toml ([company]), channels.toml, company.toml and plans.toml"
        yield Check("look", f"{words} {where}, and set PRUNELLA_CONTENT_DIR to the copy.")


def of_examples(settings: Settings) -> Iterator[Check]:
    """Try the worked examples beside the rules. What cannot be read is told by `of_content`."""
    try:
        content = load_content(settings.content_dir)
        tried = policy.try_examples(policy.Policy.read(content), content)
    except ContentError:
        return
    if wrong := [one for one in tried if not one.right]:
        words = f"{len(wrong)} of {len(tried)} worked examples of the rules do not hold"
        yield Check("look", f"{words}: `prunella policy test` says which, and what was decided.")


def of_shadow(settings: Settings) -> Iterator[Check]:
    """Read the rules that judge beside ours, where there are some."""
    if settings.shadow_content_dir is None:
        return
    try:
        content = load_content(settings.shadow_content_dir, setting=SHADOW_SETTING)
        problems = policy.check(content)
    except ContentError as error:
        problems = [str(error)]
    yield from (Check("bad", f"{SHADOW_SETTING}: {problem}") for problem in problems)
    if not problems:
        yield Check("look", f"Content {content.digest} judges each request, too, and does nothing.")


def _problems(content: Content) -> Iterator[str]:
    letters = cases.check_letters(content)
    yield from letters
    if not letters:  # macros read the letters that they send
        yield from cases.check_macros(content)
    yield from cases.check_sla(content)
    yield from mail.check(content)
    yield from economics.check(content)
    yield from policy.check(content)
    yield from company.check(content)
    yield from plans.check(content)
    yield from prevent.check(content)
    yield from prevent.check_languages(content)
