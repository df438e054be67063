"""The app deployed into a VPC, with a key, a bucket and a stream that were there before.

Interfaces, groups and endpoints are recorded and not enforced here; what they say is asserted on
the template.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.brought import needed
from infra.names import CENTRAL_LOGS, PRIVATE_DOMAIN, REJECT_PREFIX
from lambdas.prepare_network.network import close_group, s3_prefix_list
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from local.laptop import Laptop, laptop
from tests.local import landscape as made

BUCKET, STREAM = "example-archive", "example-stream"
PATIENCE_S = 60.0


def bring(cloud: LocalCloud) -> Mapping[str, Mapping[str, Any]]:
    """A key, a bucket and a stream of the central account; and a wish for a network."""
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    cloud.client("s3").create_bucket(Bucket=BUCKET)
    kinesis = cloud.client("kinesis")
    kinesis.create_stream(StreamName=STREAM, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(
        StreamName=STREAM, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    kinesis.start_stream_encryption(StreamName=STREAM, EncryptionType="KMS", KeyId=key)
    arn = f"arn:aws:kinesis:{CENTRAL_REGION}:{CENTRAL_ACCOUNT}:stream/{STREAM}"
    return {
        "key": {"existing": key},
        "archive": {"existing": BUCKET},
        "stream": {"existing": arn},
        "network": {"cidr": "10.20.0.0/22", "reader_cidrs": ["192.0.2.0/24"]},
        "members": {"accounts": [], "regions": [CENTRAL_REGION]},
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    folder = tmp_path_factory.mktemp("laptop")
    with laptop("firehose", bring=bring, folder=folder) as running:
        yield running


def groups(place: Laptop) -> dict[str, Any]:
    """Security groups of the VPC by description."""
    found = place.client("ec2").describe_security_groups()["SecurityGroups"]
    vpc = place.output("Vpc")
    return {group["Description"]: group for group in found if group["VpcId"] == vpc}


def test_nothing_that_was_brought_was_made(place: Laptop) -> None:
    kinesis, kms = place.client("kinesis"), place.client("kms")

    assert kinesis.list_streams()["StreamNames"] == [STREAM]
    aliases = [alias["AliasName"] for alias in kms.list_aliases()["Aliases"]]
    assert f"alias/{CENTRAL_LOGS}" not in aliases
    assert place.output("ArchiveBucket") == BUCKET


def test_the_domain_is_in_the_vpc_and_found_by_its_private_endpoint(place: Laptop) -> None:
    status = place.client("opensearch").describe_domain(DomainName=PRIVATE_DOMAIN)["DomainStatus"]

    assert "Endpoint" not in status
    assert place.output("SearchEndpoint") == f"https://{status['Endpoints']['vpc']}"
    assert status["VPCOptions"]["SubnetIds"] == place.output("Subnets").split(",")
    assert status["VPCOptions"]["SecurityGroupIds"] == place.output("DomainGroups").split(",")


def test_the_default_group_is_closed_and_s3_is_let_through_by_its_prefix_list(
    place: Laptop,
) -> None:
    lists = place.client("ec2").describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": [f"com.amazonaws.{CENTRAL_REGION}.s3"]}]
    )
    found = groups(place)

    default = found["default VPC security group"]
    assert (default["IpPermissions"], default["IpPermissionsEgress"]) == ([], [])
    let_out = found["central-logs: the functions"]["IpPermissionsEgress"]
    assert [pl["PrefixListId"] for rule in let_out for pl in rule.get("PrefixListIds", [])] == [
        lists["PrefixLists"][0]["PrefixListId"]
    ]


def test_each_right_that_closes_the_default_group_is_needed(place: Laptop) -> None:
    ec2, iam = place.client("ec2"), place.client("iam")
    [role] = (
        r["RoleName"]
        for page in iam.get_paginator("list_roles").paginate()
        for r in page["Roles"]
        if "PreparationFunctionRole" in r["RoleName"]
    )
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    granted = policy["Statement"]
    default = groups(place)["default VPC security group"]["GroupId"]

    def works(allowed: list[dict[str, Any]]) -> bool:
        rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}
        opened = {**rule, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
        ec2.authorize_security_group_ingress(GroupId=default, IpPermissions=[opened])
        limited = made.session(
            place.cloud, made.role(place.cloud, CENTRAL_ACCOUNT, *allowed), "ec2"
        )
        try:
            s3_prefix_list(limited, CENTRAL_REGION)
            close_group(limited, default)
        except ClientError:
            close_group(ec2, default)
            return False
        return True

    assert works(granted)
    needless = {s["Sid"] for s in granted if works([one for one in granted if one != s])}
    assert needless == {"WriteOwnLog"}, "Lambda writes it, which does not call it here"


def test_the_domain_lets_in_who_the_template_says(place: Laptop) -> None:
    found = groups(place)
    rules = found["central-logs: the log domain"]["IpPermissions"]

    sources = {pair["GroupId"] for rule in rules for pair in rule.get("UserIdGroupPairs", [])}
    networks = {r["CidrIp"] for rule in rules for r in rule.get("IpRanges", [])}
    assert sources == {
        found[f"central-logs: {who}"]["GroupId"]
        for who in ("the functions", "Firehose to the domain")
    }
    assert networks == {"192.0.2.0/24"}


def test_functions_and_firehose_are_in_the_subnets(place: Laptop) -> None:
    subnets = place.output("Subnets").split(",")
    functions = place.client("lambda").list_functions()["Functions"]
    within = {
        function["Description"]: function["VpcConfig"]["SubnetIds"]
        for function in functions
        if function.get("VpcConfig", {}).get("SubnetIds")
    }
    firehose = place.client("firehose")
    described = [
        firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
        for name in firehose.list_delivery_streams()["DeliveryStreamNames"]
    ]
    [to_search] = [
        destination["AmazonopensearchserviceDestinationDescription"]
        for stream in described
        for destination in stream["Destinations"]
        if "AmazonopensearchserviceDestinationDescription" in destination
    ]

    assert within == {
        f"Central logs: {name}": subnets
        for name in ("normalise", "read_objects", "search_setup", "snapshot_organisation")
    }
    assert to_search["VpcConfigurationDescription"]["SubnetIds"] == subnets
    assert to_search["VpcConfigurationDescription"]["VpcId"] == place.output("Vpc")


def test_endpoints_are_there(place: Laptop) -> None:
    endpoints = place.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]

    services = {
        e["ServiceName"].split(".", 3)[3] for e in endpoints if e["VpcId"] == place.output("Vpc")
    }
    assert services == {"kinesis-firehose", "organizations", "s3", "sqs", "sts"}


def test_a_log_event_arrives_by_the_stream_and_in_the_bucket_that_were_brought(
    place: Laptop,
) -> None:
    word = made.name("arrives")
    group = made.log_group(place.cloud, CENTRAL_ACCOUNT)

    made.log(place.cloud, CENTRAL_ACCOUNT, group, f"a line that {word}")

    assert await_hits(place, word) == 1
    assert await_objects(place, "raw/")


def test_what_cannot_be_read_is_rejected_into_the_bucket_that_was_brought(place: Laptop) -> None:
    place.client("kinesis").put_record(StreamName=STREAM, Data=b"{", PartitionKey="1")

    assert await_objects(place, REJECT_PREFIX)


def test_owners_are_told_of_key_and_bucket(place: Laptop) -> None:
    assert {each.section for each in needed(place.config)} == {"key.existing", "archive.existing"}


def await_hits(place: Laptop, word: str) -> int:
    """How many documents have the word, once one has."""
    deadline = time.monotonic() + PATIENCE_S
    found = 0
    while not found and time.monotonic() < deadline:
        time.sleep(0.5)
        place.search.indices.refresh(index="logs-*")
        answer = place.search.count(index="logs-*", q=f'"{word}"')
        found = int(answer["count"])
    return found


def await_objects(place: Laptop, prefix: str) -> list[str]:
    """Keys below a prefix of the bucket, once there are some."""
    deadline = time.monotonic() + PATIENCE_S
    found: list[str] = []
    while not found and time.monotonic() < deadline:
        time.sleep(0.5)
        listed = place.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        found = [item["Key"] for item in listed.get("Contents", [])]
    return found
