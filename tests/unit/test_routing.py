"""A record's source: the deployment's word, then patterns, then content, then the fallback."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from logcore.errors import ConfigurationError
from logcore.record import Document, LogRecord, Origin
from logcore.routing import Routing
from logcore.source import Source


def _parse(_record: LogRecord) -> Document:
    return {}


def _with_option(options: Mapping[str, Any]) -> Source:
    return replace(ALPHA, dataset=f"alpha.{options['suffix']}")


ALPHA = Source(
    name="alpha",
    dataset="alpha",
    reference="https://example.com/alpha",
    parse=_parse,
    log_groups=("/alpha/*",),
    events=("aws.alpha/*",),
    recognises=lambda record: record.message.startswith("alpha"),
    marks=("alpha",),
    configure=_with_option,
)
BETA = replace(ALPHA, name="beta", log_groups=("/alpha/beta/*", "/beta"), events=(), configure=None)
LAST = Source(name="last", dataset="last", reference="https://example.com", parse=_parse)
SOURCES = (ALPHA, BETA, LAST)


def line(log_group: str, message: str = "") -> LogRecord:
    return LogRecord("", 0, message, Origin(transport="cloudwatch_logs", log_group=log_group))


def event(source: str, detail_type: str = "Something") -> LogRecord:
    origin = Origin(transport="eventbridge", event_source=source, detail_type=detail_type)
    return LogRecord("", 0, "{}", origin, {})


def test_a_pattern_of_a_log_group_claims_its_records() -> None:
    assert Routing(SOURCES).source_for(line("/beta")) is BETA


def test_the_first_source_that_claims_a_group_has_it() -> None:
    assert Routing(SOURCES).source_for(line("/alpha/beta/x")) is ALPHA


def test_a_pattern_of_an_event_claims_it() -> None:
    assert Routing(SOURCES).source_for(event("aws.alpha")) is ALPHA


def test_a_pattern_outweighs_content() -> None:
    assert Routing(SOURCES).source_for(line("/beta", "alpha says")) is BETA


def test_content_tells_what_no_pattern_claims() -> None:
    assert Routing(SOURCES).source_for(line("/other", "alpha says")) is ALPHA


def test_content_is_asked_for_each_record_of_a_group() -> None:
    routing = Routing(SOURCES)

    assert routing.source_for(line("/other", "alpha says")) is ALPHA
    assert routing.source_for(line("/other", "nothing")) is LAST


def _shown(record: LogRecord) -> bool:
    """Recognises what it is shown, and nothing that it should not be."""
    assert record.body is None or "object" in record.body
    return True


OBJECT = Source(
    name="object",
    dataset="object",
    reference="https://example.com",
    parse=_parse,
    recognises=_shown,
    keys=("object", "thing"),
)


@pytest.mark.parametrize(
    ("message", "source"),
    [
        ('{"object": 1}', OBJECT),
        (' {"a": 1, "object": null}', OBJECT),
        ('{"obj\\u0065ct": 1}', OBJECT),
        ('{"a": {"object": 1}}', LAST),
        ('{"a": "object"}', LAST),
        ('[{"object": 1}]', LAST),
        ("object", LAST),
        ('{"a": 1, "obj', OBJECT),
        ('{"alpha": 1}', LAST),
    ],
)
def test_an_object_is_shown_to_whoever_has_one_of_its_keys(message: str, source: Source) -> None:
    assert Routing((OBJECT, ALPHA, LAST)).source_for(line("/other", message)) is source


def test_an_object_of_many_keys_is_shown_likewise() -> None:
    many = {f"key{number}": number for number in range(100)}
    routing = Routing((OBJECT, LAST))

    assert routing.source_for(line("/other", json.dumps(many | {"object": 1}))) is OBJECT
    assert routing.source_for(line("/other", json.dumps(many))) is LAST


def test_the_first_of_those_that_recognise_a_record_has_it() -> None:
    both = replace(OBJECT, name="both", keys=("thing", "object"))

    assert Routing((both, OBJECT, LAST)).source_for(line("/other", '{"object": 1}')) is both
    assert Routing((OBJECT, both, LAST)).source_for(line("/other", '{"object": 1}')) is OBJECT
    assert Routing((BETA, ALPHA, LAST)).source_for(line("/other", "alpha says")) is BETA


def test_whatever_nobody_claims_goes_to_the_last_source() -> None:
    assert Routing(SOURCES).source_for(line("/other")) is LAST
    assert Routing(SOURCES).source_for(event("aws.other")) is LAST


def test_an_override_outweighs_patterns_and_content() -> None:
    routing = Routing(SOURCES, overrides={"/alpha/b*": "last"})

    assert routing.source_for(line("/alpha/beta/x", "alpha says")) is LAST
    assert routing.source_for(line("/alpha/x")) is ALPHA


def test_the_first_override_that_matches_counts() -> None:
    routing = Routing(SOURCES, overrides={"/alpha/beta/*": "beta", "/alpha/*": "last"})

    assert routing.source_for(line("/alpha/beta/x")) is BETA


def test_an_override_of_log_groups_leaves_events_alone() -> None:
    routing = Routing(SOURCES, overrides={"*": "last"})

    assert routing.source_for(event("aws.alpha")) is ALPHA


def test_an_override_reaches_the_configured_source() -> None:
    routing = Routing(
        SOURCES, overrides={"/x": "alpha"}, options={"alpha": {"suffix": "configured"}}
    )

    assert routing.source_for(line("/x")).dataset == "alpha.configured"


def test_options_of_a_source_that_has_none_change_nothing() -> None:
    assert Routing(SOURCES, options={"beta": {"a": 1}}).source_for(line("/beta")) is BETA


@pytest.mark.parametrize("unknown", [{"overrides": {"/x": "gamma"}}, {"options": {"gamma": {}}}])
def test_a_source_that_does_not_exist_is_refused_by_name(unknown: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="'gamma'; known: alpha, beta, last"):
        Routing(SOURCES, **unknown)


READER = replace(
    ALPHA,
    objects=("*/alpha/*",),
    header=lambda line: line == "alpha columns",
    recognises=lambda record: record.message.startswith("alpha"),
)
OBJECTS = (READER, replace(READER, name="beta", objects=("*/beta/*",), header=ALPHA.header), LAST)


def of_object(key: str, message: str = "", header: str = "") -> LogRecord:
    origin = Origin(transport="s3", bucket="logs", key=key, header=header)
    return LogRecord("1", 0, message, origin)


def test_a_pattern_of_a_key_claims_the_records_of_the_object() -> None:
    match = Routing(OBJECTS).match(of_object("AWSLogs/beta/x.gz"))

    assert (match.source.name, match.why, match.pattern) == ("beta", "pattern", "*/beta/*")


def test_a_header_outweighs_the_key_that_two_kinds_of_log_share() -> None:
    match = Routing(OBJECTS).match(of_object("AWSLogs/beta/x.gz", header="alpha columns"))

    assert (match.source.name, match.why) == ("alpha", "header")


def test_an_override_of_an_address_outweighs_header_and_key() -> None:
    routing = Routing(OBJECTS, overrides={"s3://logs/AWSLogs/*": "last"})

    assert routing.source_for(of_object("AWSLogs/beta/x", header="alpha columns")) is LAST
    assert routing.source_for(of_object("other/beta/x")).name == "beta"


def test_content_tells_the_records_of_an_object_that_no_pattern_claims() -> None:
    assert Routing(OBJECTS).source_for(of_object("x", "alpha says")) is READER
    assert Routing(OBJECTS).source_for(of_object("x", "says")) is LAST


def test_a_log_group_has_nothing_to_do_with_patterns_of_keys() -> None:
    assert Routing(OBJECTS).source_for(line("/x/beta/y")) is LAST
