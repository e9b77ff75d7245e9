"""Every route, from two customers' sides: nobody reads or moves what is another's.

The routes come from the OpenAPI document and from the pages' own routers, so that a new one is
swept without being named here. Where its path names a new kind of thing, `Theirs` has to have one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from tests.diagnostics.stripe_json import card, customer, failed, paid_invoice, subscription
from tests.web.browsing import Form, at_the_desk, form_of, forms_of, send, signed_in
from tests.web.company import ADMIN, URL, Company
from tests.web.contract import OPERATIONS, answered

from prunella import actions, audit, cases
from prunella.cases import File
from prunella.kit.actor import SYSTEM, Actor
from prunella.people.tokens import ROLES
from prunella.tiers.desk import hooks
from prunella.web import pages

OURS, THEIRS = "cus_northbeck", "cus_northbeckb"
SECRETS = ("Bramley", "bramley", "Our secret words")
FOR_EVERYBODY = {
    ("GET", "/"),
    ("GET", "/sign-in"),
    ("GET", "/contact"),
    ("GET", "/contact/sent"),
    ("GET", "/embed/light.js"),
    ("GET", "/embed/look.css"),
}
"""Pages that need no session, and say nothing of anybody."""
BY_SECRET = {"secret", "token"}
"""Parts of a path that are a secret themselves."""
REFUSED = {303, 400, 401, 403, 404, 405, 409, 422, 429}


@dataclass(frozen=True)
class Theirs:
    """The other customer's things, by the names that paths have for them."""

    named: dict[str, str]

    def fill(self, path: str) -> str:
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: self.named[found[1]], path)


def of_the_other(*objects: Any) -> list[Any]:
    """The same objects at Stripe, of another customer: each id gets another ending."""
    told = json.dumps(objects).replace("Northbeck Outfitters", "Bramley Tack")
    told = told.replace("northbeck.example", "bramley.example")
    told = re.sub(r'"((?:cus|in|pi|ch|pm|sub|inpay|si|il)_\w+)"', r'"\1b"', told)
    return list(json.loads(told))


@pytest.fixture
async def theirs(web: Company) -> Theirs:
    at_stripe = (customer(), card(), subscription(), *failed(), paid_invoice())
    await web.knows(*at_stripe, *of_the_other(*at_stripe))
    other = await web.customer(THEIRS)
    actor = Actor(kind="customer", id=other.id, role="owner", verified=True)
    staff = Actor(kind="staff", id="stf_someone", role="admin", verified=True)
    async with web.rooms.house.transaction(actor) as tx:
        case = await cases.open_case(
            tx, other, subject="Bramley asks", text="Our secret words", because="asked"
        )
        message = (await cases.messages_of(tx, case))[0].id
        data = File("bramley.txt", "text/plain", b"Our secret words")
        (attached,) = await cases.attach(tx, message, [data])
        run = await web.rooms.selfheal.begin(tx, other, fix="retry_payment", target="in_marchb")
    async with web.rooms.house.transaction(staff) as tx:
        view = await cases.save_view(tx, name="Bramley's", shared=False, wanted=cases.Filter())
        endpoint, _ = await hooks.add(
            tx, url="https://bramley.example/", events=hooks.EVENTS, private=False
        )
        action = (await actions.of_customer(tx, other.id, limit=1))[0].id
    return Theirs(
        {
            "action": action,
            "attachment": attached.id,
            "case": case.id,
            "customer": THEIRS,
            "delivery": "whk_none",
            "endpoint": endpoint.id,
            "event": "evt_none",
            "fix": "retry_payment",
            "invoice": "in_marchb",
            "kind": "void_invoice",
            "mail": "mail_none",
            "member": "stf_none",
            "message": message,
            "name": "thanks",
            "notification": "note_none",
            "other": case.id,
            "person": "stf_none",
            "run": run.id,
            "secret": "none",
            "seq": "1",
            "session": "none",
            "target": "in_marchb",
            "token": "tok_none",
            "view": view.id,
        }
    )


def page_routes() -> Iterator[tuple[str, str]]:
    for part in vars(pages).values():
        router = getattr(part, "router", None)
        for route in router.routes if isinstance(part, ModuleType) and router else ():
            if isinstance(route, APIRoute):
                yield from ((method, route.path) for method in sorted(route.methods or ()))


PAGES = sorted(set(page_routes()))


def names_something(path: str) -> bool:
    """Whether the path names somebody's thing."""
    return bool(set(re.findall(r"{(\w+)", path)) - BY_SECRET - {"fix", "name"})


def says_nothing(answer: httpx.Response, where: str) -> None:
    found = [secret for secret in SECRETS if secret in answer.text]
    assert not found, f"{where} tells {found}"
    assert answer.status_code < 500, f"{where}: {answer.status_code}"


async def all_of(web: Company, ref: str) -> dict[str, list[Any]]:
    """Everything that we keep of a customer, but for who looked."""
    mine = (await web.customer(ref)).id
    found = {}
    async with web.rooms.house.transaction(SYSTEM) as tx:
        for table in ("cases", "messages", "contacts", "actions", "fix_runs", "customers"):
            column = "id" if table == "customers" else "customer"
            rows = await tx.conn.execute(
                f"select * from {table} where {column} = %s order by id".encode(),  # noqa: S608 names of ours
                (mine,),
            )
            found[table] = await rows.fetchall()
    return found


def test_there_is_something_to_sweep() -> None:
    assert len(OPERATIONS) > 50
    assert len(PAGES) > 90


@pytest.mark.parametrize("role", ["owner", "billing", "member"])
async def test_a_customers_program_reaches_nothing_of_another(
    web: Company, theirs: Theirs, role: str
) -> None:
    before = await all_of(web, THEIRS)
    async with web.api(web.token(OURS, role=role)) as api:
        for method, path, told in OPERATIONS:
            answer = await answered(api, method, path, told, theirs.named)
            where = f"{method} {path} as {role}: {answer.status_code}"
            says_nothing(answer, where)
            if names_something(path) or (
                method == "post" and "customer" in answer.request.content.decode()
            ):
                assert answer.status_code in {403, 404}, where
    assert await all_of(web, THEIRS) == before


async def test_a_customers_pages_reach_nothing_of_another(web: Company, theirs: Theirs) -> None:
    before = await all_of(web, THEIRS)
    client = await signed_in(web, OURS)
    csrf = form_of(await client.get("/billing"), "/billing/person").fields["csrf"]
    client.follow_redirects = False
    for method, path in PAGES:
        if path.endswith("/events"):
            continue  # a stream of hints without words; test_live.py has it
        address, query = theirs.fill(path), {"run": theirs.named["run"], "target": "in_marchb"}
        data = {"csrf": csrf, "key": f"{method}{path}", "target": "in_marchb", "say": "x"}
        answer = await client.request(
            method, address, params=query, data=data, headers={"origin": URL}
        )
        says_nothing(answer, f"{method} {path}")
        if names_something(path) and path.startswith("/billing"):
            assert answer.status_code == 404, f"{method} {path}: {answer.status_code}"
        if path == "/sign-out":
            client = await signed_in(web, OURS)
            csrf = form_of(await client.get("/billing"), "/billing/person").fields["csrf"]
            client.follow_redirects = False
    assert await all_of(web, THEIRS) == before


async def test_without_a_session_every_page_is_closed(web: Company, theirs: Theirs) -> None:
    before = await all_of(web, THEIRS)
    async with web.client() as client:
        for method, path in PAGES:
            answer = await client.request(method, theirs.fill(path), headers={"origin": URL})
            says_nothing(answer, f"{method} {path}")
            if (method, path) not in FOR_EVERYBODY:
                assert answer.status_code in REFUSED, f"{method} {path}: {answer.status_code}"
    assert await all_of(web, THEIRS) == before


async def test_without_a_token_every_call_is_closed(web: Company, theirs: Theirs) -> None:
    async with web.client() as client:
        for method, path, told in OPERATIONS:
            answer = await answered(client, method, path, told, theirs.named)
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_meets_a_fault_of_ours(web: Company, theirs: Theirs, role: str) -> None:
    async with web.api(await web.staff_token(role)) as api:
        for method, path, told in OPERATIONS:
            answer = await answered(api, method, path, told, theirs.named)
            assert answer.status_code < 500, f"{method} {path} as {role}: {answer.text}"


OF_A_CUSTOMER = {"action", "attachment", "case", "customer"}


def is_a_look(method: str, path: str) -> bool:
    """Whether it shows something that belongs to one customer."""
    named = set(re.findall(r"{(\w+)", path))
    return method.upper() == "GET" and bool(named & OF_A_CUSTOMER) and "/billing/" not in path


async def looks_at(web: Company, ref: str) -> list[audit.Entry]:
    mine = (await web.customer(ref)).id
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await audit.entries(tx, limit=500, which=audit.Filter(customer=mine))
    return [one for one in found if one.verb in {"customer.viewed", "customer.page_viewed"}]


async def test_each_look_of_staff_at_what_is_a_customers_is_in_the_log(
    web: Company, theirs: Theirs
) -> None:
    """A new route that shows something of a customer cannot forget to say who saw it."""
    looks = [route for route in PAGES if is_a_look(*route)]
    calls = [route for route in OPERATIONS if is_a_look(*route[:2])]
    assert len(looks) + len(calls) > 8
    desk = await at_the_desk(web, ADMIN)
    for _, path in looks:
        web.clock.advance(minutes=11)
        before = len(await looks_at(web, THEIRS))
        assert (await desk.get(theirs.fill(path))).status_code == 200, path
        assert len(await looks_at(web, THEIRS)) == before + 1, f"nobody is told who opened {path}"
    async with web.api(await web.staff_token("agent")) as api:
        for method, path, told in calls:
            web.clock.advance(minutes=11)
            before = len(await looks_at(web, THEIRS))
            answer = await answered(api, method, path, told, theirs.named)
            assert answer.status_code == 200, f"{path}: {answer.text}"
            assert len(await looks_at(web, THEIRS)) == before + 1, f"{method} {path}"


async def test_who_may_only_look_changes_nothing_at_the_desk(web: Company, theirs: Theirs) -> None:
    before = await all_of(web, THEIRS)
    client = await at_the_desk(web, await web.staff_token("viewer"))
    csrf = re.findall(r'name="csrf" value="([^"]+)"', (await client.get("/desk")).text)[0]
    client.follow_redirects = False
    for method, path in PAGES:
        if method == "POST" and path.startswith("/desk") and path != "/desk/sign-out":
            answer = await client.request(
                method, theirs.fill(path), data={"csrf": csrf}, headers={"origin": URL}
            )
            assert answer.status_code < 500, f"{method} {path}: {answer.status_code}"
    assert await all_of(web, THEIRS) == before


async def test_who_may_only_look_is_offered_nothing_that_is_refused(
    web: Company, theirs: Theirs
) -> None:
    """A button that ends in a refusal is worse than none."""
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    offered: dict[str, Form] = {}
    for method, path in PAGES:
        if method == "GET" and path.startswith("/desk") and not path.endswith("/events"):
            page = await viewer.get(theirs.fill(path))
            if page.headers["content-type"].startswith("text/html"):
                offered |= {one.action: one for one in forms_of(page) if "csrf" in one.fields}
    del offered["/desk/sign-out"]
    for action, form in offered.items():
        assert (await send(viewer, form)).status_code != 403, f"{action} is offered, and refused"


async def test_an_admin_meets_no_fault_on_any_page(web: Company, theirs: Theirs) -> None:
    client = await at_the_desk(web, ADMIN)
    for method, path in PAGES:
        if method == "GET" and not path.endswith("/events"):
            answer = await client.get(theirs.fill(path))
            assert answer.status_code < 500, f"{path}: {answer.status_code}"
