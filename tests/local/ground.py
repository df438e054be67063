"""A central account of the local cloud that a deployment may begin in, until a test spoils it."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.config import DeploymentConfig
from infra.names import CENTRAL_LOGS
from local.aws.delegation import CLOUDWATCH, STACK_SETS
from local.aws.organizations import ROOT_ID
from local.aws.process import CLIENT_CONFIG, LocalCloud, free_port
from local.aws.settings import Settings
from ops.answer import Finding
from ops.checks.centralisation import ROLE
from ops.checks.organisation import SERVICE_CATALOG
from ops.checks.search import SERVICE_ROLE
from ops.preflight import preflight
from ops.view import Clients, View
from tests.local import landscape as made
from tests.unit.test_config import write

MANAGEMENT = "777777777777"
CENTRAL = tuple(f"1{n:02}000000000" for n in range(99))
"""Accounts that tests take one after the other, so that no fault is planted twice."""

REGIONS = ("us-east-1", "eu-west-1")
SECRET_NAME = "central-logs/redaction"
PLACES = "enrichment/GeoLite2-City.mmdb"
BOUNDARY = "developer-boundary"
USER = "on-call"
TRAIL = "everything"

type Json = dict[str, Any]

type Places = Iterator[tuple[LocalCloud, str]]
"""A cloud with one central account after the other."""


class Pages:
    """A paginator with these pages."""

    def __init__(self, *pages: Json) -> None:
        self._pages = pages

    def paginate(self, **_: object) -> tuple[Json, ...]:
        return self._pages


class Beside:
    """A client of the local cloud, with some answers that it lacks."""

    def __init__(self, client: Any, answers: Mapping[str, Callable[..., Any]]) -> None:
        self._client = client
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        """What it answers itself, or else the client."""
        return self._answers.get(name) or getattr(self._client, name)


class Ground:
    """One central account, good in every respect until a test spoils it.

    Attributes:
        answers: What AWS answers where the local cloud cannot, by service and method.
    """

    def __init__(self, cloud: LocalCloud, account: str, folder: Path) -> None:
        self.cloud = cloud
        self.account = account
        self.folder = folder
        self.bucket = made.name("log-files")
        self.objects = made.name("databases")
        self.trail_bucket = made.name("trail")
        self.secret = ""
        self.people = self.identities = ""
        self.changes: Json = {}
        self.answers: dict[str, dict[str, Callable[..., Any]]] = {
            "kinesis": {"describe_limits": kinesis_limits},
            "opensearch": {"describe_instance_type_limits": lambda **_: instance_limits()},
            "servicecatalog": {
                "get_aws_organizations_access_status": lambda: {"AccessStatus": "ENABLED"}
            },
            "service-quotas": {"get_service_quota": lambda **_: {"Quota": {"Value": 100.0}}},
            "config": {
                "describe_configuration_recorder_status": recording,
                "describe_configuration_aggregators": no_aggregator,
            },
            "guardduty": {
                "list_detectors": lambda: {"DetectorIds": ["12abc34d567e8fa901bc2d34e56789f0"]},
                "describe_organization_configuration": lambda **_: {"AutoEnable": True},
            },
            "inspector2": {
                "get_delegated_admin_account": lambda: {
                    "delegatedAdmin": {"accountId": self.account, "relationshipStatus": "ENABLED"}
                }
            },
            "securityhub": {"describe_organization_configuration": lambda: {"AutoEnable": False}},
        }
        self._prepare()

    def list_instead(self, service: str, operation: str, *pages: Json) -> None:
        """Have one operation of a service list these pages; all others are the cloud's."""
        api = self.client(service)
        self.answers[service] = {
            "get_paginator": lambda name: (
                Pages(*pages) if name == operation else api.get_paginator(name)
            )
        }

    def client(self, service: str, region: str = REGIONS[0]) -> Any:
        return self.cloud.client(service, self.account, region)

    def config(self) -> DeploymentConfig:
        chosen = {
            "central": {"account": self.account, "region": REGIONS[0]},
            "members": {
                "accounts": None,
                "units": [ROOT_ID],
                "regions": list(REGIONS),
                "parallel": True,
            },
            "objects": {"central": {"enabled": True}, "buckets": [{"name": self.bucket}]},
            "redaction": {"key_secret": self.secret},
            "self_service": {
                "units": [ROOT_ID],
                "principals": ["arn:aws:iam:::role/developers-*"],
            },
            "enrichment": {"geo": {"bucket": self.objects, "keys": [PLACES]}},
            "access": {
                "permission_boundary": BOUNDARY,
                "break_glass": {
                    "principals": [f"arn:aws:iam::{self.account}:user/{USER}"],
                    "notify": ["security@example.com"],
                },
            },
            "search": {"login": self.login()},
            "organisation_sources": sources(self.trail_bucket),
            **self.changes,
        }
        return DeploymentConfig.load(write(self.folder, "sandbox", chosen))

    def login(self) -> Json:
        pools = {"user_pool_id": self.people, "identity_pool_id": self.identities}
        return {"kind": "cognito", "cognito": pools}

    def look(self, clients: Clients | None = None) -> list[Finding]:
        """Everything that preflight finds."""
        used = clients or self.as_root
        return list(preflight(View(config=self.config(), clients=used)))

    def as_root(self, service: str, region: str) -> Any:
        return self.beside(service, self.cloud.client(service, self.account, region))

    def as_role(self, *statements: Json) -> Clients:
        """Clients of a role that may do what these statements say, and nothing else."""
        arn = made.role(self.cloud, self.account, *statements, account=self.account)
        keys = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        session: Any = boto3.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
        )
        return lambda service, region: self.beside(
            service,
            session.client(
                service,
                region_name=region,
                endpoint_url=self.cloud.endpoint,
                config=CLIENT_CONFIG,
            ),
        )

    def beside(self, service: str, client: Any) -> Any:
        return Beside(client, self.answers.get(service, {}))

    def _prepare(self) -> None:
        for region in REGIONS:
            self.client("ssm", region).put_parameter(
                Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
            )
        s3 = self.client("s3")
        for bucket in (self.bucket, self.objects):
            s3.create_bucket(Bucket=bucket)
        s3.put_bucket_notification_configuration(
            Bucket=self.bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        s3.put_object(Bucket=self.objects, Key=PLACES, Body=b"places")
        secret = self.client("secretsmanager").create_secret(
            Name=SECRET_NAME, SecretString="0123456789abcdef"
        )
        self.secret = secret["ARN"]
        for role in (SERVICE_ROLE, ROLE):
            self.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=made.policy())
        delegate(self.cloud, self.account)
        self._let_people_in()

    def _let_people_in(self) -> None:
        """A boundary, a user with a second factor, a trail that logs, and a directory."""
        iam, cognito = self.client("iam"), self.client("cognito-idp")
        iam.create_policy(PolicyName=BOUNDARY, PolicyDocument=made.policy(made.allow("*", "*")))
        iam.create_user(UserName=USER)
        device = {"SerialNumber": f"arn:aws:iam::{self.account}:mfa/{USER}", "UserName": USER}
        self.answers["iam"] = {"list_mfa_devices": lambda **_: {"MFADevices": [device]}}
        trails = self.client("cloudtrail")
        trails.create_trail(Name=TRAIL, S3BucketName=self.objects)
        trails.start_logging(Name=TRAIL)
        self.people = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
        cognito.create_user_pool_domain(Domain=made.name("sign-in"), UserPoolId=self.people)
        self.identities = self.client("cognito-identity").create_identity_pool(
            IdentityPoolName="people", AllowUnauthenticatedIdentities=False
        )["IdentityPoolId"]


def sources(bucket: str) -> Json:
    """Every switch of the organisation's sources on."""
    return {
        "management_account": MANAGEMENT,
        "trail": {"enabled": True, "bucket": bucket},
        "guardduty": {"enabled": True},
        "security_hub": {"enabled": True, "targets": [ROOT_ID]},
        "inspector": {"enabled": True},
        "config": {"enabled": True},
        "telemetry": {"kinds": ["vpc_flow"]},
    }


def no_aggregator(**_: Any) -> Json:
    """As DescribeConfigurationAggregators answers where nothing has the name."""
    answer: Any = {"Error": {"Code": "NoSuchConfigurationAggregatorException", "Message": "none"}}
    raise ClientError(answer, "DescribeConfigurationAggregators")


def recording(*, on: bool = True) -> Json:
    """As DescribeConfigurationRecorderStatus answers where there is a recorder."""
    return {"ConfigurationRecordersStatus": [{"name": "default", "recording": on}]}


def ground_cloud(folder: Path) -> LocalCloud:
    """A cloud in which each of the central accounts is a member of one organisation."""
    settings = Settings(
        port=free_port(), organisation=organisation(), management_account=MANAGEMENT
    )
    return LocalCloud(folder / "cloud.log", settings)


def organisation() -> str:
    """For ``Settings.organisation``: each of the accounts is a member."""
    return json.dumps(
        {account: {"name": f"log-archive-{account}", "unit": "", "tags": {}} for account in CENTRAL}
    )


def delegate(cloud: LocalCloud, account: str) -> None:
    cloud.client("cloudformation", MANAGEMENT).activate_organizations_access()
    manager = cloud.client("organizations", MANAGEMENT)
    for service in (CLOUDWATCH, SERVICE_CATALOG):
        manager.enable_aws_service_access(ServicePrincipal=service)
    for service in (STACK_SETS, CLOUDWATCH, SERVICE_CATALOG):
        manager.register_delegated_administrator(AccountId=account, ServicePrincipal=service)
    for service in ("cloudtrail", "config"):
        principal = f"{service}.amazonaws.com"
        manager.enable_aws_service_access(ServicePrincipal=principal)
        manager.register_delegated_administrator(AccountId=account, ServicePrincipal=principal)


def kinesis_limits(**changes: int) -> Json:
    """As DescribeLimits answers in an account that is hardly used."""
    limits = {
        "ShardLimit": 500,
        "OpenShardCount": 2,
        "OnDemandStreamCount": 0,
        "OnDemandStreamCountLimit": 50,
    }
    return {**limits, **changes}


def instance_limits(*, nodes: int = 10, gib: tuple[int, int] = (10, 200)) -> Json:
    """As DescribeInstanceTypeLimits answers for a small type."""
    sizes = zip(("MinimumVolumeSize", "MaximumVolumeSize"), gib, strict=True)
    return {
        "LimitsByRole": {
            "data": {
                "StorageTypes": [
                    {
                        "StorageTypeName": "ebs",
                        "StorageSubTypeName": "gp3",
                        "StorageTypeLimits": [
                            {"LimitName": name, "LimitValues": [str(size)]} for name, size in sizes
                        ],
                    }
                ],
                "InstanceLimits": {
                    "InstanceCountLimits": {
                        "MinimumInstanceCount": 1,
                        "MaximumInstanceCount": nodes,
                    }
                },
            }
        }
    }


def stack_of(ground: Ground, name: str, region: str, resources: Json) -> None:
    """Deploy a stack of the central account."""
    api = ground.client("cloudformation", region)
    api.create_stack(
        StackName=name,
        TemplateBody=json.dumps({"Resources": resources}),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    api.get_waiter("stack_create_complete").wait(
        StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 200}
    )


STREAM: Json = {
    "Type": "AWS::Kinesis::Stream",
    "Properties": {"Name": CENTRAL_LOGS, "ShardCount": 1},
}
