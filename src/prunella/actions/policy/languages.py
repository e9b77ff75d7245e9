"""In which languages the rules speak to customers. What lacks is English."""

from collections.abc import Iterable, Iterator

from prunella.actions.policy.policy import Policy

FEW = 3


def check_languages(policy: Policy, languages: Iterable[str]) -> Iterator[str]:
    """Say what a customer reads in another language than theirs, and what nobody reads.

    `languages` are those of the message catalogue beside English.
    """
    there = sorted(languages)
    for language in there:
        lacking = [rule.name for rule in policy.rules if language not in rule.translated]
        if lacking:
            yield (
                f"{_named(lacking)}: no @customer_{language}, so whoever reads {language} reads "
                "English there: add it to the rule"
            )
    for language in sorted(_spoken(policy) - set(there)):
        yield (
            f"Nobody reads @customer_{language} of the rules: there is no messages/{language}.toml"
        )


def _spoken(policy: Policy) -> set[str]:
    return {language for rule in policy.rules for language in rule.translated}


def _named(rules: list[str]) -> str:
    more = f" and {len(rules) - FEW} more" if len(rules) > FEW else ""
    return f"{', '.join(rules[:FEW])}{more}"
