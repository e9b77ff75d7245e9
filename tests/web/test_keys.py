"""Every single key that a page of the desk knows is named in its line, and among all keys."""

import re

import httpx
import pytest
from tests.web.browsing import send
from tests.web.company import Company
from tests.web.test_approvals_api import large
from tests.web.test_desk_giving import asked, at, form_for, opened

PLACES = re.compile(r'data-key="(\w)"')
IN_THE_LINE = re.compile(r'data-for="(\w)"')
EVERYWHERE = {"u", "v"}
"""They belong to the list, and stand beside what they lead to."""


def named(page: httpx.Response) -> set[str]:
    dialog = page.text.split('id="all-keys"')[1]
    return {key.lower() for key in re.findall(r"<kbd>(\w)</kbd>", dialog)}


@pytest.mark.parametrize("what", ["case", "decision", "action", "overview", "inbox"])
async def test_every_key_is_named(web: Company, what: str) -> None:
    case = await opened(web, large(amount=90_000, amount_captured=90_000))
    lead, agent = await at(web, "lead"), await at(web, "agent")
    if what in {"decision", "action"}:
        await send(agent, await form_for(agent, case), amount="900", charge="ch_large", why="other")
    address = {"case": case, "decision": case, "overview": "/desk/overview", "inbox": "/desk"}
    if what == "action":
        [waits] = await asked(web)
        address[what] = f"/desk/actions/{waits.id}"
    page = await lead.get(address[what])
    assert page.status_code == 200
    keys = set(PLACES.findall(page.text))
    line = set(IN_THE_LINE.findall(page.text))
    assert keys, "there are keys on this page"
    assert keys - EVERYWHERE <= line
    assert keys <= named(page)
    if what == "case":
        assert {"b", "c", "w", "n", "m"} <= keys
