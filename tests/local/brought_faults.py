"""What can be wrong with what a deployment is brought, and what preflight says of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from infra.names import MANAGED_TAG
from tests.local import landscape as made
from tests.local.ground import Json
from tests.local.ground_brought import HOME, ZONE, BroughtGround


class Fault(NamedTuple):
    """One fault.

    Attributes:
        spoil: Plants it.
        check: Name of the check that finds it.
        status: How bad it is.
        found: A part of what was found.
        fix: A part of the fix.
    """

    spoil: Callable[[BroughtGround], object]
    check: str
    status: str
    found: str
    fix: str


def given(ground: BroughtGround, section: str, **changes: Any) -> None:
    """Change what a section has under ``existing``."""
    ground.changes[section] = {"existing": {**ground.changes[section]["existing"], **changes}}


def without(sid: str) -> Callable[[BroughtGround], object]:
    return lambda ground: ground.put_policies(without=sid)


def domain_with(**changes: Any) -> Callable[[BroughtGround], object]:
    """The service's word on the domain, changed."""

    def spoil(ground: BroughtGround) -> None:
        def answer(*, DomainName: str) -> Json:
            found = ground.in_vpc(DomainName=DomainName)
            found["DomainStatus"].update(changes)
            return found

        ground.answers["opensearch"]["describe_domain"] = answer

    return spoil


def another_key(ground: BroughtGround) -> None:
    key = ground.client("kms").create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")
    arn = key["KeyMetadata"]["Arn"]
    ground.client("kinesis").start_stream_encryption(
        StreamName=ground.stream, EncryptionType="KMS", KeyId=arn
    )
    ground.client("kms").put_key_policy(
        KeyId=arn,
        PolicyName="default",
        Policy=ground.client("kms").get_key_policy(KeyId=ground.key, PolicyName="default")[
            "Policy"
        ],
    )
    ground.changes["key"] = {"existing": arn}


def stream_with_another_key(ground: BroughtGround) -> None:
    key = ground.client("kms").create_key()["KeyMetadata"]["Arn"]
    ground.client("kinesis").start_stream_encryption(
        StreamName=ground.stream, EncryptionType="KMS", KeyId=key
    )


def stream_gone(ground: BroughtGround) -> None:
    ground.changes["stream"] = {"existing": f"{ground.changes['stream']['existing']}-gone"}


def bucket_with_another_key(ground: BroughtGround) -> None:
    key = ground.client("kms").create_key()["KeyMetadata"]["Arn"]
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    ground.client("s3").put_bucket_encryption(
        Bucket=ground.archive,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": by_default}]
        },
    )


def bucket_of_writers(ground: BroughtGround) -> None:
    ground.client("s3").put_bucket_ownership_controls(
        Bucket=ground.archive,
        OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
    )


def bucket_gone(ground: BroughtGround) -> None:
    """Gone for the one question that notices; the others say nothing of a bucket that is not."""
    ground.client("s3").delete_bucket_policy(Bucket=ground.archive)
    ground.client("s3").delete_bucket(Bucket=ground.archive)


def locked_bucket(ground: BroughtGround) -> None:
    retention = {"Mode": "COMPLIANCE", "Days": 365}
    rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    ground.answers["s3"] = {
        "get_object_lock_configuration": lambda **_: {"ObjectLockConfiguration": rule}
    }


def forgotten_versions(ground: BroughtGround) -> None:
    ground.client("s3").put_bucket_versioning(
        Bucket=ground.archive, VersioningConfiguration={"Status": "Suspended"}
    )


def no_names(ground: BroughtGround) -> None:
    ground.client("ec2").modify_vpc_attribute(VpcId=ground.vpc, EnableDnsSupport={"Value": False})


def dedicated(ground: BroughtGround) -> None:
    found = ground.client("ec2").describe_vpcs(VpcIds=[ground.vpc])
    found["Vpcs"][0]["InstanceTenancy"] = "dedicated"
    ground.answers["ec2"] = {"describe_vpcs": lambda **_: found}


def subnet_of_another(ground: BroughtGround) -> None:
    ec2 = ground.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.21.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.21.0.0/26")["Subnet"]["SubnetId"]
    given(ground, "network", subnets=[subnet])
    nat(ground, next(t["RouteTableId"] for t in tables(ground, vpc)))


def two_subnets_of_a_zone(ground: BroughtGround) -> None:
    more = ground.client("ec2").create_subnet(
        VpcId=ground.vpc, CidrBlock="10.20.1.0/24", AvailabilityZone=ZONE
    )
    given(ground, "network", subnets=[ground.subnet, more["Subnet"]["SubnetId"]])
    ground.changes["search"] = {**ground.changes["search"], "zones": 2, "data_nodes": 2}


def full_subnet(ground: BroughtGround) -> None:
    found = ground.client("ec2").describe_subnets(SubnetIds=[ground.subnet])
    found["Subnets"][0]["AvailableIpAddressCount"] = 18
    ground.answers["ec2"] = {"describe_subnets": lambda **_: found}


def group_of_another(ground: BroughtGround) -> None:
    ec2 = ground.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.22.0.0/24")["Vpc"]["VpcId"]
    given(ground, "network", security_groups=[group(ground, vpc)])


def group_that_lets_nobody_in(ground: BroughtGround) -> None:
    given(ground, "network", security_groups=[group(ground, ground.vpc)])


def group_that_lets_nobody_out(ground: BroughtGround) -> None:
    found = group(ground, ground.vpc)
    open_group(ground, found)
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ground.client("ec2").revoke_security_group_egress(GroupId=found, IpPermissions=everything)
    given(ground, "network", security_groups=[found])


def group(ground: BroughtGround, vpc: str) -> str:
    found = ground.client("ec2").create_security_group(
        GroupName=made.name("group"), Description="of a test", VpcId=vpc
    )
    return str(found["GroupId"])


def open_group(ground: BroughtGround, found: str) -> None:
    """HTTPS from the group itself."""
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "UserIdGroupPairs": [{"GroupId": found}],
    }
    ground.client("ec2").authorize_security_group_ingress(GroupId=found, IpPermissions=[rule])


def no_way_out(ground: BroughtGround) -> None:
    ground.client("ec2").delete_route(RouteTableId=ground.routes, DestinationCidrBlock="0.0.0.0/0")


def internet_gateway_alone(ground: BroughtGround) -> None:
    ec2 = ground.client("ec2")
    no_way_out(ground)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=ground.vpc)
    ec2.create_route(
        RouteTableId=ground.routes, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )


def endpoint_taken(ground: BroughtGround) -> None:
    endpoint(ground, "sts")
    given(ground, "network", route_tables=[ground.routes])
    ground.changes["network"]["make_endpoints"] = True


def endpoint(ground: BroughtGround, service: str) -> None:
    ground.client("ec2").create_vpc_endpoint(
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{HOME}.{service}",
        VpcEndpointType="Interface",
        SubnetIds=[ground.subnet],
    )


def tables(ground: BroughtGround, vpc: str) -> list[Json]:
    found = ground.client("ec2").describe_route_tables()["RouteTables"]
    return [table for table in found if table["VpcId"] == vpc]


def nat(ground: BroughtGround, table: str) -> None:
    gateway = ground.client("ec2").create_nat_gateway(
        SubnetId=ground.subnet, ConnectivityType="private"
    )
    ground.client("ec2").create_route(
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId=gateway["NatGateway"]["NatGatewayId"],
    )


def another_vpc_for_functions(ground: BroughtGround) -> None:
    domain_with(VPCOptions={"VPCId": "vpc-00000000000000000"})(ground)


def public_domain(ground: BroughtGround) -> None:
    def answer(*, DomainName: str) -> Json:
        found = ground.in_vpc(DomainName=DomainName)
        found["DomainStatus"].pop("VPCOptions")
        return found

    ground.answers["opensearch"]["describe_domain"] = answer


def functions_in_no_vpc(ground: BroughtGround) -> None:
    del ground.changes["network"]


def no_domain(ground: BroughtGround) -> None:
    """The policy's check finds none either, and says what is missing from it."""
    given(ground, "search", arn=f"{ground.changes['search']['existing']['arn']}x")


def no_master(ground: BroughtGround) -> None:
    name = ground.master.rpartition("/")[2]
    ground.client("iam").delete_role_policy(RoleName=name, PolicyName="maps")
    ground.client("iam").delete_role(RoleName=name)


def key_gone(ground: BroughtGround) -> None:
    ground.answers["kms"] = {"describe_key": ground.refuse("NotFoundException")}


FAULTS = [
    Fault(key_gone, "key", "error", "no key arn", "[key] existing"),
    Fault(another_key, "key", "error", "SIGN_VERIFY RSA_2048", "[key] existing"),
    Fault(
        lambda g: g.client("kms").disable_key(KeyId=g.key), "key", "error", "Disabled", "enable-key"
    ),
    Fault(
        lambda g: g.client("kms").disable_key_rotation(KeyId=g.key),
        "key",
        "warning",
        "never rotates",
        "enable-key-rotation",
    ),
    Fault(
        lambda g: g.client("kms").untag_resource(KeyId=g.key, TagKeys=[MANAGED_TAG]),
        "key",
        "error",
        "no tag LogsManaged",
        "tag-resource",
    ),
    Fault(
        without("CopiedLogGroupsAreKept"),
        "key policy",
        "error",
        "CopiedLogGroupsAreKept",
        '"logs.us-east-1.amazonaws.com"',
    ),
    Fault(
        without("RulesFillTheQueues"),
        "key policy",
        "error",
        "RulesFillTheQueues",
        '"events.amazonaws.com"',
    ),
    Fault(
        without("BucketsAnnounceObjects"),
        "key policy",
        "error",
        "BucketsAnnounceObjects",
        '"s3.amazonaws.com"',
    ),
    Fault(
        without("PoliciesOfTheAccountDecide"),
        "key policy",
        "error",
        "PoliciesOfTheAccountDecide",
        ":root",
    ),
    Fault(bucket_of_writers, "bucket", "error", "ObjectWriter", "BucketOwnerEnforced"),
    Fault(forgotten_versions, "bucket", "warning", "Suspended", "put-bucket-versioning"),
    Fault(bucket_with_another_key, "bucket's encryption", "error", "arn:aws:kms", "[key] existing"),
    Fault(
        locked_bucket, "bucket's lock", "warning", "COMPLIANCE for 365 days", "default retention"
    ),
    Fault(without("RefuseWithoutTls"), "bucket policy", "error", "RefuseWithoutTls", "Deny"),
    Fault(without("RefuseOldTls"), "bucket policy", "error", "RefuseOldTls", "s3:TlsVersion"),
    Fault(stream_gone, "stream", "error", "no stream arn", "[stream] existing"),
    Fault(
        stream_with_another_key, "stream", "error", "encrypted with arn", "start-stream-encryption"
    ),
    Fault(
        lambda g: g.client("kinesis").stop_stream_encryption(
            StreamName=g.stream, EncryptionType="KMS", KeyId=g.key
        ),
        "stream",
        "error",
        "encrypted with nothing",
        "start-stream-encryption",
    ),
    Fault(
        lambda g: g.changes["stream"].update(retention_hours=48),
        "stream",
        "error",
        "remembers 24 hours",
        "increase-stream-retention-period",
    ),
    Fault(
        lambda g: g.changes["stream"].update(mode="on_demand"),
        "stream",
        "warning",
        "mode provisioned",
        'mode = "provisioned"',
    ),
    Fault(
        lambda g: g.changes["stream"].update(shards=2),
        "stream",
        "warning",
        "1 shards",
        "--target-shard-count 2",
    ),
    Fault(domain_with(Created=False), "domain", "error", "being made", "try again"),
    Fault(domain_with(Deleted=True), "domain", "error", "being deleted", "[search] existing"),
    Fault(
        domain_with(EngineVersion="OpenSearch_2.5"),
        "domain",
        "error",
        "OpenSearch_2.5",
        "upgrade-domain",
    ),
    Fault(
        domain_with(EngineVersion="Elasticsearch_7.10"),
        "domain",
        "error",
        "Elasticsearch_7.10",
        "upgrade-domain",
    ),
    Fault(
        domain_with(AdvancedSecurityOptions={"Enabled": False}),
        "domain",
        "error",
        "without fine-grained access control",
        "--advanced-security-options",
    ),
    Fault(
        domain_with(DomainEndpointOptions={"EnforceHTTPS": False}),
        "domain",
        "error",
        "without HTTPS alone",
        "EnforceHTTPS=true",
    ),
    Fault(
        domain_with(EncryptionAtRestOptions={"Enabled": False}),
        "domain",
        "error",
        "without encryption at rest",
        "--encryption-at-rest-options",
    ),
    Fault(
        domain_with(NodeToNodeEncryptionOptions={"Enabled": False}),
        "domain",
        "error",
        "without encryption between nodes",
        "--node-to-node-encryption-options",
    ),
    Fault(
        domain_with(AdvancedOptions={"rest.action.multi.allow_explicit_index": "false"}),
        "domain",
        "error",
        "without indices named in requests",
        "allow_explicit_index=true",
    ),
    Fault(
        lambda g: given(g, "search", endpoint="https://search.example.com"),
        "domain",
        "error",
        "search.example.com is none of its addresses",
        "existing.endpoint",
    ),
    Fault(public_domain, "domain", "error", "not in a VPC", "leave [network] out"),
    Fault(functions_in_no_vpc, "domain", "error", "in vpc-", "existing.vpc"),
    Fault(another_vpc_for_functions, "domain", "warning", "functions in vpc-", "existing.vpc"),
    Fault(
        without("RolesOfTheAccountMayKnock"),
        "domain policy",
        "error",
        "RolesOfTheAccountMayKnock",
        "es:ESHttp*",
    ),
    Fault(
        without("OnlyTheSetupFunction"),
        "master role",
        "error",
        "OnlyTheSetupFunction",
        "central-logs-search-setup",
    ),
    Fault(no_master, "master role", "error", "no role master", "create-role"),
    Fault(no_names, "VPC", "error", "enableDnsSupport is off", "--enable-dns-support"),
    Fault(dedicated, "VPC", "error", "tenancy dedicated", "[network] existing"),
    Fault(subnet_of_another, "subnets", "error", "not all of them", "[network] existing"),
    Fault(two_subnets_of_a_zone, "subnets", "error", "2 subnets in us-east-1a", "[network]"),
    Fault(full_subnet, "subnets", "error", "18 addresses free", "a larger subnet"),
    Fault(group_of_another, "security groups", "error", "not all of them", "[network] existing"),
    Fault(
        group_that_lets_nobody_in,
        "security groups",
        "error",
        "let in",
        "authorize-security-group-ingress",
    ),
    Fault(
        group_that_lets_nobody_out,
        "security groups",
        "error",
        "let out",
        "authorize-security-group-egress",
    ),
    Fault(
        no_way_out,
        "ways out",
        "error",
        "neither endpoints of kinesis-firehose",
        "make_endpoints = true",
    ),
    Fault(
        internet_gateway_alone, "ways out", "error", "nor a route to everywhere", "make_endpoints"
    ),
    Fault(endpoint_taken, "ways out", "error", "of sts", "leave make_endpoints out"),
]
