"""A central account with everything that a deployment can be brought, good until it is spoilt."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.brought import needed
from infra.names import MANAGED_TAG
from local.aws.process import LocalCloud
from tests.local import landscape as made
from tests.local.ground import REGIONS, Ground, Json

HOME = REGIONS[0]
ZONE = f"{HOME}a"
GUARDED: Json = {
    "EngineVersion": "OpenSearch_3.1",
    "AdvancedSecurityOptions": {"Enabled": True},
    "DomainEndpointOptions": {"EnforceHTTPS": True},
    "EncryptionAtRestOptions": {"Enabled": True},
    "NodeToNodeEncryptionOptions": {"Enabled": True},
}


class BroughtGround(Ground):
    """One central account with key, bucket, stream, domain and VPC of its own.

    Attributes:
        key: ARN of the key.
        archive: Name of the bucket.
        stream: Name of the stream.
        domain: Name of the domain.
        vpc: Id of the VPC.
        subnet: Id of its subnet.
        routes: Id of its main route table.
    """

    def __init__(self, cloud: LocalCloud, account: str, folder: Path) -> None:
        super().__init__(cloud, account, folder)
        self.archive, self.stream, self.domain = (
            made.name(what) for what in ("archive", "stream", "domain")
        )
        self.master = f"arn:aws:iam::{account}:role/{made.name('master')}"
        self._make_network()
        self._make_key()
        self._make_domain()
        self.changes = {
            "organisation_sources": {},  # what a trail adds to a key's policy is asked elsewhere
            "key": {"existing": self.key},
            "archive": {"existing": self.archive},
            "stream": {"existing": self._arn("kinesis", f"stream/{self.stream}")},
            "search": {
                "existing": {
                    "arn": self._arn("es", f"domain/{self.domain}"),
                    "endpoint": f"https://{self._endpoint()}",
                    "master_role": self.master,
                }
            },
            "network": {
                "existing": {"vpc": self.vpc, "subnets": [self.subnet]},
            },
        }
        self._make_stores()
        self.put_policies()

    def put_policies(self, *, without: str = "") -> None:
        """What ``infra.brought`` says, put where it belongs; one statement may be left out."""
        for each in needed(self.config()):
            statements = [dict(s) for s in each.statements if s["Sid"] != without]
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            self._put(each.policy, document)

    def refuse(self, code: str) -> Callable[..., Json]:
        """An answer of AWS that is a refusal."""

        def refusing(**_: str) -> Json:
            answer: Any = {"Error": {"Code": code, "Message": "of a test"}}
            raise ClientError(answer, "Test")

        return refusing

    def _put(self, policy: str, document: str) -> None:
        role = self.master.rpartition("/")[2]
        put: dict[str, Any] = {
            "key policy": lambda: self.client("kms").put_key_policy(
                KeyId=self.key, PolicyName="default", Policy=document
            ),
            "bucket policy": lambda: self.client("s3").put_bucket_policy(
                Bucket=self.archive, Policy=document
            ),
            "access policy": lambda: self.client("opensearch").update_domain_config(
                DomainName=self.domain, AccessPolicies=document
            ),
            "trust policy": lambda: self.client("iam").update_assume_role_policy(
                RoleName=role, PolicyDocument=document
            ),
            "permissions policy": lambda: self.client("iam").put_role_policy(
                RoleName=role, PolicyName="maps", PolicyDocument=document
            ),
        }
        put[policy]()

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{HOME}:{self.account}:{resource}"

    def _make_network(self) -> None:
        ec2 = self.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.20.0.0/22")["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.subnet = ec2.create_subnet(
            VpcId=self.vpc, CidrBlock="10.20.0.0/24", AvailabilityZone=ZONE
        )["Subnet"]["SubnetId"]
        tables = ec2.describe_route_tables()["RouteTables"]
        [self.routes] = [t["RouteTableId"] for t in tables if t["VpcId"] == self.vpc]
        nat = ec2.create_nat_gateway(SubnetId=self.subnet, ConnectivityType="private")
        ec2.create_route(
            RouteTableId=self.routes,
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId=nat["NatGateway"]["NatGatewayId"],
        )

    def _make_key(self) -> None:
        kms = self.client("kms")
        self.key = kms.create_key()["KeyMetadata"]["Arn"]
        kms.enable_key_rotation(KeyId=self.key)
        kms.tag_resource(KeyId=self.key, Tags=[{"TagKey": MANAGED_TAG, "TagValue": "true"}])

    def _make_domain(self) -> None:
        self.client("opensearch").create_domain(
            DomainName=self.domain, VPCOptions={"SubnetIds": [self.subnet]}, **GUARDED
        )
        self.answers["opensearch"]["describe_domain"] = self.in_vpc
        self.client("iam").create_role(
            RoleName=self.master.rpartition("/")[2], AssumeRolePolicyDocument=made.policy()
        )

    def _make_stores(self) -> None:
        s3, kinesis = self.client("s3"), self.client("kinesis")
        s3.create_bucket(Bucket=self.archive)
        s3.put_bucket_versioning(Bucket=self.archive, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_ownership_controls(
            Bucket=self.archive,
            OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        )
        kinesis.create_stream(StreamName=self.stream, ShardCount=1)
        kinesis.get_waiter("stream_exists").wait(
            StreamName=self.stream, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
        kinesis.start_stream_encryption(
            StreamName=self.stream, EncryptionType="KMS", KeyId=self.key
        )

    def in_vpc(self, *, DomainName: str) -> Json:
        """The domain, in the VPC that its subnet is in: the local cloud looks no subnet up."""
        found: Json = self.client("opensearch").describe_domain(DomainName=DomainName)
        if "VPCOptions" in found["DomainStatus"]:
            found["DomainStatus"]["VPCOptions"]["VPCId"] = self.vpc
        return found

    def _endpoint(self) -> str:
        status = self.in_vpc(DomainName=self.domain)["DomainStatus"]
        return str(status.get("Endpoint") or status["Endpoints"]["vpc"])
