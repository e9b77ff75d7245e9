"""An action's page tells staff where rules on trial would have decided otherwise."""

from psycopg.types.json import Jsonb
from tests.web.browsing import at_the_desk, text_of
from tests.web.company import Company
from tests.web.test_approvals_api import ask_for, large

from prunella.kit.actor import SYSTEM


async def page_of(web: Company, *, verdict: str, rules: list[str]) -> str:
    action = await ask_for(web, large())
    said = {"shadow": {"verdict": verdict, "rules": rules, "content": "trial"}}
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await tx.execute("update actions set decision = decision || %s", (Jsonb(said),))
    lead = await at_the_desk(web, await web.staff_token("lead"))
    return text_of(await lead.get(f"/desk/actions/{action}"))


async def test_it_says_what_other_rules_would_have_done(web: Company) -> None:
    page = await page_of(web, verdict="deny", rules=["ours.not_now"])
    assert "By the rules on trial" in page
    assert "Refused: ours.not_now" in page


async def test_where_they_agree_nothing_is_said(web: Company) -> None:
    page = await page_of(web, verdict="needs_approval", rules=["refund.cap"])
    assert "on trial" not in page
