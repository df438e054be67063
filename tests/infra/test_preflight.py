"""What preflight expects is what the templates demand."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from infra.config.hosts import Hosts
from infra.config.objects import LogBucket, Objects
from ops.checks.bootstrap import LEAST
from ops.checks.names import claims
from tests.infra.deployment import Deployment, Resource

RULE = "AWS::ObservabilityAdmin::OrganizationCentralizationRule"

NAMES = {
    "AWS::CloudFormation::StackSet": "StackSetName",
    "AWS::Config::ConfigRule": "ConfigRuleName",
    "AWS::Events::EventBus": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::DeliveryDestination": "Name",
    "AWS::Logs::Destination": "DestinationName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::ResourcePolicy": "PolicyName",
    RULE: "RuleName",
    "AWS::ObservabilityAdmin::OrganizationTelemetryRule": "RuleName",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Association": "AssociationName",
    "AWS::SSM::Document": "Name",
    "AWS::SSM::Parameter": "Name",
}
"""The property that fixes a resource's name, of all types that a deployment might fix it for."""

UNCLAIMED = {
    "AWS::Cognito::UserPoolDomain": "the check of the sign-in looks at it",
    "AWS::Cognito::UserPoolGroup": "is named within its user pool",
    "AWS::Config::ConfigurationAggregator": "has a check of its own",
    "AWS::IAM::Policy": "is named within its role",
    "AWS::Logs::AccountPolicy": "has a check of its own",
    "AWS::Logs::LogStream": "is named within its log group",
    "AWS::SecurityHub::ConfigurationPolicy": "AWS makes up its id; no page says that names are one",
    "AWS::ServiceCatalog::CloudFormationProduct": "AWS makes up its id, and takes any name twice",
}
"""Types with a name that stops nobody, or that another check looks at, and why."""

NAMING = re.compile(r"(Name|^Domain)$")
"""Properties by which a resource may be named."""

OF_OTHERS = {"MetricName", "ServiceName", "DisplayName", "ProviderName", "LocalRoleName"}
"""Such properties that name no resource, or another one."""


type Name = tuple[str, str, str]
"""Stack, type and name."""


def central(deployment: Deployment) -> Iterator[tuple[str, Resource]]:
    """Resources of the central account with their stack, without those of other members alone."""
    account = deployment.config.central.account
    for stack, template in deployment.templates.items():
        if not stack.startswith("member-") or stack.startswith(f"member-{account}-"):
            for resource in template.body["Resources"].values():
                if "Condition" not in resource:
                    yield stack, resource


def fixed(deployment: Deployment) -> set[Name]:
    return {
        (stack, resource["Type"], name)
        for stack, resource in central(deployment)
        if (name := resource.get("Properties", {}).get(NAMES.get(resource["Type"], "")))
    }


def claimed(deployment: Deployment) -> set[Name]:
    return {
        (claim.kind.stack, claim.kind.type, claim.kind.name)
        for claim in claims(deployment.config).values()
    }


def test_every_name_that_the_templates_fix_is_claimed(any_deployment: Deployment) -> None:
    assert claimed(any_deployment) == fixed(any_deployment)


def test_every_type_with_a_name_is_claimed_or_left_out_for_a_reason(options: Deployment) -> None:
    named = {
        resource["Type"]
        for _, resource in central(options)
        for key, value in resource.get("Properties", {}).items()
        if NAMING.search(key) and key not in OF_OTHERS and isinstance(value, str)
    }

    assert named - NAMES.keys() == UNCLAIMED.keys()


@pytest.mark.parametrize(
    ("accounts", "is_claimed"),
    [((), False), (("222222222222",), False), (("111111111111",), True), ("all", True)],
)
def test_the_hybrid_role_is_claimed_where_the_central_account_has_machines(
    sandbox: Deployment, accounts: Any, *, is_claimed: bool
) -> None:
    hosts = Hosts(enabled=True, hybrid_accounts=accounts)
    config = sandbox.config.model_copy(update={"hosts": hosts})

    roles = {f"hybrid role · {region}" for region in config.regions}

    assert claims(config).keys() & roles == (roles if is_claimed else set())


@pytest.mark.parametrize("section", ["hosts", "self_service", "organisation_sources"])
def test_what_an_option_names_is_claimed_with_the_option_alone(
    options: Deployment, sandbox: Deployment, section: str
) -> None:
    chosen = sandbox.config.model_copy(update={section: getattr(options.config, section)})

    added = claims(chosen).keys() - claims(sandbox.config).keys()

    assert len(added) >= 8


def test_the_rule_and_one_door_are_claimed_where_members_are_centralised(
    options: Deployment, sandbox: Deployment
) -> None:
    members = sandbox.config.members.model_copy(update={"mode": "centralise"})
    centralised = sandbox.config.model_copy(update={"members": members})

    changed = claims(centralised).keys() ^ claims(sandbox.config).keys()

    assert changed == {"centralisation rule · us-east-1", "Destination · eu-west-1"}
    rule = options.stack("centralisation").one(RULE)
    assert claims(centralised)["centralisation rule · us-east-1"].kind.name == rule["RuleName"]


def test_the_queue_is_claimed_where_log_files_are_read(sandbox: Deployment) -> None:
    objects = Objects(buckets=(LogBucket(name="example-org-logs"),))
    reading = sandbox.config.model_copy(update={"objects": objects})

    added = claims(reading).keys() - claims(sandbox.config).keys()

    assert added == {
        "queue · us-east-1",
        "reader's role · us-east-1",
        "log group read_objects · us-east-1",
    }


def test_every_bootstrap_version_that_the_templates_refuse_is_too_old(
    deployment: Deployment,
) -> None:
    for template in deployment.templates.values():
        [rule] = template.body["Rules"]["CheckBootstrapVersion"]["Assertions"]
        [refused] = rule["Assert"].values()
        versions, _ = refused[0]["Fn::Contains"]

        assert max(map(int, versions)) + 1 == LEAST
