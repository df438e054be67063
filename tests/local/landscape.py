"""Builders for the accounts that the local cloud's tests play in."""

import base64
import gzip
import json
import time
import uuid
from typing import Any

import boto3
from botocore.config import Config

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION, ORGANISATION_ID

MEMBER, OTHER_MEMBER, OUTSIDER = "222222222222", "333333333333", "999999999999"

type Json = dict[str, Any]
"""One JSON object."""


def name(prefix: str) -> str:
    """Give a name that no other test uses, since tests of a module share one cloud."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def role(
    cloud: LocalCloud,
    service: str,
    *statements: Json,
    account: str = CENTRAL_ACCOUNT,
    condition: Json | None = None,
) -> str:
    """Make a role that may do what ``statements`` say.

    ``service`` is who may assume it: a service's principal, or an account of twelve digits.
    """
    iam, role_name = cloud.client("iam", account), name("role")
    principal = {"AWS" if service.isdigit() else "Service": service}
    trust: Json = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if condition:
        trust["Condition"] = condition
    made = iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=policy(trust))
    if statements:
        iam.put_role_policy(RoleName=role_name, PolicyName="p", PolicyDocument=policy(*statements))
    arn: str = made["Role"]["Arn"]
    return arn


def session(cloud: LocalCloud, role_arn: str, service: str) -> Any:
    """Give a boto3 client that acts as a session of the role."""
    keys = cloud.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
    maker: Any = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], CENTRAL_REGION
    )
    path_style = Config(s3={"addressing_style": "path"})
    return maker.client(service, endpoint_url=cloud.endpoint, config=path_style)


def policy(*statements: Json) -> str:
    """Give a policy document as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str = "*") -> Json:
    """Give a statement of an identity policy."""
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def stream(cloud: LocalCloud, account: str = CENTRAL_ACCOUNT, region: str = CENTRAL_REGION) -> str:
    """Make a Kinesis stream with one shard and give its ARN."""
    kinesis, stream_name = cloud.client("kinesis", account, region), name("stream")
    kinesis.create_stream(StreamName=stream_name, ShardCount=1)
    arn: str = kinesis.describe_stream(StreamName=stream_name)["StreamDescription"]["StreamARN"]
    return arn


GZIP = b"\x1f\x8b"
"""How an envelope begins; an event is plain JSON."""


def records(cloud: LocalCloud, stream_arn: str) -> list[Json]:
    """Give every record of the stream's first shard, oldest first."""
    _arn, _aws, _kinesis, region, account, _resource = stream_arn.split(":")
    kinesis = cloud.client("kinesis", account, region)
    iterator = kinesis.get_shard_iterator(
        StreamARN=stream_arn, ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    found: list[Json] = kinesis.get_records(ShardIterator=iterator)["Records"]
    return found


def envelopes(cloud: LocalCloud, stream_arn: str) -> list[Json]:
    """Give the CloudWatch Logs envelopes on a stream, without the control messages and events."""
    packed = [r["Data"] for r in records(cloud, stream_arn) if r["Data"].startswith(GZIP)]
    opened = [unpack(data) for data in packed]
    return [envelope for envelope in opened if envelope["messageType"] == "DATA_MESSAGE"]


def unpack(data: bytes | str) -> Json:
    """Open an envelope, from a stream (bytes) or from a function's event (base64)."""
    packed = base64.b64decode(data) if isinstance(data, str) else data
    envelope: Json = json.loads(gzip.decompress(packed))
    return envelope


def log_group(cloud: LocalCloud, account: str, region: str = CENTRAL_REGION) -> str:
    """Make a log group with the stream ``s`` and give its name."""
    logs, group = cloud.client("logs", account, region), name("/app/group")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    return group


def log(
    cloud: LocalCloud, account: str, group: str, *messages: str, region: str = CENTRAL_REGION
) -> None:
    """Write messages to a log group, one millisecond apart."""
    now = time.time_ns() // 1_000_000
    cloud.client("logs", account, region).put_log_events(
        logGroupName=group,
        logStreamName="s",
        logEvents=[{"timestamp": now + i, "message": text} for i, text in enumerate(messages)],
    )


def destination(
    cloud: LocalCloud,
    target: str,
    *,
    role_arn: str = "",
    region: str = CENTRAL_REGION,
    actions: tuple[str, ...] = ("logs:PutSubscriptionFilter", "logs:PutAccountPolicy"),
) -> str:
    """Make a Destination in front of a central stream, open to the organisation for ``actions``."""
    logs, door = cloud.client("logs", CENTRAL_ACCOUNT, region), name("door")
    writer = role_arn or role(cloud, "logs.amazonaws.com", allow("kinesis:PutRecord", target))
    made = logs.put_destination(destinationName=door, targetArn=target, roleArn=writer)
    arn: str = made["destination"]["arn"]
    if actions:
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": list(actions),
            "Resource": arn,
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANISATION_ID}},
        }
        logs.put_destination_policy(destinationName=door, accessPolicy=policy(statement))
    return arn


def subscribe(
    cloud: LocalCloud,
    account: str,
    group: str,
    target: str,
    *,
    pattern: str = "",
    role_arn: str = "",
    region: str = CENTRAL_REGION,
) -> str:
    """Subscribe a target to a log group and give the filter's name."""
    filter_name = name("filter")
    request = {
        "logGroupName": group,
        "filterName": filter_name,
        "filterPattern": pattern,
        "destinationArn": target,
    }
    cloud.client("logs", account, region).put_subscription_filter(
        **request, **({"roleArn": role_arn} if role_arn else {})
    )
    return filter_name


def refusals(cloud: LocalCloud, about: str) -> list[str]:
    """Give the reasons of what was refused and mentions ``about``."""
    return [entry["reason"] for entry in cloud.refused() if about in entry["reason"]]
