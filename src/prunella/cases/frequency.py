"""How often and when customers are written to: one cap and one quiet time over all senders.

A sender asks `may_write_at` and comes again then; `write_mail` lets no automatic letter past the
cap. What a person wrote is never held back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prunella.cases import store_letters as store
from prunella.cases.quiet import Quiet, after_quiet
from prunella.kit.house import Tx
from prunella.people import Customer, names_of_account


class TooManyLettersError(Exception):
    """This customer was written to often enough. Ask `may_write_at` when it is time again."""


@dataclass(frozen=True, slots=True)
class LetterRules:
    """At most `most` automatic letters to a customer in any `within_days` days."""

    most: int
    within_days: int
    quiet: Quiet

    @property
    def within(self) -> timedelta:
        return timedelta(days=self.within_days)


async def set_letter_rules(tx: Tx, rules: LetterRules) -> None:
    """Keep what holds from now on."""
    quiet = rules.quiet
    values = (rules.most, rules.within_days, quiet.begins, quiet.ends, quiet.weekends)
    await store.set_rules(tx, values)


async def letter_rules(tx: Tx) -> LetterRules:
    row = await store.rules(tx)
    quiet = Quiet(row["quiet_from"], row["quiet_until"], row["quiet_weekends"])
    return LetterRules(row["most"], row["within_days"], quiet)


async def may_write_at(tx: Tx, customer: Customer, *, at_once: bool = False) -> datetime:
    """Return when the next automatic letter may be written: now, or later.

    `at_once` is for what answers something that just happened: it minds the cap alone.
    """
    rules = await letter_rules(tx)
    free = await _free_at(tx, customer.id, rules)
    return free if at_once else after_quiet(free, customer.time_zone, rules.quiet)


async def must_fit(tx: Tx, customer: str) -> None:
    """Raise `TooManyLettersError` when the cap is reached; none of them comes in between."""
    if await _free_at(tx, customer, await letter_rules(tx)) > tx.now:
        raise TooManyLettersError


async def count_letter(tx: Tx, message: str, customer: str) -> None:
    """Enter an automatic letter that fits."""
    await store.enter(tx, message, customer)


async def _free_at(tx: Tx, customer: str, rules: LetterRules) -> datetime:
    """Return when the oldest of the letters that fill the cap falls out of its window.

    Letters from before accounts were merged count: it is the same people who read them.
    """
    await store.take_turn(tx, customer)
    names = await names_of_account(tx, customer)
    since = tx.now - rules.within
    written = await store.newest(tx, names, since=since, most=rules.most)
    if len(written) < rules.most:
        return tx.now
    return written[-1] + rules.within
