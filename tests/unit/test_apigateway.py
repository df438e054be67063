"""What a request's record says ends up in the right field, whatever format its stage was given."""

import json
from typing import Any

import pytest

from logcore.errors import ConfigurationError, MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.apigateway import SOURCE, parse, recognises
from logcore.sources.apigateway.variables import VARIABLES, variable_of

BASE = {
    "requestId": "48752d0f-c99d-4cfa-a5a7-f3c6834d19e5",
    "requestTime": "01/Mar/2026:12:00:28 +0000",
    "status": "200",
}


def record(message: str, log_group: str = "/aws/apigateway/shop") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, message, origin)


def parsed(**keys: Any) -> Document:
    return parse(record(json.dumps(BASE | keys)))


@pytest.mark.parametrize(
    "keys",
    [
        {"ip": "203.0.113.9"},
        {"sourceIp": "203.0.113.9"},
        {"source_ip": "203.0.113.9"},
        {"identity.sourceIp": "203.0.113.9"},
        {"identity": {"sourceIp": "203.0.113.9"}},
        {"identitySourceIp": "203.0.113.9"},
        {"context": {"identity": {"sourceIp": "203.0.113.9"}}},
        {"client": {"ip": "203.0.113.9"}},
        {"Client-IP": "203.0.113.9"},
    ],
)
def test_a_variable_is_found_however_its_key_is_written(keys: dict[str, Any]) -> None:
    assert parsed(**keys)["source"]["ip"] == "203.0.113.9"


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_is_known_by_its_own_name_nested_or_run_together(name: str) -> None:
    run_together = name.replace(".", "").replace(":", "")

    assert variable_of(name) == name
    assert variable_of(run_together) == variable_of(f"context.{name}") is not None


def test_a_key_within_something_of_its_own_is_not_taken_for_the_requests() -> None:
    assert variable_of("upstream.status") is None
    assert variable_of("integration.status") == "integration.status"
    assert parsed(upstream={"status": "500"})["http"]["response"]["status_code"] == 200


def test_keys_of_ones_own_are_stated_by_the_deployment_and_win() -> None:
    source = SOURCE.configured({"fields": {"who.arn": "$context.identity.userArn", "ip": "path"}})
    arn = "arn:aws:iam::222222222222:user/alice"
    message = json.dumps(BASE | {"who": {"arn": arn}, "ip": "/orders"})

    document = source.parse(record(message))

    assert document["user"] == {"id": arn, "name": "alice"}
    assert document["url"]["path"] == "/orders"
    assert "source" not in document


def test_a_stated_format_of_text_is_read_and_claims_its_log_groups() -> None:
    text = (
        "$context.requestTime [$context.identity.sourceIp]"
        ' "$context.httpMethod $context.path" $context.status;'
    )
    source = SOURCE.configured({"formats": {"/teams/*/api": text}})
    line = '01/Mar/2026:12:00:28 +0000 [203.0.113.9] "GET /a b" 404;'

    document = source.parse(record(line, "/teams/shop/api"))

    assert source.claims(Origin(transport="cloudwatch_logs", log_group="/teams/shop/api"))
    assert document["@timestamp"] == "2026-03-01T12:00:28.000Z"
    assert document["http"]["request"]["method"] == "GET"
    assert document["http"]["response"]["status_code"] == 404


@pytest.mark.parametrize("line", ["", "GET", "GET /a 200", "[GET] /a 200 more", "GET /a"])
def test_a_line_that_is_not_as_stated_is_rejected(line: str) -> None:
    text = "[$context.httpMethod] $context.path $context.status!"
    source = SOURCE.configured({"formats": {"*": text}})

    with pytest.raises(MalformedError) as caught:
        source.parse(record(line))

    assert caught.value.reason == "format_mismatch"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"field": {}}, "option_unknown"),
        ({"fields": "all"}, "option_unusable"),
        ({"fields": {"who": "$context.nobody"}}, "context_variable_unknown"),
        ({"fields": {"who": 7}}, "context_variable_unknown"),
        ({"formats": {"*": "plain"}}, "format_unusable"),
        ({"formats": {"*": 7}}, "format_unusable"),
        ({"formats": {"*": "$context.path$context.status"}}, "format_unusable"),
        ({"formats": {"*": "$context.path $context.nobody"}}, "context_variable_unknown"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_at_the_start(
    options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        SOURCE.configured(options)

    assert caught.value.reason == reason


def test_what_an_authorizer_adds_may_be_stated() -> None:
    source = SOURCE.configured({"fields": {"tenant": "authorizer.tenantId"}})

    assert source.parse(record(json.dumps(BASE | {"tenant": "t7"})))["event"]["kind"] == "event"


@pytest.mark.parametrize("epoch", ["1772366444123", 1772366444124, "1772366444"])
def test_the_epoch_is_in_milliseconds_or_seconds(epoch: Any) -> None:
    assert parsed(requestTimeEpoch=epoch)["@timestamp"].startswith("2026-03-01T12:00:44.")


def test_a_resource_with_a_placeholder_is_no_path() -> None:
    assert "url" not in parsed(resourcePath="/pets/{petId}")
    assert parsed(resourcePath="/pets")["url"]["path"] == "/pets"
    assert parsed(resourcePath="/pets/{petId}", path="/prod/pets/7")["url"]["path"] == (
        "/prod/pets/7"
    )


def test_the_request_id_is_a_clients_word_and_so_no_identity() -> None:
    assert "id" not in parsed()["event"]


@pytest.mark.parametrize(
    ("group", "api", "stage"),
    [
        ("API-Gateway-Execution-Logs_a1b2c3d4e5/prod", "a1b2c3d4e5", "prod"),
        ("/aws/apigateway/z1ctxygne5/production", "z1ctxygne5", "production"),
    ],
)
def test_a_step_of_an_execution_is_of_its_groups_api_and_stage(
    group: str, api: str, stage: str
) -> None:
    line = "(515f1e99-39db-11e9-9e96-01e5c04505b9) Method completed with status: 502"

    document = parse(record(line, group))

    assert (document["apigateway"]["api_id"], document["apigateway"]["stage"]) == (api, stage)
    assert document["event"]["outcome"] == "failure"
    assert document["http"]["response"]["status_code"] == 502


def test_a_body_of_several_lines_is_one_step() -> None:
    line = "(515f1e99-39db-11e9-9e96-01e5c04505b9) Method request body before transformations: {\n}"

    assert parse(record(line))["event"]["action"] == "request_body"


def test_a_header_with_commas_is_kept_whole() -> None:
    line = (
        "(515f1e99-39db-11e9-9e96-01e5c04505b9) Method request headers: {User-Agent=Mozilla/5.0"
        " (KHTML, like Gecko), X-Forwarded-For=203.0.113.42, 198.51.100.1, Host=api.example.com}"
    )
    document = parse(record(line))

    assert document["user_agent"]["original"] == "Mozilla/5.0 (KHTML, like Gecko)"
    assert document["source"]["ip"] == "203.0.113.42"
    assert document["url"]["domain"] == "api.example.com"


def test_a_record_is_recognised_anywhere_and_an_applications_own_is_not() -> None:
    message = json.dumps(BASE | {"resourcePath": "/pets"})

    assert recognises(record(message))
    assert not recognises(record(json.dumps(BASE | {"httpMethod": "GET", "path": "/pets"})))
    assert not recognises(record(json.dumps({"saw": BASE | {"resourcePath": "/pets"}})))


def test_a_request_id_within_an_applications_own_object_is_none_of_an_api() -> None:
    own = {"request_id": "1", "routeKey": "GET /pets", "protocol": "HTTP/1.1"}

    assert not recognises(record(json.dumps(own | {"context": {"requestId": "1"}})))
    assert recognises(record(json.dumps(own | {"requestId": "1"})))


def test_the_group_of_a_rest_api_is_claimed_before_any_content_is_looked_at() -> None:
    group = "API-Gateway-Execution-Logs_a1b2c3d4e5/prod"

    assert Routing(SOURCES).source_for(record("anything", group)).name == "apigateway"
