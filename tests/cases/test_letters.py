"""The words of our mails: complete, plain, and safe to fill in."""

import re
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from prunella.cases import Letters, check_letters
from prunella.cases.letters import MissingValueError
from prunella.cases.letters.template import KNOWN, OF_THE_CASE, REPLIES, file_of
from prunella.settings import Content, load_content, shipped

FINDING = {
    "title": "Your March payment did not go through",
    "happened": "On Sunday 1 March your bank said no to $3,665.04.",
    "means": "No money has left your account.",
    "todo": "Pay with another card.",
    "button": "Pay $3,665.04",
}
LINK = "https://pay.tai.example/l/abc?x=1&y=2"
Copy = Callable[..., Content]


class Reader(HTMLParser):
    """What a mail program would show and follow."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def content() -> Content:
    return load_content(shipped("content"))


@pytest.fixture
def changed(content: Content) -> Copy:
    """The shipped content with one file replaced."""

    def change(name: str, old: str, new: str) -> Content:
        files = dict(content.files)
        assert old in files[name]
        files[name] = files[name].replace(old, new)
        return Content(folder=Path("content"), files=files, digest="changed")

    return change


def test_both_parts_say_the_same_and_have_one_button(content: Content) -> None:
    letter = Letters(content, "TAI").write("payment_failed", link=LINK, values=FINDING)
    page = Reader(letter.html)
    assert letter.subject == FINDING["title"]
    for sentence in (FINDING["happened"], FINDING["means"], FINDING["todo"], FINDING["button"]):
        assert sentence in letter.text
        assert sentence in page.words
    assert page.links == [LINK]
    assert LINK in letter.text


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_template_can_be_written(content: Content, name: str) -> None:
    values = dict.fromkeys(KNOWN[name], "something")
    letter = Letters(content, "TAI").write(name, link=LINK, values=values)
    assert letter.subject
    assert "{" not in letter.text
    assert len(letter.html.encode()) < 10_000


def test_a_value_is_neither_html_nor_a_template(content: Content) -> None:
    nasty = {**FINDING, "happened": "<script>x</script>{means}", "title": "A\r\nBcc: x@y.example"}
    letter = Letters(content, "TAI").write("payment_failed", link=LINK, values=nasty)
    page = Reader(letter.html)
    assert "script" not in page.tags
    assert "<script>x</script>{means}" in page.words
    assert letter.subject == "A Bcc: x@y.example"


def test_what_is_empty_leaves_no_gap(content: Content) -> None:
    letter = Letters(content, "TAI").write(
        "payment_failed", link=LINK, values={**FINDING, "means": ""}
    )
    assert "\n\n\n" not in letter.text
    assert letter.html.count("<p") == 6


def test_a_long_answer_keeps_its_paragraphs(content: Content) -> None:
    values = {"number": "1001", "subject": "My bill", "answer": "First.\nStill first.\n\nSecond."}
    letter = Letters(content, "TAI").write("case_answered", link=LINK, values=values)
    assert "First.<br>Still first.</p>" in letter.html
    assert "Second.</p>" in letter.html


def test_a_missing_value_is_an_error_and_no_letter(content: Content) -> None:
    with pytest.raises(MissingValueError):
        Letters(content, "TAI").write("payment_succeeded", link=LINK, values={"amount": "$1.00"})


def test_the_shipped_templates_have_nothing_wrong(content: Content) -> None:
    assert check_letters(content) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{means}", "{meening}", "payment_failed.toml:4: {meening} is never filled in: use one of"),
        ("{happened}", "", "payment_failed.toml:1: {happened} is not used: put it back"),
        ('button = "{button}"', "", "payment_failed.toml:1: button is missing"),
        ('button = "{button}"', "button = 3", "payment_failed.toml:5: button must be a text"),
        ("after = [", "afterwards = [", "payment_failed.toml:6: afterwards is unknown"),
        ('subject = "{title}"', 'subject = "{title}', "payment_failed.toml: "),
        (
            'paragraphs = ["{happened}", "{means}", "{todo}"]',
            'paragraphs = "{happened} {todo}"',
            "payment_failed.toml:4: paragraphs must be a list",
        ),
    ],
)
def test_a_wrong_template_is_named_with_line_and_remedy(
    changed: Copy, old: str, new: str, said: str
) -> None:
    found = check_letters(changed("templates/payment_failed.toml", old, new))
    assert any(said in line for line in found), found


def test_a_layout_that_forgot_the_button_is_named(changed: Copy) -> None:
    found = check_letters(changed("templates/layout.html", "{link}", "{lnik}"))
    assert [line.split(": ", 1)[1] for line in found] == [
        "{lnik} is never filled in: take it out",
        "{link} is not used: put it back",
    ]


def test_a_missing_template_is_named(content: Content) -> None:
    files = {name: text for name, text in content.files.items() if "link_expired" not in name}
    [line] = check_letters(Content(folder=Path("content"), files=files, digest="less"))
    assert "payment_link_expired.toml is missing" in line


NEVER = re.compile(
    r"!|please note|unfortunately|apolog|declined|your request|ticket|\bagent\b|kindly|dear ",
    re.IGNORECASE,
)


NEVER_IN_GERMAN = re.compile(
    r"!|bitte beachten|leider|entschuldig|abgelehnt|ihre anfrage|ticket|\bagent\b|sehr geehrt",
    re.IGNORECASE,
)
INTERNAL = {"escalation"}


@pytest.mark.parametrize("name", sorted([*KNOWN, *REPLIES]))
def test_our_mails_keep_to_the_words_for_customers(content: Content, name: str) -> None:
    for language, never in (("en", NEVER), ("de", NEVER_IN_GERMAN)):
        for text in texts_of(content, file_of(name, language)):
            assert not never.search(text), text
            for sentence in re.split(r"(?<=[.?])\s", text):
                assert len(sentence.split()) < 20, sentence


def texts_of(content: Content, file: str) -> list[str]:
    fields = tomllib.loads(content.files.get(file, ""))
    return [text for one in fields.values() for text in ([one] if isinstance(one, str) else one)]


@pytest.mark.parametrize("name", sorted(set(REPLIES) - INTERNAL))
def test_a_reply_is_written_in_the_language_of_who_reads_it(content: Content, name: str) -> None:
    letters = Letters(content, "TAI")
    values = dict.fromkeys(REPLIES[name] | OF_THE_CASE, "etwas")
    english, german = (letters.reply(name, values, locale=locale) for locale in ("fr", "de-AT"))
    assert english != german
    assert "{" not in english + german
    assert letters.places(name) <= set(values)


def test_a_reply_with_a_subject_is_named(changed: Copy) -> None:
    found = check_letters(
        changed("templates/solution.toml", "paragraphs = [", 'subject = "It works"\nparagraphs = [')
    )
    assert [line.split(": ", 1)[1] for line in found] == [
        "subject is unknown: a reply of a case has paragraphs alone"
    ]


def test_a_reply_that_forgot_what_to_do_is_named(changed: Copy) -> None:
    [line] = check_letters(changed("templates/de/solution.toml", "{fix}", "siehe oben"))
    assert "solution.toml:1: {fix} is not used: put it back" in line


@pytest.mark.parametrize("word", ["name", "subject"])
def test_the_first_answer_to_a_stranger_repeats_nothing(changed: Copy, word: str) -> None:
    """Whoever gives somebody else's address must not be able to write to it through us."""
    [line] = check_letters(
        changed("templates/message_received.toml", "Somebody wrote", f"{{{word}}} wrote")
    )
    assert f"{{{word}}} is never filled in" in line


def test_every_mail_brings_to_a_person(content: Content) -> None:
    for name in KNOWN:
        text = content.files[file_of(name)]
        assert "person" in text or "takes your reply" in text
