"""CloudTrail records as the service writes them, version 1.11.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import random
from typing import Any, NamedTuple

from local.story.entry import LogLine, Place
from local.story.identity import uuid
from local.story.organisation import Actor
from logcore.codec import dump_json
from logcore.shape import utc

GROUP = "aws-cloudtrail-logs"


class Call(NamedTuple):
    """One API call: service, name and what it was asked for."""

    service: str
    name: str
    parameters: dict[str, Any] | None = None
    read_only: bool = True


EVERYDAY: tuple[tuple[int, Call], ...] = (
    (14, Call("sts", "AssumeRole", {"roleArn": "arn:aws:iam::222222222222:role/app-server"})),
    (12, Call("s3", "GetObject", {"bucketName": "example-shop-assets", "key": "logo.svg"})),
    (10, Call("kms", "Decrypt", None)),
    (9, Call("ec2", "DescribeInstances", {"instancesSet": {}, "filterSet": {}})),
    (8, Call("s3", "ListBuckets", None)),
    (7, Call("ssm", "GetParameter", {"name": "/shop/database", "withDecryption": True})),
    (6, Call("lambda", "ListFunctions20150331", None)),
    (5, Call("logs", "DescribeLogGroups", {"limit": 50})),
    (
        5,
        Call(
            "s3",
            "PutObject",
            {"bucketName": "example-shop-orders", "key": "o.json"},
            read_only=False,
        ),
    ),
    (4, Call("dynamodb", "DescribeTable", {"tableName": "orders"})),
    (4, Call("ec2", "DescribeSecurityGroups", {"securityGroupSet": {}})),
    (3, Call("iam", "ListRoles", None)),
    (3, Call("secretsmanager", "GetSecretValue", {"secretId": "shop/payment"})),
    (2, Call("iam", "GetUser", {"userName": "ci-deploy"})),
    (
        2,
        Call(
            "lambda", "UpdateFunctionCode20150331v2", {"functionName": "checkout"}, read_only=False
        ),
    ),
    (1, Call("ec2", "AuthorizeSecurityGroupIngress", {"groupId": "sg-0a1b2c3d"}, read_only=False)),
    (1, Call("iam", "AttachRolePolicy", {"roleName": "app-server"}, read_only=False)),
)
"""What a day is made of, with how often."""


def line(
    chance: random.Random,
    place: Place,
    time_ms: int,
    actor: Actor,
    call: Call,
    *,
    error: str = "",
    result: dict[str, Any] | None = None,
) -> LogLine:
    """One record in the account's CloudTrail log group."""
    record = event(chance, place, time_ms, actor, call, error=error, result=result)
    return _put(place, time_ms, record)


def event(
    chance: random.Random,
    place: Place,
    time_ms: int,
    actor: Actor,
    call: Call,
    *,
    error: str = "",
    result: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One record, complete."""
    failure = {"errorCode": error, "errorMessage": _denial(place, actor, call)} if error else {}
    data = call.name in {"GetObject", "PutObject"}
    return {
        "eventVersion": "1.11",
        "userIdentity": identity(place, actor, time_ms),
        "eventTime": utc(time_ms // 1000 * 1000).replace(".000Z", "Z"),
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": call.name,
        "awsRegion": place.region,
        "sourceIPAddress": actor.address,
        "userAgent": actor.agent,
        **failure,
        "requestParameters": call.parameters,
        "responseElements": result,
        "requestID": uuid(chance),
        "eventID": uuid(chance),
        "readOnly": call.read_only,
        "eventType": "AwsApiCall",
        "managementEvent": not data,
        "recipientAccountId": place.account,
        "eventCategory": "Data" if data else "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{call.service}.{place.region}.amazonaws.com",
        },
    }


def sign_in(
    chance: random.Random, place: Place, time_ms: int, actor: Actor, *, success: bool
) -> LogLine:
    """A console sign-in, which tells its outcome in ``responseElements``."""
    call = Call("signin", "ConsoleLogin", None, read_only=False)
    record = event(chance, place, time_ms, actor, call)
    record |= {
        "eventType": "AwsConsoleSignIn",
        "responseElements": {"ConsoleLogin": "Success" if success else "Failure"},
        "additionalEventData": {
            "LoginTo": "https://console.aws.amazon.com/console/home",
            "MobileVersion": "No",
            "MFAUsed": "Yes" if success else "No",
        },
    }
    if not success:
        record["errorMessage"] = "Failed authentication"
    return _put(place, time_ms, record)


def identity(place: Place, actor: Actor, time_ms: int) -> dict[str, Any]:
    """``userIdentity`` of the root user, a user or an assumed role."""
    account = place.account
    if actor.kind == "Root":
        root = f"arn:aws:iam::{account}:root"
        return {"type": "Root", "principalId": account, "arn": root, "accountId": account}
    if actor.kind == "IAMUser":
        return {
            "type": "IAMUser",
            "principalId": "AIDAIOSFODNN7EXAMPLE",
            "arn": f"arn:aws:iam::{account}:user/{actor.name}",
            "accountId": account,
            "accessKeyId": actor.key,
            "userName": actor.name,
        }
    return {
        "type": "AssumedRole",
        "principalId": f"AROAIOSFODNN7EXAMPLE:{actor.session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{actor.name}/{actor.session}",
        "accountId": account,
        "accessKeyId": actor.key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAIOSFODNN7EXAMPLE",
                "arn": f"arn:aws:iam::{account}:role/{actor.name}",
                "accountId": account,
                "userName": actor.name,
            },
            "attributes": {
                "creationDate": utc(time_ms - 1_200_000).replace(".000Z", "Z"),
                "mfaAuthenticated": "false",
            },
        },
    }


def _put(place: Place, time_ms: int, record: dict[str, Any]) -> LogLine:
    """The record in the account's CloudTrail log group."""
    return LogLine(
        place=place,
        group=GROUP,
        stream=f"{place.account}_CloudTrail_{place.region}",
        time_ms=time_ms,
        message=dump_json(record).decode(),
        dataset="aws.cloudtrail",
        native_id=record["eventID"],
    )


def _denial(place: Place, actor: Actor, call: Call) -> str:
    who = identity(place, actor, 0)["arn"]
    return f"User: {who} is not authorized to perform: {call.service}:{call.name}"
