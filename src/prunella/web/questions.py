"""What a visitor asked us so far, and by when each of it gets our next answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from prunella import cases
from prunella.cases import Case
from prunella.web.views.asking import Askings, askings
from prunella.web.views.saying import Saying
from prunella.web.visits import Visit


async def questions_of(here: Visit, limit: int) -> Askings:
    """Their newest questions, merged ones only once."""
    found = await cases.cases_of(here.tx, here.customer.id, limit)
    found = [one for one in found if one.merged_into is None]
    saying = Saying(words=here.words, now=here.tx.now)
    return askings(found, saying, await next_answers(here, found))


async def next_answers(here: Visit, found: Sequence[Case]) -> dict[str, datetime]:
    """By when each gets our next answer: as promised at first, then after what they wrote last."""
    heard = await cases.heard_last(here.tx, [one.id for one in found if one.answered_at])
    return {one.id: await _next_answer(here, one, heard.get(one.id)) for one in found}


async def _next_answer(here: Visit, case: Case, heard_at: datetime | None) -> datetime:
    if case.answered_at is None or heard_at is None or heard_at <= case.answered_at:
        return case.promised_at
    then = replace(here.tx, now=heard_at)
    return await cases.promised_at(then, here.customer, severity=case.severity)
