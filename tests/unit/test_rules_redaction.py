"""What a rule redacts is gone from the document, wherever a copy of it stood."""

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from logcore.errors import ConfigurationError
from logcore.rules import Rules
from logcore.rules.patterns import NAMED
from logcore.rules.ruleset import Verdict
from logcore.rules.stand_ins import MASK

KEY = b"sixteen or more bytes"
RAW: dict[str, Any] = {
    "userIdentity": {"userName": "alice", "arn": "arn:aws:iam::222222222222:user/alice"},
    "requestParameters": {"password": "hunter2!", "pin": 12, "tags": [{"Value": "hunter2!"}]},
}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "@timestamp": "2026-03-01T12:00:00.000Z",
        "event": {"id": "1", "dataset": "aws.cloudtrail", "kind": "event"},
        "message": "alice signed in from 192.0.2.1",
        "user": {"name": "alice"},
        "source": {"ip": "192.0.2.1", "address": "192.0.2.1"},
        "related": {"user": ["alice", "bob"], "ip": ["192.0.2.1"]},
        "aws": {"cloudtrail": RAW},
        **changes,
    }


def applied(given: dict[str, Any], **rule: Any) -> Verdict:
    table = {"name": "privacy", "action": "redact", "mode": "mask", **rule}
    ruleset = Rules({"aws.cloudtrail": [table]}, key=KEY).of("aws.cloudtrail")
    assert ruleset is not None
    return ruleset(given)


def redacted(given: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return applied(given, **rule).document


def test_a_mask_stands_for_the_value_and_for_each_copy_of_it() -> None:
    found = redacted(document(), fields=["user.name"])

    assert found["user"]["name"] == MASK
    assert found["related"]["user"] == [MASK, "bob"]
    assert found["message"] == f"{MASK} signed in from 192.0.2.1"
    assert found["aws"]["cloudtrail"]["userIdentity"] == {
        "userName": MASK,
        "arn": f"arn:aws:iam::222222222222:user/{MASK}",
    }
    assert found["pipeline"]["redacted"] == [
        "user.name",
        "message",
        "related.user",
        "aws.cloudtrail",
    ]


def test_a_removed_value_leaves_no_empty_place() -> None:
    found = redacted(document(), fields=["source.ip"], mode="remove")

    assert "source" not in found
    assert found["related"] == {"user": ["alice", "bob"]}
    assert found["message"] == f"alice signed in from {MASK}"


def test_a_copy_in_a_field_that_takes_no_text_is_removed() -> None:
    found = redacted(document(), fields=["source.address"], mode="hash")

    assert list(found["source"]) == ["address"]
    assert "ip" not in found["related"]


def test_hashes_keep_equal_values_comparable_under_one_key_only() -> None:
    first, again, other = (hashed_name(key) for key in (KEY, KEY, KEY + b"!"))

    assert first.startswith("[redacted:")
    assert (first == again, first == other) == (True, False)


def hashed_name(key: bytes) -> str:
    rule = {"name": "a", "action": "redact", "mode": "hash", "fields": ["user.name"]}
    ruleset = Rules({"*": [rule]}, key=key).of("aws.cloudtrail")
    assert ruleset is not None
    name: str = ruleset(document()).document["user"]["name"]
    return name


def test_the_raw_record_is_reached_also_where_lists_and_dots_are_on_the_way() -> None:
    raw = {"a": [{"b.c": {"secret": "one"}}, {"b": {"c": {"secret": ["two", 3, True, None]}}}]}

    found = redacted(document(aws={"cloudtrail": raw}), fields=["aws.cloudtrail.a.b.c.secret"])

    assert found["aws"]["cloudtrail"] == {
        "a": [{"b.c": {"secret": MASK}}, {"b": {"c": {"secret": [MASK, MASK, MASK, None]}}}]
    }


def test_a_star_at_the_end_stands_for_all_below() -> None:
    found = redacted(document(), fields=["aws.cloudtrail.requestParameters.*"])

    assert found["aws"]["cloudtrail"]["requestParameters"] == {
        "password": MASK,
        "pin": MASK,
        "tags": [{"Value": MASK}],
    }
    assert found["user"] == {"name": "alice"}


def test_a_raw_record_that_is_still_bytes_is_redacted() -> None:
    raw = orjson.Fragment(b'{"userName": "\\u0061lice", "n": 1}')

    found = redacted(document(aws={"cloudtrail": raw}), fields=["user.name"])

    assert found["aws"]["cloudtrail"] == {"userName": MASK, "n": 1}


def test_a_value_is_found_in_json_that_a_text_holds() -> None:
    name = 'Ali "the é" ce'
    original = json.dumps({"name": name})
    given = document(user={"name": name})
    given["event"]["original"] = original

    found = redacted(given, fields=["user.name"])

    assert found["event"]["original"] == json.dumps({"name": MASK})


def test_a_key_of_the_raw_record_may_be_the_value() -> None:
    raw = {"users": {"alice": 1, "bob": 2}}

    found = redacted(document(aws={"cloudtrail": raw}), fields=["user.name"])

    assert found["aws"]["cloudtrail"] == {"users": {MASK: 1, "bob": 2}}


def test_keys_that_become_one_keep_each_its_value() -> None:
    raw = {"alice@example.com": 1, "bob@example.com": 2, "carol@example.com": 3}

    found = redacted(document(aws={"cloudtrail": raw}), patterns=["email"])

    assert found["aws"]["cloudtrail"] == {MASK: 1, f"{MASK} 2": 2, f"{MASK} 3": 3}


def test_a_pattern_is_found_in_a_raw_record_that_writes_letters_as_escapes() -> None:
    raw = orjson.Fragment(b'{"mail": "alice\\u0040example.com"}')

    found = redacted(document(aws={"cloudtrail": raw}), patterns=["email"])

    assert found["aws"]["cloudtrail"] == {"mail": MASK}


@pytest.mark.parametrize("levels", [100, 300, 5_000])
@pytest.mark.parametrize(
    "wrap", [lambda inner: [inner], lambda inner: {"k": inner}], ids=["lists", "objects"]
)
def test_at_any_depth_nothing_raises_and_nothing_is_left(
    levels: int, wrap: Callable[[Any], Any]
) -> None:
    deep: Any = "alice and others"
    for _ in range(levels):
        deep = wrap(deep)

    found = redacted(document(aws={"cloudtrail": {"a": deep}}), fields=["user.name"])

    node = found["aws"]["cloudtrail"]["a"]
    while not isinstance(node, str):
        node = node[0] if isinstance(node, list) else node["k"]
    assert node in {MASK, f"{MASK} and others"}


def test_a_lone_surrogate_is_redacted_like_other_text() -> None:
    name = "al\ud800ice"

    found = redacted(document(user={"name": name}, message=name), fields=["user.*"])

    assert (found["user"]["name"], found["message"]) == (MASK, MASK)


def test_a_value_that_chance_repeats_is_redacted_where_it_is_named_alone() -> None:
    raw = {"requestParameters": {"pin": 12, "other": 12, "text": "12", "yes": "true"}}
    given = document(aws={"cloudtrail": raw}, message="12 true")

    found = redacted(given, fields=["aws.cloudtrail.requestParameters.pin"])

    assert found["aws"]["cloudtrail"]["requestParameters"] == {
        **raw["requestParameters"],
        "pin": MASK,
    }
    assert found["message"] == "12 true"


def test_more_values_than_can_be_looked_for_mask_the_free_text_whole() -> None:
    raw = {"requestParameters": {f"k{n}": f"value-{n}" for n in range(300)}, "copy": "is value-7"}

    found = redacted(
        document(aws={"cloudtrail": raw}, message="value-7 and others"),
        fields=["aws.cloudtrail.requestParameters.*"],
    )

    assert (found["message"], found["aws"]["cloudtrail"]["copy"]) == (MASK, MASK)
    assert b"value-7" not in orjson.dumps(found)


def test_what_came_in_is_left_as_it_was() -> None:
    given = document()
    before = json.dumps(given)

    redacted(given, fields=["user.*", "aws.cloudtrail.*"], mode="remove")

    assert json.dumps(given) == before


def test_nothing_to_redact_leaves_the_very_document() -> None:
    given = document(user={"id": "1"})

    verdict = applied(given, fields=["user.name"])

    assert verdict.document is given
    assert verdict.effects == ()


@pytest.mark.parametrize(
    ("pattern", "text", "left"),
    [
        ("email", "to alice.b+c@mail.example.com now", f"to {MASK} now"),
        ("email", "@ at a@b", "@ at a@b"),
        ("card_number", "paid 4111 1111 1111 1111 twice", f"paid {MASK} twice"),
        ("card_number", "5500-0000-0000-0004", MASK),
        ("card_number", "4111111111111112 fails its check digit", None),
        ("card_number", "at 1772366400000 ms", None),
        ("card_number", "000000000004111111111111111100", None),
        ("aws_secret_key", "key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY;", f"key={MASK};"),
        ("aws_secret_key", "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709", None),
        (
            "bearer_token",
            "Authorization: Bearer abc.DEF-123_~+/==",
            f"Authorization: Bearer {MASK}",
        ),
        ("bearer_token", "bearer of news", None),
    ],
)
def test_a_pattern_finds_what_it_is_named_after(pattern: str, text: str, left: str | None) -> None:
    found = redacted(document(message=text), patterns=[pattern])

    assert found["message"] == (text if left is None else left)


def test_patterns_search_all_free_text_and_follow_what_they_find() -> None:
    mail = "alice@example.com"
    raw = {"note": f"<{mail}>", mail: 1, "card": 4111111111111111}
    given = document(message=f"sent to {mail}", user={"email": mail}, aws={"cloudtrail": raw})

    found = redacted(given, patterns=["email", "card_number"])

    assert found["message"] == f"sent to {MASK}"
    assert found["user"] == {"email": MASK}
    assert found["aws"]["cloudtrail"] == {"note": f"<{MASK}>", MASK: 1, "card": MASK}


def test_of_an_expression_with_a_group_the_group_alone_is_redacted() -> None:
    found = redacted(document(message="session=0123abcd; ok"), regexes=["session=([0-9a-f]{8,32})"])

    assert found["message"] == f"session={MASK}; ok"


def test_every_named_pattern_is_tried_above() -> None:
    assert set(NAMED) == {"email", "card_number", "aws_secret_key", "bearer_token"}


def test_one_value_has_one_stand_in_and_the_first_rule_chooses_it() -> None:
    rules = [
        {"name": "a", "action": "redact", "mode": "hash", "fields": ["user.name"]},
        {"name": "b", "action": "redact", "mode": "mask", "fields": ["user.*", "message"]},
    ]
    ruleset = Rules({"*": rules}, key=KEY).of("aws.cloudtrail")
    assert ruleset is not None

    found = ruleset(document(message="alice")).document

    assert found["message"] == found["user"]["name"] == found["related"]["user"][0] != MASK


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"fields": ["event.id"]}, "event.id cannot be redacted: it is the document's identity"),
        ({"fields": ["@timestamp"]}, "@timestamp cannot be redacted: it names the index"),
        ({"fields": ["event.dataset"]}, "event.dataset cannot be redacted"),
        ({"fields": ["event.*"]}, "cannot be redacted"),
        ({"fields": ["pipeline.malformed"]}, "it says what the pipeline did"),
        ({"fields": ["user.nme"]}, "did you mean 'user.name'"),
        ({"fields": ["nobody.*"]}, "expected declared fields below 'nobody'"),
        ({"fields": []}, "fields: expected a list"),
        ({}, "fields: expected a list"),
        ({"fields": "user.name"}, "fields: expected a list"),
        ({"fields": ["source.ip"]}, "takes no text: expected mode remove"),
        ({"fields": ["source.ip"], "patterns": ["email"]}, "expected a field of text"),
        ({"fields": ["user.name"], "mode": "blur"}, "mode: expected one of remove, mask, hash"),
        ({"patterns": ["emails"]}, "did you mean 'email'"),
        ({"patterns": "email"}, "patterns: expected a list"),
        ({"regexes": ["a+"]}, "repeats with an end"),
        ({"regexes": ["a{2,}"]}, "repeats with an end"),
        ({"regexes": ["(a{1,9}){1,9}"]}, "ways"),
        ({"regexes": ["(?:a|ab){1,12}c"]}, "ways"),
        ({"regexes": ["(?:[a-z]{200}){200}"]}, "characters at one place"),
        ({"regexes": ["a{600}"]}, "a repeat of 600"),
        ({"regexes": ["(a"]}, "is no regular expression"),
        ({"regexes": ["(a)(b)"]}, "one group at most"),
        ({"regexes": [r"(a)\1"]}, "no references"),
        ({"regexes": ["a{0,3}"]}, "matches empty text"),
        ({"regexes": ["x" * 201]}, "1 to 200 characters"),
    ],
)
def test_a_redaction_that_cannot_work_is_refused_in_words(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        redacted(document(), **rule)

    assert said in refusal.value.detail
    assert "datasets.\"aws.cloudtrail\".rules, 'privacy'" in refusal.value.detail


@pytest.mark.parametrize(("key", "said"), [(None, "found none"), (b"short", "16 bytes")])
def test_a_hash_without_a_key_worth_the_name_is_refused(key: bytes | None, said: str) -> None:
    rule = {"name": "a", "action": "redact", "mode": "hash", "fields": ["user.name"]}

    with pytest.raises(ConfigurationError, match=said):
        Rules({"*": [rule]}, key=key)
