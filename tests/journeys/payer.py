"""A customer who pays by forms alone, and loads the page again when it does not come."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx
from tests.journeys.company import PATIENCE_S
from tests.journeys.subscriber import Subscriber
from tests.journeys.visit import GOOD

STEPS = ("letter", "page", "secure page", "card", "back", "green")


@dataclass
class Payer:
    """Goes through Flow 1 step by step. A page that fails is asked for again, as people do."""

    customer: Subscriber
    browser: httpx.Client

    def steps(self) -> Iterator[str]:
        """Give the name of each step when it is done; stopping in between is up to the caller."""
        running = self.customer.running
        link = self.customer.link()
        yield "letter"
        self._insist("GET", link)
        yield "page"
        secure = self._press()
        yield "secure page"
        card = {"number": GOOD, "expiry": "12/30", "cvc": "123"}
        back = self.browser.post(secure, data=card).headers["location"]
        yield "card"
        self._insist("GET", back)
        yield "back"
        running.until(lambda: self.customer.status() == "green", what="green")
        yield "green"

    def _press(self) -> str:
        """Press the main button until it leads to the secure page; it is the same one each time."""
        running = self.customer.running
        page = self._insist("GET", f"{running.url}/billing")
        action, fields = _main_form(page.text)
        headers = {"origin": running.url}
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            answer = self._insist("POST", running.url + action, data=fields, headers=headers)
            if "/c/pay/" in answer.headers.get("location", ""):
                return answer.headers["location"]
        raise AssertionError(running.logs())

    def _insist(self, method: str, url: str, **request: object) -> httpx.Response:
        """Ask until there is an answer that is none of a server in trouble."""

        def answer() -> httpx.Response | None:
            found = self.browser.request(method, url, **request)  # type: ignore[arg-type] # httpx's own keywords, passed on
            return found if found.status_code < 500 else None

        return _insisted(self.customer, answer)


def _insisted(customer: Subscriber, ask: Callable[[], httpx.Response | None]) -> httpx.Response:
    found: httpx.Response = customer.running.until(ask, what="an answer")
    assert found.status_code < 400, f"{found.status_code} {found.url}\n{found.text[:2000]}"
    return found


def _main_form(page: str) -> tuple[str, dict[str, str]]:
    reader = _Forms()
    reader.feed(page)
    form = next(form for form in reader.forms if form[0].startswith("/billing/fixes/"))
    assert re.search(r"fixes/update_card", form[0]), form
    return form


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given["action"], {}))
        elif tag == "input" and self.forms:
            self.forms[-1][1][given["name"]] = given.get("value", "")
