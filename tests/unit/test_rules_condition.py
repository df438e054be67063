"""A condition says of a document what the same EventBridge pattern would."""

import tomllib
from typing import Any

import orjson
import pytest

from logcore.errors import ConfigurationError
from logcore.fields import field_types, shared_fields, source_fields
from logcore.rules.condition import condition
from logcore.rules.schema import Schema

SCHEMA = Schema("aws.cloudtrail", field_types(*shared_fields(), *source_fields("cloudtrail")))
DOCUMENT: dict[str, Any] = {
    "event": {"outcome": "success", "category": ["iam", "network"], "severity": 5},
    "source": {"ip": "10.1.2.3", "port": 443},
    "related": {"ip": ["10.1.2.3", "2001:db8::7"]},
    "user": {"name": "Alice"},
    "cloudtrail": {"mfa": False},
    "aws": {
        "cloudtrail": {
            "userAgent": "a*b",
            "resources": [{"type": "AWS::S3::Object"}, {"type": "AWS::S3::Bucket"}],
            "requestParameters": {"Host.Name": "x", "force": True, "size": 7, "none": None},
        }
    },
}


def holds(when: str, document: dict[str, Any] = DOCUMENT) -> bool:
    """Whether a ``when`` written in TOML holds."""
    return condition(tomllib.loads(f"when = {when}")["when"], SCHEMA)(document)


HOLDING = [
    '"always"',
    '{ "event.outcome" = ["success"] }',
    '{ event.outcome = ["success"] }',
    '{ "event.outcome" = ["failure", "success"], "source.port" = [443] }',
    '{ "event.category" = ["network"] }',
    '{ "user.name" = [{ prefix = "Al" }] }',
    '{ "user.name" = [{ prefix = ["x", "Al"] }] }',
    '{ "user.name" = [{ prefix = { equals-ignore-case = "aL" } }] }',
    '{ "user.name" = [{ suffix = "ce" }] }',
    '{ "user.name" = [{ suffix = { equals-ignore-case = "CE" } }] }',
    '{ "user.name" = [{ equals-ignore-case = "ALICE" }] }',
    '{ "user.name" = [{ wildcard = "A*c*" }] }',
    '{ "user.name" = [{ wildcard = "*" }] }',
    "{ \"aws.cloudtrail.userAgent\" = [{ wildcard = 'a\\*b' }] }",
    '{ "source.ip" = [{ cidr = "10.0.0.0/8" }] }',
    '{ "source.ip" = ["10.1.2.3"] }',
    '{ "related.ip" = ["2001:0db8::0007"] }',
    '{ "source.port" = [{ numeric = [">", 0, "<=", 443] }] }',
    '{ "source.port" = [{ numeric = ["=", 443] }] }',
    '{ "source.port" = [{ anything-but = [80, 22] }] }',
    '{ "source.ip" = [{ anything-but = { cidr = "192.0.2.0/24" } }] }',
    '{ "event.category" = [{ anything-but = "web" }] }',
    '{ "user.name" = [{ anything-but = { prefix = "Bo" } }] }',
    '{ "user.name" = [{ exists = true }] }',
    '{ "user.email" = [{ exists = false }] }',
    '{ "user.email" = [{ exists = false }, "alice@example.com"] }',
    '{ "cloudtrail.mfa" = [false] }',
    '{ "aws.cloudtrail.resources.type" = ["AWS::S3::Bucket"] }',
    '{ "aws.cloudtrail.requestParameters.Host.Name" = ["x"] }',
    '{ "aws.cloudtrail.requestParameters.force" = [true] }',
    '{ "aws.cloudtrail.requestParameters.size" = [{ numeric = [">=", 7] }] }',
    '{ "aws.cloudtrail.requestParameters.none" = [{ exists = false }] }',
    '{ "$or" = [{ "user.name" = ["Bob"] }, { "source.port" = [443] }] }',
    '{ "event.outcome" = ["success"], "$or" = [{ "user.name" = ["Alice"] }] }',
]
NOT_HOLDING = [
    '{ "event.outcome" = ["failure"] }',
    '{ "event.outcome" = ["success"], "source.port" = [80] }',
    '{ "event.category" = ["web"] }',
    '{ "event.category" = [{ anything-but = "iam" }] }',
    '{ "user.name" = ["alice"] }',
    '{ "user.name" = [{ wildcard = "A*x*e" }] }',
    '{ "user.name" = [{ wildcard = "Alice*e" }] }',
    "{ \"aws.cloudtrail.userAgent\" = [{ wildcard = 'a\\*' }] }",
    '{ "source.ip" = [{ cidr = "10.0.0.0/16" }] }',
    '{ "source.ip" = [{ anything-but = { cidr = "10.0.0.0/8" } }] }',
    '{ "source.port" = [{ numeric = [">", 443] }] }',
    '{ "user.email" = [{ anything-but = "alice@example.com" }] }',
    '{ "user.email" = [{ exists = true }] }',
    '{ "user.name" = [{ exists = false }] }',
    '{ "cloudtrail.mfa" = [true] }',
    '{ "aws.cloudtrail.requestParameters.force" = [1] }',
    '{ "aws.cloudtrail.requestParameters.size" = ["7"] }',
    '{ "$or" = [{ "user.name" = ["Bob"] }, { "source.port" = [80] }] }',
]


@pytest.mark.parametrize("when", HOLDING)
def test_a_condition_holds(when: str) -> None:
    assert holds(when)


@pytest.mark.parametrize("when", NOT_HOLDING)
def test_a_condition_does_not_hold(when: str) -> None:
    assert not holds(when)


def test_a_raw_record_that_is_still_bytes_is_looked_into() -> None:
    raw = orjson.Fragment(b'{"resources": [{"type": "AWS::S3::Bucket"}]}')

    assert holds(
        '{ "aws.cloudtrail.resources.type" = ["AWS::S3::Bucket"] }', {"aws": {"cloudtrail": raw}}
    )


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ('{ "source.ipp" = ["10.0.0.1"] }', "did you mean 'source.ip'"),
        ('{ "event.outcome" = ["sucess"] }', "did you mean 'success'"),
        ('{ "event.outcome" = "success" }', "expected a list"),
        ('{ "event.outcome" = [] }', "expected a list"),
        ('{ "event.outcome" = [1] }', "expected text, found 1"),
        ('{ "source.port" = ["443"] }', "expected a number, found '443'"),
        ('{ "source.port" = [true] }', "expected a number, found True"),
        ('{ "source.port" = [nan] }', "expected a number"),
        ('{ "source.port" = [{ cidr = "10.0.0.0/8" }] }', "expected one of numeric, exists"),
        ('{ "source.port" = [{ numeric = [">"] }] }', "numeric"),
        ('{ "source.port" = [{ numeric = [">", 5, "<", 3] }] }', "a range that holds a number"),
        ('{ "source.ip" = ["10.0.0"] }', "expected an address, found '10.0.0'"),
        ('{ "source.ip" = [{ cidr = "10.0.0.1/8" }] }', "has host bits set"),
        ('{ "source.ip" = [{ prefix = "10." }] }', "expected one of cidr, exists"),
        ('{ "cloudtrail.mfa" = ["true"] }', "expected true or false, found 'true'"),
        ('{ "user.name" = [{ prefx = "a" }] }', "did you mean 'prefix'"),
        ('{ "user.name" = [{ prefix = "a", suffix = "b" }] }', "expected one of"),
        ('{ "user.name" = [{ prefix = "" }] }', "prefix '': expected text"),
        ('{ "user.name" = [{ wildcard = "a**" }] }', "no two stars"),
        ('{ "user.name" = [{ exists = "yes" }] }', "exists: expected true or false"),
        ('{ "user.name" = [{ anything-but = [] }] }', "anything-but"),
        ('{ "user.name" = [{}] }', "expected one of"),
        ('{ "aws.cloudtrail" = ["a"] }', "expected { exists = true }"),
        ('{ "$or" = [] }', "expected a list of tables"),
        ('{ "$or" = [{}] }', "a field in each branch"),
        ("{}", "expected fields and their values"),
        ('"sometimes"', "expected fields and their values"),
    ],
)
def test_what_could_not_be_meant_is_refused_in_words(when: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        holds(when)

    assert said in refusal.value.detail
