"""What is left out to be quick costs no safety: judged as Cedar judges by the schema."""

import json
import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import cedarpy
import pytest

from prunella.actions.policy import KINDS, Asker, Facts, Policy, read_examples
from prunella.actions.policy.asks import WholeContextError, asked_by
from prunella.actions.policy.facts import NEEDS
from prunella.actions.policy.schema import schema_text
from prunella.actions.policy.shown import SHOWN, context_of
from prunella.settings import Content, ContentError, load_content, shipped

SHIPPED = load_content(shipped("content"))
POLICY = Policy.read(SHIPPED)
SCHEMA = cedarpy.Schema.from_str(schema_text())
EXAMPLES = [one.facts for one in read_examples(SHIPPED)]
ALL: dict[str, Any] = {one.name: None for one in fields(Facts) if one.name != "automatic_today"}
ALL |= dict.fromkeys(SHOWN)
OTHERS: dict[type, list[Any]] = {
    bool: [True, False],
    int: [0, 1, 4_999, 5_001, 60, 61, 10_000_000],
    str: ["", "open", "paid", "customer", "staff", "lee", "agent", "eur", "xxx", *sorted(KINDS)],
    tuple: [(), ("x",)],
}
MAY_MISS = (str | None, int | None)
MIXED = 0.3
WRONG: list[Any] = [None, "7", 7, 2**63, 1.5, True, ("a", 7), [], {}]


def whole(content: Content) -> cedarpy.PolicySet:
    """Every rule of every file as it is written, whatever it is about."""
    files = (text for name, text in content.files.items() if name.endswith(".cedar"))
    parsed = json.loads(cedarpy.policies_to_json_str("\n".join(files)))
    named = {one["annotations"]["id"]: one for one in parsed["staticPolicies"].values()}
    return cedarpy.PolicySet.from_json_str(json.dumps({**parsed, "staticPolicies": named}))


WHOLE = whole(SHIPPED)


def by_the_schema(
    facts: Facts, policy: Policy = POLICY, rules: cedarpy.PolicySet = WHOLE
) -> tuple[str, set[str]]:
    """Cedar alone: all facts, all rules as written, each request checked against the schema."""
    try:
        context = json.dumps(context_of(facts, policy.limits, ALL))
    except (AttributeError, TypeError):
        return "NoDecision", set()
    asked = {
        "principal": {"type": "Who", "id": "who"},
        "action": {"type": "Action", "id": facts.kind},
        "resource": {"type": "Object", "id": "object"},
        "context": context,
    }
    answer = cedarpy.is_authorized(asked, rules, [], schema=SCHEMA)
    return answer.decision.name, set(answer.diagnostics.reasons)


def alike(facts: Facts, policy: Policy = POLICY, rules: cedarpy.PolicySet = WHOLE) -> bool:
    decision = policy.judge(facts)
    verdict, reasons = by_the_schema(facts, policy, rules)
    match verdict:
        case "Allow":
            return decision.verdict == "allow"
        case "Deny":
            return decision.verdict != "allow" and set(decision.rules) == reasons
    return decision.rules == ("policy.error",)


@pytest.mark.parametrize("facts", EXAMPLES, ids=lambda facts: facts.kind)
def test_each_example_is_judged_alike(facts: Facts) -> None:
    assert alike(facts)


def spoiled(record: Any) -> Iterator[tuple[Any, str]]:
    """Return the record with each of its facts in turn missing or of a wrong kind."""
    for one in fields(record):
        value = getattr(record, one.name)
        for wrong in WRONG:
            yield replace(record, **{one.name: wrong}), one.name
        if is_dataclass(value):
            for inside, name in spoiled(value):
                yield replace(record, **{one.name: inside}), f"{one.name}.{name}"


@pytest.mark.parametrize("facts", EXAMPLES, ids=lambda facts: facts.kind)
def test_a_fact_that_is_missing_or_wrong_allows_nothing_that_the_schema_would_not(
    facts: Facts,
) -> None:
    for one, name in spoiled(facts):
        if name in {"kind", "automatic_today"}:
            continue
        if POLICY.judge(one).verdict == "allow":
            assert by_the_schema(one)[0] == "Allow", name


@pytest.mark.parametrize("facts", EXAMPLES, ids=lambda facts: facts.kind)
def test_whatever_a_fact_is_the_rules_as_written_say_the_same(facts: Facts) -> None:
    for one, name in changed(facts):
        assert alike(one), (name, one)


def changed(record: Any) -> Iterator[tuple[Any, str]]:
    """Return the record with each of its facts in turn another one that it could be."""
    for one in fields(record):
        value = getattr(record, one.name)
        for other in OTHERS.get(type(value), []):
            yield replace(record, **{one.name: other}), one.name
        if one.type in MAY_MISS:
            yield replace(record, **{one.name: None}), one.name
        if is_dataclass(value):
            for inside, name in changed(value):
                yield replace(record, **{one.name: inside}), f"{one.name}.{name}"


ROUNDABOUT = """
@id("ours.roundabout")
@customer("a")
@staff("b")
forbid (principal, action in [Action::"refund", Action::"credit_note"], resource)
when {
  context has amount && context has limits && (if context has charge && context.charge has status
  then [context.charge.status, "b"].contains("succeeded") && context.charge.age_days > 2
  else context has invoice && context.invoice == context.invoice && "charge" like "c*")
}
unless {
  context.kind != "refund" || context has plan ||
  (context has customer && context.customer.flags.contains("x"))
};

@id("ours.whole")
@customer("a")
@staff("b")
forbid (principal, action == Action::"refund", resource)
when { {"kind": context.customer}["kind"] != context.customer || context.charge != context.charge };

@id("ours.always")
@customer("a")
@staff("b")
@liftable("true")
forbid (principal, action == Action::"send_invoice", resource);
"""


@pytest.mark.parametrize("facts", EXAMPLES, ids=lambda facts: facts.kind)
def test_rules_of_any_form_say_the_same_as_written(facts: Facts) -> None:
    content = _with(ROUNDABOUT)
    policy, rules = Policy.read(content), whole(content)
    assert alike(facts, policy, rules)
    for one, name in changed(facts):
        assert alike(one, policy, rules), (name, one)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_all_facts_are_the_rules_as_written_say_the_same(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 seeded examples
    content = _with(ROUNDABOUT)
    policy, rules = Policy.read(content), whole(content)
    for _ in range(250):
        facts = mixed(chance.choice(EXAMPLES), chance)
        assert alike(facts, policy, rules), facts


def mixed(record: Any, chance: random.Random) -> Any:
    """Return the record with several of its facts others that they could be."""
    others: dict[str, Any] = {}
    for one in fields(record):
        value = getattr(record, one.name)
        if is_dataclass(value):
            others[one.name] = mixed(value, chance)
        elif chance.random() < MIXED and one.name != "kind":
            missing = [None] if one.type in MAY_MISS else []
            others[one.name] = chance.choice([value, *missing, *OTHERS.get(type(value), [])])
    return replace(record, **others)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NEEDS for name in NEEDS[kind]])
def test_what_a_kind_needs_is_never_guessed(kind: str, name: str) -> None:
    known = next((one for one in EXAMPLES if one.kind == kind), Facts(kind=kind, asker=LEE))
    missing: dict[str, Any] = {name: None}
    decision = POLICY.judge(replace(known, **missing))
    assert (decision.verdict, decision.rules) == ("deny", ("policy.error",))


LEE = Asker(kind="lee")
CAREFUL = """
@id("ours.careful")
@customer("a")
@staff("b")
forbid (principal, action == Action::"refund", resource)
when { context.charge has disputed && context.charge.disputed };
"""


def test_a_rule_that_looks_whether_a_fact_is_there_is_not_passed_by_without_it() -> None:
    refund = next(one for one in EXAMPLES if one.kind == "refund" and one.charge)
    policy = Policy.read(_with(CAREFUL))
    assert policy.judge(refund).verdict == "allow"
    assert refund.charge
    unknown: Any = None
    spoilt = replace(refund, charge=replace(refund.charge, disputed=unknown))
    assert policy.judge(spoilt).rules == ("policy.error",)


def test_a_kind_that_nobody_knows_is_denied() -> None:
    assert POLICY.judge(Facts(kind="print_money", asker=LEE)).rules == ("policy.error",)
    assert not POLICY.may_ask(Asker(kind="nobody"), kind="refund")


def test_a_rule_gets_what_it_asks_for() -> None:
    text = """permit (principal, action, resource) when {
      context.charge.status like "s*" && context has amount && context["kind"] == "refund" &&
      context.customer.flags.contains("x") && (if context has plan then context.plan has how
      else context.limits == context.limits)
    };"""
    parsed = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    assert asked_by(parsed.values()) == {
        "charge": {"status": None},
        "amount": {},
        "kind": None,
        "customer": {"flags": None},
        "plan": {"how": {}},
        "limits": None,
    }


def test_a_rule_that_asks_for_everything_at_once_is_told() -> None:
    rule = CAREFUL.split("when", maxsplit=1)[0] + "when { context == context };"
    with pytest.raises(ContentError, match="name those that are meant"):
        Policy.read(_with(rule))
    assert issubclass(WholeContextError, ValueError)


def test_each_kind_has_a_chapter_with_the_permit() -> None:
    assert set(POLICY.rulebook.chapters) == {*KINDS, "begin"}


def _with(rule: str) -> Content:
    files = {**SHIPPED.files, "policy/9_ours.cedar": rule}
    return Content(folder=SHIPPED.folder, files=files, digest="ours")
