"""What the owner of a bucket in another account adds, so that its log files are read.

Printed by ``python -m ops owners``; nothing is asked of AWS.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
    - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
"""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from infra.config import DeploymentConfig
from infra.config.objects import LogBucket
from infra.config.stream import Central
from infra.constructs.objects.new_objects import new_objects
from infra.names import OBJECTS_QUEUE, OBJECTS_ROLE, objects_bus_arn

READS: Final = "CentralLogsReads"
"""Begin of the Sid of each statement."""

type Statement = dict[str, Any]


def owners(config: DeploymentConfig) -> Iterator[str]:
    """Lines: for each bucket of another account its policies, and the way of its announcements."""
    home = config.central
    foreign = sorted(
        (b for b in config.named_buckets if b.account != home.account), key=lambda b: b.name
    )
    if not foreign:
        yield "no bucket of another account is named under [[objects.buckets]]"
    for name, entries in groupby(foreign, key=lambda b: b.name):
        bucket, *others = entries
        yield f"# {name} of {bucket.account} in {bucket.region}: add to its policy"
        role = role_arn(home, config.access.role_path)
        yield _json(bucket_statements([bucket, *others], role))
        if bucket.key_arn:
            yield f"# add to the policy of {bucket.key_arn}"
            yield _json([key_statement(bucket, role)])
        yield from _announce([bucket, *others], home)
        yield ""


def role_arn(central: Central, path: str = "/") -> str:
    """Of the function that reads objects; an organisation may demand a path."""
    return f"arn:aws:iam::{central.account}:role{path}{OBJECTS_ROLE}"


def bucket_statements(entries: Sequence[LogBucket], role: str) -> list[Statement]:
    """Let the function's role read a bucket's prefixes, and tell gone from forbidden."""
    arn = f"arn:aws:s3:::{entries[0].name}"
    reads, below = ["s3:GetObject", "s3:GetObjectVersion"], [f"{arn}/{b.prefix}*" for b in entries]
    return [
        _statement(f"{READS}LogFiles", reads, below, role),
        _statement(f"{READS}WhatIsThere", ["s3:ListBucket"], [arn], role),
    ]


def key_statement(bucket: LogBucket, role: str) -> Statement:
    """Let the function's role decrypt what S3 gives it, and nothing else."""
    found = _statement(f"{READS}Encrypted", ["kms:Decrypt"], ["*"], role)
    through = {"kms:ViaService": f"s3.{bucket.region}.amazonaws.com"}
    return {**found, "Condition": {**found["Condition"], "StringEquals": through}}


def rule_name(bucket: LogBucket) -> str:
    """Name of the rule that forwards what a bucket announces: ``central-logs-example-far-logs``."""
    return f"central-logs-{bucket.name}"[:64]  # the longest that EventBridge takes


def _statement(why: str, actions: list[str], resources: list[str], role: str) -> Statement:
    """The account as principal and its role as condition: so it holds before the role is there."""
    return {
        "Sid": why,
        "Effect": "Allow",
        "Principal": {"AWS": f"{role.partition(':role/')[0]}:root"},
        "Action": actions,
        "Resource": resources,
        "Condition": {"ArnEquals": {"aws:PrincipalArn": role}},
    }


def _announce(entries: Sequence[LogBucket], central: Central) -> Iterator[str]:
    """Commands for after the deployment, when there is somebody to announce to."""
    yield "# after the deployment; the last command replaces what was configured: read that first"
    if entries[0].region == central.region:
        yield _by_notification(entries, central)
    else:
        yield from _by_rule(entries, central)


def _by_notification(entries: Sequence[LogBucket], central: Central) -> str:
    queue = f"arn:aws:sqs:{central.region}:{central.account}:{OBJECTS_QUEUE}"
    told = [{"QueueArn": queue, "Events": ["s3:ObjectCreated:*"], **_below(b)} for b in entries]
    return _notify(entries[0].name, {"QueueConfigurations": told})


def _below(bucket: LogBucket) -> dict[str, Any]:
    rules = [{"Name": "prefix", "Value": bucket.prefix}]
    return {"Filter": {"Key": {"FilterRules": rules}}} if bucket.prefix else {}


def _by_rule(entries: Sequence[LogBucket], central: Central) -> Iterator[str]:
    """S3 tells EventBridge of the bucket's region, where a rule with a role passes it on."""
    bucket = entries[0]
    name, bus = rule_name(bucket), objects_bus_arn(central.account, central.region, "aws")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": bucket.account}},
    }
    puts = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": bus}
    target = {"Id": "bus", "Arn": bus, "RoleArn": f"arn:aws:iam::{bucket.account}:role/{name}"}
    at = f"--region {bucket.region}"
    yield f"aws iam create-role --role-name {name} --assume-role-policy-document '{_policy(trust)}'"
    yield (
        f"aws iam put-role-policy --role-name {name} --policy-name announce "
        f"--policy-document '{_policy(puts)}'"
    )
    yield f"aws events put-rule {at} --name {name} --event-pattern '{_pattern(entries)}'"
    yield f"aws events put-targets {at} --rule {name} --targets '{json.dumps([target])}'"
    yield _notify(bucket.name, {"EventBridgeConfiguration": {}})


def _pattern(entries: Sequence[LogBucket]) -> str:
    """One pattern for all prefixes; none, where an entry has none and so stands alone."""
    pattern = new_objects(entries[0])
    prefixes = [{"prefix": bucket.prefix} for bucket in entries if bucket.prefix]
    keys = {"object": {"key": prefixes}} if prefixes else {}
    return json.dumps(pattern | {"detail": pattern["detail"] | keys})


def _notify(bucket: str, configuration: dict[str, Any]) -> str:
    return (
        f"aws s3api put-bucket-notification-configuration --bucket {bucket} "
        f"--notification-configuration '{json.dumps(configuration)}'"
    )


def _policy(statement: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _json(statements: list[Statement]) -> str:
    return json.dumps(statements, indent=1)
