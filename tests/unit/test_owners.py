"""What is printed for the owners of log buckets in other accounts, and that it works as printed."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from ops.cli import main
from ops.owners import owners, rule_name
from tests.unit.test_config import write
from tests.unit.test_ops import configured, no_profile

NEAR = {"name": "near-logs", "account": "333333333333", "prefix": "AWSLogs/"}
FAR = {"name": "far-logs", "account": "333333333333", "region": "eu-west-1"}
KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555"
ROLE = "arn:aws:iam::111111111111:role/central-logs-read-objects"


def printed(folder: Path, *buckets: dict[str, Any]) -> list[str]:
    return list(owners(configured(folder, {"objects": {"buckets": list(buckets)}})))


def policies(lines: list[str]) -> list[list[dict[str, Any]]]:
    return [json.loads(line) for line in lines if line.startswith("[")]


def commands(lines: list[str]) -> dict[str, dict[str, str]]:
    """Options by command: ``{"events put-rule": {"--name": …}}``, taken apart as a shell does."""
    words = [shlex.split(line)[1:] for line in lines if line.startswith("aws ")]
    return {" ".join(w[:2]): dict(zip(w[2::2], w[3::2], strict=True)) for w in words}


def test_a_bucket_lets_the_function_read_its_prefix_and_nobody_else(tmp_path: Path) -> None:
    [[files, listed]] = policies(printed(tmp_path, NEAR))

    assert files["Action"] == ["s3:GetObject", "s3:GetObjectVersion"]
    assert files["Resource"] == ["arn:aws:s3:::near-logs/AWSLogs/*"]
    assert (listed["Action"], listed["Resource"]) == (["s3:ListBucket"], ["arn:aws:s3:::near-logs"])
    for statement in (files, listed):
        assert statement["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
        assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": ROLE}}


def test_the_role_has_the_path_that_the_organisation_demands(tmp_path: Path) -> None:
    changes = {"objects": {"buckets": [NEAR]}, "access": {"role_path": "/logs/"}}
    [[files, _]] = policies(list(owners(configured(tmp_path, changes))))

    assert files["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    assert files["Condition"]["ArnEquals"] == {
        "aws:PrincipalArn": "arn:aws:iam::111111111111:role/logs/central-logs-read-objects"
    }


def test_a_key_decrypts_through_s3_of_the_buckets_region(tmp_path: Path) -> None:
    _, [statement] = policies(printed(tmp_path, {**FAR, "key_arn": KEY}))

    assert statement["Action"] == ["kms:Decrypt"]
    assert statement["Condition"]["StringEquals"] == {
        "kms:ViaService": "s3.eu-west-1.amazonaws.com"
    }
    assert statement["Condition"]["ArnEquals"] == {"aws:PrincipalArn": ROLE}


def test_a_bucket_of_the_central_region_notifies_the_queue(tmp_path: Path) -> None:
    asked = commands(printed(tmp_path, NEAR))
    [options] = asked.values()
    [told] = json.loads(options["--notification-configuration"])["QueueConfigurations"]

    assert asked.keys() == {"s3api put-bucket-notification-configuration"}
    assert options["--bucket"] == "near-logs"
    assert told["QueueArn"] == "arn:aws:sqs:us-east-1:111111111111:central-logs-objects"
    assert told["Filter"]["Key"]["FilterRules"] == [{"Name": "prefix", "Value": "AWSLogs/"}]


def test_a_bucket_of_another_region_has_a_rule_to_the_bus(tmp_path: Path) -> None:
    asked = commands(printed(tmp_path, FAR))
    bus = "arn:aws:events:us-east-1:111111111111:event-bus/central-logs-objects"
    [target] = json.loads(asked["events put-targets"]["--targets"])
    [right] = json.loads(asked["iam put-role-policy"]["--policy-document"])["Statement"]

    assert json.loads(asked["events put-rule"]["--event-pattern"])["detail"] == {
        "bucket": {"name": ["far-logs"]}
    }
    assert asked["events put-rule"]["--region"] == "eu-west-1"
    assert (target["Arn"], right["Resource"], right["Action"]) == (bus, bus, "events:PutEvents")
    assert target["RoleArn"] == "arn:aws:iam::333333333333:role/central-logs-far-logs"
    assert asked["iam create-role"]["--role-name"] == "central-logs-far-logs"


def test_prefixes_of_one_bucket_are_one_policy_and_one_rule(tmp_path: Path) -> None:
    lines = printed(tmp_path, {**FAR, "prefix": "a/"}, {**FAR, "prefix": "b/"})
    pattern = json.loads(commands(lines)["events put-rule"]["--event-pattern"])
    [[files, _]] = policies(lines)

    assert files["Resource"] == ["arn:aws:s3:::far-logs/a/*", "arn:aws:s3:::far-logs/b/*"]
    assert pattern["detail"]["object"]["key"] == [{"prefix": "a/"}, {"prefix": "b/"}]


def test_a_rule_of_the_longest_bucket_has_a_name_that_is_taken(tmp_path: Path) -> None:
    config = configured(tmp_path, {"objects": {"buckets": [{**FAR, "name": "a" * 63}]}})
    [bucket] = config.named_buckets

    assert len(rule_name(bucket)) == 64


def test_the_command_asks_nothing_of_aws(tmp_path: Path) -> None:
    said: list[str] = []
    config = write(tmp_path, "sandbox", {"objects": {"buckets": [NEAR]}})

    code = main(
        ["owners", "-c", str(config)], session=no_profile, say=lambda t: said.append(str(t))
    )

    assert code == 0
    assert "near-logs of 333333333333 in us-east-1" in said[0]


@pytest.mark.parametrize("buckets", [[], [{"name": "own-logs"}]])
def test_without_buckets_of_others_there_is_nothing_to_add(
    buckets: list[dict[str, str]], tmp_path: Path
) -> None:
    assert printed(tmp_path, *buckets) == [
        "no bucket of another account is named under [[objects.buckets]]"
    ]
