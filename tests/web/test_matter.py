"""What a contact was about: a name that says something, instead of an id."""

from tests.diagnostics.stripe_json import NOW

from prunella.diagnostics import Words
from prunella.settings import load_content, shipped
from prunella.web.views.matter import matter_of, numbers_of
from prunella.web.views.saying import Saying

WORDS = Words.from_catalogue(load_content(shipped("content")).toml("messages/en.toml"))
SAYING = Saying(words=WORDS, now=NOW)


def test_an_invoice_is_called_by_its_number_and_by_its_kind_where_it_has_none() -> None:
    numbers = numbers_of([("in_1", "NB-0003"), ("in_2", None)])
    assert matter_of("in_1", numbers, SAYING) == "Invoice NB-0003"
    assert matter_of("in_2", numbers, SAYING) == "An invoice"


def test_what_is_no_id_stands_as_it_is() -> None:
    assert matter_of("Your plan ends", {}, SAYING) == "Your plan ends"
    assert matter_of("", {}, SAYING) == "Nothing in particular"
    assert matter_of("ask_01m7", {}, SAYING) == "A question"
