"""What preflight expects is what the templates demand."""

from infra.config.objects import LogBucket, Objects
from ops.checks.bootstrap import LEAST
from ops.checks.names import claims
from tests.infra.deployment import Deployment

RULE = "AWS::ObservabilityAdmin::OrganizationCentralizationRule"

NAMES = {
    "AWS::Events::EventBus": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::DeliveryDestination": "Name",
    "AWS::Logs::Destination": "DestinationName",
    RULE: "RuleName",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
}
"""The property that fixes a resource's name, of all types that a deployment might fix it for."""


type Name = tuple[str, str, str]
"""Stack, type and name."""


def fixed(deployment: Deployment) -> set[Name]:
    return {
        (stack, resource["Type"], name)
        for stack, template in deployment.templates.items()
        for resource in template.body["Resources"].values()
        if (name := resource.get("Properties", {}).get(NAMES.get(resource["Type"], "")))
    }


def claimed(deployment: Deployment) -> set[Name]:
    return {
        (claim.kind.stack, claim.kind.type, claim.kind.name)
        for claim in claims(deployment.config).values()
    }


def test_every_name_that_the_templates_fix_is_claimed(deployment: Deployment) -> None:
    assert claimed(deployment) == fixed(deployment)


def test_every_name_of_log_files_is_claimed(options: Deployment) -> None:
    fixed_there, claimed_there = (
        {name for name in names if name[0].startswith(("files", "pipeline"))}
        for names in (fixed(options), claimed(options))
    )

    assert claimed_there == fixed_there
    assert len({stack for stack, _, _ in fixed_there}) == 3


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

    assert added == {"queue · us-east-1", "reader's role · us-east-1"}


def test_every_bootstrap_version_that_the_templates_refuse_is_too_old(
    deployment: Deployment,
) -> None:
    for template in deployment.templates.values():
        [rule] = template.body["Rules"]["CheckBootstrapVersion"]["Assertions"]
        [refused] = rule["Assert"].values()
        versions, _ = refused[0]["Fn::Contains"]

        assert max(map(int, versions)) + 1 == LEAST
