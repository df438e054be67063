"""An organisation of the local cloud whose log groups CloudWatch copies."""

import json
from typing import Any, Final

from local.aws.centralisation.destination import PRINCIPAL
from local.aws.delegation import CLOUDWATCH
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION, Settings
from tests.local import landscape as made
from tests.local.landscape import MEMBER, OTHER_MEMBER, Json

MANAGEMENT = "777777777777"
HOME, IRELAND = CENTRAL_REGION, "eu-west-1"
NAMED: Final = {
    "LogGroupNamePattern": "/all/${source.accountId}/${source.region}#${source.logGroup}"
}
UNITS = {
    CENTRAL_ACCOUNT: "Security",
    MEMBER: "Workloads/Production",
    OTHER_MEMBER: "Sandbox",
}


def settings() -> Settings:
    accounts = {a: {"name": a, "unit": unit, "tags": {}} for a, unit in UNITS.items()}
    return Settings(
        port=free_port(), organisation=json.dumps(accounts), management_account=MANAGEMENT
    )


def prepare(cloud: LocalCloud) -> None:
    """What docs/deploy/onboarding.md has the management account do, and the role of CloudWatch."""
    manager = cloud.client("organizations", MANAGEMENT)
    manager.enable_aws_service_access(ServicePrincipal=CLOUDWATCH)
    manager.register_delegated_administrator(AccountId=CENTRAL_ACCOUNT, ServicePrincipal=CLOUDWATCH)
    cloud.client("iam").create_service_linked_role(AWSServiceName=PRINCIPAL)


def rule(
    *,
    scope: str = "*",
    regions: tuple[str, ...] = (HOME, IRELAND),
    groups: str = "*",
    encrypted: str = "ALLOW",
    region: str = HOME,
    **copies: Json,
) -> Json:
    """A rule that copies to the central account, unless told otherwise all of everything."""
    return {
        "Source": {
            "Regions": list(regions),
            "Scope": scope,
            "SourceLogsConfiguration": {
                "LogGroupSelectionCriteria": groups,
                "EncryptedLogGroupStrategy": encrypted,
            },
        },
        "Destination": {
            "Account": CENTRAL_ACCOUNT,
            "Region": region,
            "DestinationLogsConfiguration": copies,
        },
    }


def create(api: Any, properties: Json, name: str = "central-logs") -> str:
    """Make a rule; gives its ARN."""
    created = api.create_centralization_rule_for_organization(RuleName=name, Rule=properties)
    arn: str = created["RuleArn"]
    return arn


def delete_rules(cloud: LocalCloud) -> None:
    """Forget every rule of the organisation."""
    api = cloud.client("observabilityadmin")
    listed = api.list_centralization_rules_for_organization(AllRegions=True)
    for found in listed["CentralizationRuleSummaries"]:
        api.delete_centralization_rule_for_organization(RuleIdentifier=found["RuleArn"])


def ours(key_arn: str, **more: str) -> Json:
    """The encryption of copies with a key."""
    return {"EncryptionStrategy": "CUSTOMER_MANAGED", "KmsKeyArn": key_arn, **more}


def key(cloud: LocalCloud, *statements: Json, tagged: bool = True, region: str = HOME) -> str:
    """A key of the central account with a policy of these statements; gives its ARN."""
    tags = [{"TagKey": "LogsManaged", "TagValue": "true"}] if tagged else []
    kms = cloud.client("kms", CENTRAL_ACCOUNT, region)
    created = kms.create_key(Policy=made.policy(*statements), Tags=tags)
    arn: str = created["KeyMetadata"]["Arn"]
    return arn


def logs_may_use(region: str = HOME, groups: str = "/app/*") -> Json:
    """What lets CloudWatch Logs of a region use a key, for log groups of these names."""
    context = f"arn:aws:logs:{HOME}:{CENTRAL_ACCOUNT}:log-group:{groups}"
    return {
        **made.allow("kms:GenerateDataKey"),
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": context}},
    }


def messages(
    cloud: LocalCloud, group: str, account: str = CENTRAL_ACCOUNT, region: str = HOME
) -> list[tuple[str, str]]:
    """Stream and text of everything in a log group; nothing where there is none."""
    logs: Any = cloud.client("logs", account, region)
    try:
        events = logs.filter_log_events(logGroupName=group)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [(event["logStreamName"], event["message"]) for event in events]
