"""A browser without JavaScript: follows links and redirects, fills in forms as they stand."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.company import URL, Company


@dataclass
class Form:
    """A form of a page: where it goes, and what is in it already."""

    action: str
    fields: dict[str, str]
    buttons: list[str]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert named["method"] == "post" or named.get("role") == "search"
            self.forms.append(Form(named["action"], {}, []))
        elif tag in {"input", "textarea", "select"} and self.forms:
            self.forms[-1].fields[named["name"]] = named.get("value", "")
        elif tag == "button":
            self.in_button = True

    def handle_endtag(self, tag: str) -> None:
        self.in_button = self.in_button and tag != "button"

    def handle_data(self, data: str) -> None:
        if self.in_button and self.forms:
            self.forms[-1].buttons.append(data.strip())


def forms_of(page: httpx.Response) -> list[Form]:
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


def form_of(page: httpx.Response, action: str) -> Form:
    found = [form for form in forms_of(page) if form.action == action]
    assert found, f"no form goes to {action}: {[form.action for form in forms_of(page)]}"
    return found[0]


def answer_form(page: httpx.Response) -> Form:
    """The form of a case at the desk that answers the customer."""
    return next(form for form in forms_of(page) if "seen" in form.fields)


def text_of(page: httpx.Response) -> str:
    """What one reads, more or less."""
    shown = re.sub(r"<[^>]+>", " ", page.text)
    return re.sub(r"\s+", " ", shown)


async def send(client: httpx.AsyncClient, form: Form, **filled: str) -> httpx.Response:
    """Send a form the way a browser does."""
    headers = {"origin": URL}
    return await client.post(form.action, data=form.fields | filled, headers=headers)


async def signed_in(company: Company, name: str, **claims: str) -> httpx.AsyncClient:
    """A customer who came in from the product, standing on their billing page."""
    client = company.client()
    client.follow_redirects = True
    page = await client.get("/billing", params={"token": company.token(name, **claims)})
    assert page.status_code == 200, page.text
    assert "token" not in str(page.url)
    return client


async def at_the_desk(company: Company, token: str) -> httpx.AsyncClient:
    client = company.client()
    client.follow_redirects = True
    page = await send(client, form_of(await client.get("/sign-in"), "/sign-in"), token=token)
    assert page.status_code == 200, page.text
    return client


async def ask_for_a_person(company: Company, words: str) -> httpx.Response:
    """Northbeck's payment failed, and they write; returns the page of what they asked."""
    await company.knows(customer(), card(), *failed(decline_code="insufficient_funds"))
    client = await signed_in(company, "cus_northbeck")
    asking = form_of(await client.get("/billing"), "/billing/person")
    return await send(client, asking, say=words)
