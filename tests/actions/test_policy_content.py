"""Rules that cannot be used are told with file, line and remedy; nothing starts with them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella.actions.policy import (
    Asker,
    Charge,
    Facts,
    Payment,
    Policy,
    Standing,
    check,
    check_languages,
    from_json,
    to_json,
)
from prunella.settings import Content, ContentError, load_content, shipped
from prunella.tiers.prevent import other_languages

SHIPPED = load_content(shipped("content"))
WORDS = '@customer("a")\n@staff("b")\n'
AGE = "context.charge.age_days <= context.limits.charge_age_days"


def changed(before: str, after: str, *, file: str = "4_refunds") -> Content:
    name = f"policy/{file}.cedar"
    text = SHIPPED.text(name)
    assert before in text
    files = {**SHIPPED.files, name: text.replace(before, after, 1)}
    return Content(folder=Path("content"), files=files, digest="other")


def added(rule: str) -> Content:
    files = {**SHIPPED.files, "policy/9_more.cedar": f"// ours\n\n{rule}\n"}
    return Content(folder=Path("content"), files=files, digest="other")


def test_what_is_shipped_is_right() -> None:
    assert check(SHIPPED) == []
    assert Policy.read(SHIPPED).digest == SHIPPED.digest


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (changed("context.charge.disputed", "context.charge.disputd"), "disputd"),
        (changed(AGE, 'context.charge.age_days <= "60"'), "expected"),
        (changed("context.limits has charge &&", ""), "optional attribute"),
        (changed('Action::"refund"', 'Action::"refnd"'), "refnd"),
        (changed("unless {", "unless {{"), "unexpected token"),
        (changed('@staff("the charge is disputed', '@stuff("the charge is disputed'), "@stuff"),
        (changed('@liftable("true")', '@liftable("yes")'), "leave it out"),
        (changed('@id("refund.age")', '@id("refund.cap")'), "stands already in"),
        (changed('@id("refund.age")', '@id("too old")'), "a rule has a name"),
        (changed('@id("refund.age")', ""), "a rule has a name"),
        (added(f'@id("my.rule")\n{WORDS}forbid (principal, action'), "unexpected end"),
        (added('@id("my.rule")\n@staff("b")\nforbid (principal, action, resource);'), "@customer"),
        (
            added(f'@id("a.b")\n{WORDS}@customer_de("")\nforbid (principal, action, resource);'),
            "_de",
        ),
        (added('@id("permit")\npermit (principal, action, resource);'), "one permit"),
        (added(f'@id("a.b")\n{WORDS}forbid (principal == ?principal, action, resource);'), "alone"),
        (added("@"), "unexpected"),
    ],
)
def test_a_wrong_rule_is_pointed_at(wrong: Content, words: str) -> None:
    told = "\n".join(check(wrong))
    assert words in told
    assert "content/policy/" in told
    assert ".cedar:" in told
    with pytest.raises(ContentError):
        Policy.read(wrong)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("2_payments", "no rule is about retry_payment"),
        ("3_account", "no rule is about change_plan"),
        ("4_refunds", "no rule is about refund, so nothing would limit it"),
        ("5_staff_and_brake", "so the switch would stop nothing"),
    ],
)
def test_a_file_of_rules_that_is_lost_lets_nobody_do_more(file: str, words: str) -> None:
    files = {name: text for name, text in SHIPPED.files.items() if file not in name}
    told = check(Content(folder=Path("content"), files=files, digest="other"))
    assert any(words in line for line in told)
    assert all(line.startswith("content/policy") for line in told)


def test_the_line_is_that_of_the_rule() -> None:
    wrong = added('@id("my.rule")\n@staff("b")\nforbid (principal, action, resource);')
    assert check(wrong)[0].startswith("content/policy/9_more.cedar:3: ")


def test_without_the_permit_or_any_rule_nothing_starts() -> None:
    permit = '@id("permit")\npermit (principal, action, resource);'
    assert "nothing is permitted" in "\n".join(check(changed(permit, "", file="1_who")))
    none = {name: text for name, text in SHIPPED.files.items() if not name.endswith(".cedar")}
    empty = Content(folder=Path("content"), files=none, digest="none")
    assert "holds no rules" in "\n".join(check(empty))


def test_a_rule_of_your_own_is_kept_like_ours() -> None:
    rule = f"""@id("ours.no_yen")\n{WORDS}forbid (principal, action, resource)
        when {{ context has currency && context.currency == "jpy" }};"""
    asked = Facts(kind="set_payment_method", asker=Asker(kind="system"), currency="jpy")
    assert Policy.read(added(rule)).judge(asked).rules == ("ours.no_yen",)


def test_every_rule_speaks_every_language_of_the_catalogue() -> None:
    assert list(check_languages(Policy.read(SHIPPED), other_languages(SHIPPED))) == []


def test_what_a_rule_does_not_say_in_a_language_is_told() -> None:
    rule = f"""@id("ours.no_yen")\n{WORDS}@customer_fr("c")
        forbid (principal, action, resource) when {{ context.flow == "yen" }};"""
    policy = Policy.read(added(rule))
    told = list(check_languages(policy, ["de"]))
    assert [line.partition(":")[0] for line in told] == [
        "ours.no_yen",
        "Nobody reads @customer_fr of the rules",
    ]
    yen = policy.rule("ours.no_yen")
    assert yen is not None
    assert (yen.for_customer, yen.translated) == ("a", {"fr": "c"})


@pytest.mark.parametrize("language", other_languages(SHIPPED))
def test_a_sentence_of_a_rule_is_short_in_every_language(language: str) -> None:
    for rule in Policy.read(SHIPPED).rules:
        for text in (rule.for_customer, rule.translated[language]):
            assert text.endswith("."), (rule.name, text)
            for sentence in text.split(". "):
                assert len(sentence.split()) < 20, (rule.name, sentence)


def test_a_comment_and_a_text_may_hold_a_semicolon() -> None:
    rule = f'// one; two\n@id("a.b")\n{WORDS}forbid (principal, action, resource)'
    rule = rule.replace('"a"', '"a; b"')
    policy = Policy.read(added(f'{rule}\nwhen {{ context.flow == ";" }}; // three; four'))
    assert (policy.rules[-1].name, policy.rules[-1].for_customer) == ("a.b", "a; b")


@pytest.mark.parametrize("kind", ["retry_payment", "refund", "send_invoice", "change_plan"])
def test_what_nothing_is_known_of_is_denied(kind: str) -> None:
    decision = Policy.read(SHIPPED).judge(Facts(kind=kind, asker=Asker(kind="system")))
    assert (decision.verdict, decision.rules) == ("deny", ("policy.error",))


amounts = st.integers(min_value=-(10**6), max_value=10**12)


@given(amount=st.none() | amounts, captured=amounts, given=amounts, verified=st.booleans())
def test_facts_that_were_kept_are_judged_alike(
    amount: int | None, captured: int, given: int, *, verified: bool
) -> None:
    facts = Facts(
        kind="refund",
        asker=Asker(kind="lee", verified=verified),
        amount=amount,
        currency="usd",
        charge=Charge(status=None, captured=captured, currency="usd", given_back=given),
        customer=Standing(flags=("delinquent",), given=given),
        automatic_today={"usd": 5},
    )
    assert from_json(to_json(facts)) == facts


def test_kept_facts_of_another_time_can_be_read() -> None:
    facts = Facts(
        kind="retry_payment",
        asker=Asker(kind="system"),
        payment=Payment(status="open", remaining=1, currency="usd"),
    )
    kept = to_json(facts)
    kept["weather"] = "rain"
    del kept["payment"]["disputed"]
    assert from_json(kept) == facts
