"""Whatever the document and whatever the rules: nothing raises, nothing redacted is left."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from logcore.codec import dump_json, parse_json
from logcore.fields import field_types, shared_fields, source_fields
from logcore.record import Effect
from logcore.rules import Rules, Ruleset
from logcore.rules.copies import KEPT
from tests.sources.mutations import JSON

KEY = b"sixteen or more bytes"
TYPES = field_types(*shared_fields(), *source_fields("cloudtrail"))
WORDS = st.text('abcXYZ"\\é/', min_size=1, max_size=6)
calmly = settings(deadline=None, suppress_health_check=list(HealthCheck))

TEXT_TESTS = st.lists(
    WORDS
    | st.builds(lambda op, w: {op: w}, st.sampled_from(["prefix", "suffix"]), WORDS)
    | st.builds(lambda w: {"wildcard": f"*{w}"}, WORDS.filter(lambda w: "\\" not in w))
    | st.builds(lambda w: {"anything-but": [w]}, WORDS)
    | st.builds(lambda e: {"exists": e}, st.booleans()),
    min_size=1,
    max_size=3,
)
FIELDS = st.sampled_from(
    ["user.name", "message", "aws.cloudtrail.a", "aws.cloudtrail.a.b", "related.user"]
)
CONDITIONS = st.just("always") | st.dictionaries(FIELDS, TEXT_TESTS, min_size=1, max_size=2)
COMMON: dict[str, st.SearchStrategy[Any]] = {"when": CONDITIONS, "dry_run": st.booleans()}
RULES = st.one_of(
    st.fixed_dictionaries({"action": st.just("drop"), **COMMON}),
    st.fixed_dictionaries({"action": st.just("sample"), "rate": st.floats(0.01, 1), **COMMON}),
    st.fixed_dictionaries(
        {
            "action": st.just("redact"),
            "mode": st.sampled_from(["remove", "mask", "hash"]),
            "fields": st.lists(FIELDS | st.just("aws.cloudtrail.*"), min_size=1, max_size=3),
            "patterns": st.lists(st.sampled_from(["email", "card_number"]), max_size=2),
            **COMMON,
        }
    ),
)
RULE_LISTS = st.lists(RULES, min_size=1, max_size=4).map(
    lambda rules: [{**rule, "name": f"r{number}"} for number, rule in enumerate(rules)]
)
SECRETS = st.text(
    'QWJKqwjk59"\\éß ',  # letters that no name of a field and no stand-in is made of
    min_size=6,
    max_size=12,
).filter(lambda text: text.strip() == text)


def document_of(event_id: str, **parts: Any) -> dict[str, Any]:
    return {
        "@timestamp": "2026-03-01T12:00:00.000Z",
        "event": {"id": event_id, "dataset": "aws.cloudtrail", "kind": "event"},
        **parts,
    }


def ruleset_of(rules: list[dict[str, Any]]) -> Ruleset:
    ruleset = Rules({"aws.cloudtrail": rules}, key=KEY).of("aws.cloudtrail")
    assert ruleset is not None
    return ruleset


DOCUMENTS = st.builds(
    document_of,
    st.text(min_size=1),
    user=st.just({}) | st.fixed_dictionaries({"name": WORDS}),
    message=WORDS,
    related=st.fixed_dictionaries({"user": st.lists(WORDS, max_size=3)}),
    aws=st.fixed_dictionaries({"cloudtrail": st.fixed_dictionaries({"a": JSON, "c": JSON}) | JSON}),
)


@calmly
@given(DOCUMENTS, RULE_LISTS)
def test_any_rules_give_any_document_a_verdict_and_leave_it_as_it_came(
    document: dict[str, Any], rules: list[dict[str, Any]]
) -> None:
    before = copy.deepcopy(document)
    found = ruleset_of(rules)(document)

    names = {rule["name"] for rule in rules}
    assert {effect.rule for effect in found.effects} | {found.dropped_by} <= names | {""}
    assert {path: found.document[path] for path in ("@timestamp", "event")} == {
        path: before[path] for path in ("@timestamp", "event")
    }
    assert repr(document) == repr(before)


@calmly
@given(DOCUMENTS, RULE_LISTS)
def test_a_dry_run_changes_no_document(
    document: dict[str, Any], rules: list[dict[str, Any]]
) -> None:
    found = ruleset_of([{**rule, "dry_run": True} for rule in rules])(document)

    assert found.document is document
    assert found.dropped_by == ""


@calmly
@given(DOCUMENTS, RULE_LISTS)
def test_a_dry_run_foretells_what_the_rules_then_drop(
    document: dict[str, Any], rules: list[dict[str, Any]]
) -> None:
    foretold = ruleset_of([{**rule, "dry_run": True} for rule in rules])(document)
    done = ruleset_of([{**rule, "dry_run": False} for rule in rules])(document)

    would_drop = [effect for effect in foretold.effects if effect.kind == "would_drop"]
    assert would_drop == ([Effect("would_drop", done.dropped_by)] if done.dropped_by else [])


@calmly
@given(st.lists(DOCUMENTS, max_size=20), CONDITIONS)
def test_dropping_and_keeping_part_the_documents_exactly(
    documents: list[dict[str, Any]], when: Any
) -> None:
    drop = ruleset_of([{"name": "drop", "action": "drop", "when": when}])
    keep = ruleset_of(
        [
            {"name": "keep", "action": "sample", "rate": 1, "when": when},
            {"name": "rest", "action": "drop", "when": "always"},
        ]
    )

    for document in documents:
        assert {drop(document).dropped_by, keep(document).dropped_by} in (
            {"drop", ""},
            {"", "rest"},
        )


@calmly
@given(secret=SECRETS, data=st.data(), mode=st.sampled_from(["remove", "mask", "hash"]))
@example(secret='QW"\\é J', data=None, mode="mask")
def test_a_redacted_value_is_nowhere_in_the_bytes(secret: str, data: Any, mode: str) -> None:
    raw: dict[str, Any] = {
        "userName": secret,
        "arn": f"user/{secret}",
        "list": [secret, [{"deep": f"{secret}{secret}"}]],
        "policy": json.dumps({"who": secret}),
        secret: 1,
    }
    if data is not None:
        more = data.draw(st.recursive(st.just(secret) | JSON, st.lists, max_leaves=5))
        raw["more"] = parse_json(json.dumps(more))  # what a record may hold and can be written
    given_document = document_of(
        "1",
        user={"name": secret, "email": secret, "full_name": f"a {secret}"},
        message=f"{secret} signed in as {secret}",
        related={"user": [secret, "other"]},
        source={"address": secret},
        aws={"cloudtrail": raw},
    )
    given_document["event"]["original"] = json.dumps(raw)

    ruleset = ruleset_of([{"name": "r", "action": "redact", "mode": mode, "fields": ["user.name"]}])
    found = ruleset(given_document).document

    body = dump_json(found)
    assert dump_json(secret)[1:-1] not in body
    assert json.dumps(secret)[1:-1].encode() not in body
    assert set(KEPT) >= {"@timestamp", "event.id", "event.dataset"}
