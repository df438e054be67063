"""What a deployment keeps and pays for, read from its templates.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

type Json = Mapping[str, Any]
type Templates = Mapping[str, Json]

HOURS_A_MONTH: Final = 730
MASTERS: Final = 3
"""Dedicated masters, where there are some."""

STATEFUL: Final = {
    "AWS::S3::Bucket": "archive bucket",
    "AWS::OpenSearchService::Domain": "search domain",
    "AWS::KMS::Key": "key",
    "AWS::Kinesis::Stream": "stream",
    "AWS::Cognito::UserPool": "directory of people",
    "AWS::Cognito::IdentityPool": "identities of people",
}
"""Types that hold logs, what decrypts them, or who may read them: these follow ``removal``."""

WITHOUT_SIZE: Final = {
    "AWS::Events::EventBus": "event bus",
    "AWS::Logs::Destination": "Destination",
    "AWS::Logs::LogGroup": "log groups of our own",
    "AWS::SNS::Topic": "topics",
    "AWS::SQS::Queue": "queues",
}
"""Types that hold nothing for long, or whose removal is the same in every size."""

WITHIN: Final = {
    *("AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::VPC"),
    "AWS::Logs::LogStream",
}
"""Types that go with what they are in, or stay with what is in them."""

POLICIES: Final = {"Delete": "deleted", "Retain": "retained"}


def removals(stacks: Templates) -> dict[str, str]:
    """What becomes of each kind of resource that holds something, by its name."""
    found: dict[str, set[str]] = {}
    names = STATEFUL | WITHOUT_SIZE
    for resource in _resources(stacks):
        if resource["Type"] in names:
            policy = resource.get("DeletionPolicy", "Delete")
            found.setdefault(names[resource["Type"]], set()).add(POLICIES[policy])
    return {name: ", ".join(sorted(found[name])) for name in names.values() if name in found}


def drivers(stacks: Templates) -> dict[str, int]:
    """Quantities that are paid for by the month whether or not a log arrives."""
    (domain,) = _properties(stacks, "AWS::OpenSearchService::Domain")
    (stream,) = _properties(stacks, "AWS::Kinesis::Stream")
    keys = len(list(_properties(stacks, "AWS::KMS::Key")))
    cluster, volume = domain["ClusterConfig"], domain["EBSOptions"]["VolumeSize"]
    return {
        f"hours of {node}": count * HOURS_A_MONTH for node, count in _nodes(cluster).items()
    } | {
        "GiB of gp3": cluster["InstanceCount"] * volume,
        **_stream(stream),
        "customer-managed keys": keys,
        **_endpoints(stacks),
    }


def _nodes(cluster: Json) -> Counter[str]:
    """Instances by type, whatever they are for; standby nodes are paid like others."""
    nodes = Counter({cluster["InstanceType"]: cluster["InstanceCount"]})
    for kind, is_on in (("DedicatedMaster", "DedicatedMasterEnabled"), ("Warm", "WarmEnabled")):
        if cluster.get(is_on):
            nodes[cluster[f"{kind}Type"]] += cluster[f"{kind}Count"]
    return nodes


def _stream(stream: Json) -> dict[str, int]:
    """Shards by the hour, or the stream itself; a memory above 24 hours is paid for in both."""
    if "ShardCount" in stream:
        found = {"shard hours": stream["ShardCount"] * HOURS_A_MONTH}
    else:
        found = {"hours of an on-demand stream": HOURS_A_MONTH}
    beyond = stream["RetentionPeriodHours"] - 24
    return found | ({"hours of extended retention": beyond} if beyond else {})


def _endpoints(stacks: Templates) -> dict[str, int]:
    """Interface endpoints by the hour, in each of their subnets."""
    found = _properties(stacks, "AWS::EC2::VPCEndpoint")
    subnets = sum(len(endpoint.get("SubnetIds", ())) for endpoint in found)
    return {"endpoint hours": subnets * HOURS_A_MONTH} if subnets else {}


def _resources(stacks: Templates) -> Iterator[Json]:
    for template in stacks.values():
        yield from template["Resources"].values()


def _properties(stacks: Templates, kind: str) -> Iterator[Json]:
    for resource in _resources(stacks):
        if resource["Type"] == kind:
            yield resource["Properties"]
