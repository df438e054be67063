"""Kinds of resource that several parts of a deployment give a fixed name to."""

from infra.resource_policies import partition
from ops.checks.claims.claim import Kind
from ops.refusal import unless
from ops.view import View


def role(name: str, stack: str) -> Kind:
    """A role; IAM has it once, whichever region its stack is in."""

    def look(view: View, _region: str) -> str:
        """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html."""
        iam = view.client("iam")
        found = unless({"NoSuchEntity"}, lambda: iam.get_role(RoleName=name))
        return str(found["Role"]["Arn"]) if found else ""

    delete = "aws iam delete-role --role-name {name}, after its policies"
    return Kind(name, "AWS::IAM::Role", stack, look, delete)


def managed_policy(name: str, stack: str) -> Kind:
    """A policy that others attach; IAM has it once as well."""

    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html."""
        iam, account = view.client("iam"), view.config.central.account
        arn = f"arn:{partition(region)}:iam::{account}:policy/{name}"
        found = unless({"NoSuchEntity"}, lambda: iam.get_policy(PolicyArn=arn))
        return str(found["Policy"]["Arn"]) if found else ""

    delete = "aws iam delete-policy --policy-arn {found}, after it is detached everywhere"
    return Kind(name, "AWS::IAM::ManagedPolicy", stack, look, delete)


def bus(name: str, stack: str) -> Kind:
    """An event bus."""

    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html."""
        events = view.client("events", region)
        found = unless({"ResourceNotFoundException"}, lambda: events.describe_event_bus(Name=name))
        return str(found["Arn"]) if found else ""

    delete = "aws events delete-event-bus --name {name} --region {region}, after its rules"
    return Kind(name, "AWS::Events::EventBus", stack, look, delete)


def log_group(name: str, stack: str) -> Kind:
    """A log group."""

    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html.

        The name itself comes first of all that begin with it.
        """
        logs = view.client("logs", region)
        listed = logs.describe_log_groups(logGroupNamePrefix=name, limit=1)["logGroups"]
        return next((f"log group {name}" for g in listed if g["logGroupName"] == name), "")

    delete = (
        "when nobody needs what it holds: "
        "aws logs delete-log-group --log-group-name {name} --region {region}"
    )
    return Kind(name, "AWS::Logs::LogGroup", stack, look, delete)
