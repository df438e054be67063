"""Pieces that tests of the local cloud put together: roles, functions, and patience."""

import io
import json
import textwrap
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from local.aws.process import LocalCloud

PATIENCE_SECONDS = 30.0  # until a promise counts as broken; a good run needs a fraction


def eventually[T](look: Callable[[], T], what: str) -> T:
    """Look until there is something to see.

    Raises:
        AssertionError: there was nothing in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {PATIENCE_SECONDS:.0f} s: {what}")


def idle(cloud: LocalCloud) -> dict[str, Any]:
    """What ``GET /_local/idle`` says: ``{"idle": bool, "pending": {place: records}}``."""
    with urllib.request.urlopen(cloud.endpoint + "/_local/idle", timeout=5) as response:  # noqa: S310  our own loopback URL
        found: dict[str, Any] = json.load(response)
        return found


def make_role(cloud: LocalCloud, name: str, service: str, statements: Iterable[Any]) -> str:
    """Create a role that ``service`` may assume; statements are ``(actions, resources)``."""
    iam = cloud.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": f"{service}.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    allow(cloud, name, statements)
    arn: str = role["Role"]["Arn"]
    return arn


def allow(cloud: LocalCloud, role: str, statements: Iterable[Any]) -> None:
    """Replace what a role may do; statements are ``(actions, resources)``, perhaps a condition."""
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": resources, "Condition": condition}
            for actions, resources, condition in ((*statement, {})[:3] for statement in statements)
        ],
    }
    cloud.client("iam").put_role_policy(
        RoleName=role, PolicyName="all", PolicyDocument=json.dumps(document)
    )


def make_function(
    cloud: LocalCloud,
    name: str,
    role: str,
    source: str,
    **settings: Any,
) -> str:
    """Create a Python function from ``source``, whose handler is ``handler``."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", textwrap.dedent(source))
    function = cloud.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
        **settings,
    )
    arn: str = function["FunctionArn"]
    return arn


def objects(cloud: LocalCloud, bucket: str, prefix: str = "") -> dict[str, bytes]:
    """Every object of a bucket under a prefix, by key."""
    s3 = cloud.client("s3")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return {
        entry["Key"]: s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
        for entry in listed
    }
