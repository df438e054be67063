"""Physical names that another account or region must type; everything else is unnamed.

They are fixed for good: a Destination that is replaced disables every subscription to it, and an
account policy can leave out log groups by exact name only.
"""

from typing import Final

CENTRAL_LOGS: Final = "central-logs"
"""Name of the Destination, the stream, the event buses and the domain."""

PRIVATE_DOMAIN: Final = f"{CENTRAL_LOGS}-private"
"""Name of the domain in a VPC: one never becomes the other, so both can stand side by side."""

FUNCTION_LOGS: Final = "/central-logs/"
"""Prefix of the functions' own log groups."""

KEY_ALIAS: Final = "alias/central-logs"
"""By this alias a door in another region may use the key, whose id it cannot know."""

MANAGED_TAG: Final = "LogsManaged"
"""Without this tag the centralisation of CloudWatch may not use a key:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html"""

OBJECTS_QUEUE: Final = "central-logs-objects"
"""Queue that buckets announce their objects to; a bucket of another account names it."""

OBJECTS_BUS: Final = "central-logs-objects"
"""Event bus that buckets of other regions announce their objects to, through a rule there."""

OBJECTS_ROLE: Final = "central-logs-read-objects"
"""Role of the function that reads objects; the policy of a bucket of another account names it."""

LOG_DELIVERY: Final = "central-logs"
"""Delivery destination of each region; a delivery of another account names it."""

SETUP_ROLE: Final = "central-logs-search-setup"
"""Role of the setup function, which the domain's master user trusts."""

MEMBER_STACK_SET: Final = "central-logs-members"
"""The StackSet that onboards accounts; its stacks are ``StackSet-central-logs-members-...``."""

HOSTS: Final = "central-logs-hosts"
"""Name of the document and of the association that install and configure the CloudWatch agent."""

CENTRALISATION_RULE: Final = "central-logs"
"""The rule by which CloudWatch copies members' log groups."""

LAUNCH_BASELINE_ROLE: Final = "central-logs-launch-baseline"
"""Service Catalog launches the member baseline with the role of this name, in any account."""

LAUNCH_APPLICATION_ROLE: Final = "central-logs-launch-application"
"""The same for the onboarding of one application."""

READ_LOG_GROUPS_ROLE: Final = "central-logs-read-log-groups"
"""The role that the check of log groups takes in each account."""

CHECK_LOG_GROUPS: Final = "central-logs-check-log-groups"
"""Function that members' Config rules call; with the region, its role, which members trust."""

SELF_SERVICE_ROLES: Final = "central-logs-self-service-roles"
"""The StackSet that gives accounts the three roles above."""

LOG_GROUP_RULES: Final = "central-logs-log-group-rules"
"""The StackSet that gives accounts the Config rules for their log groups."""

STACK_SETS: Final = (MEMBER_STACK_SET, SELF_SERVICE_ROLES, LOG_GROUP_RULES)
"""Every StackSet that a deployment may have."""

TRAIL: Final = "central-logs"
"""The organisation's trail, which the policies of its bucket, key and role name."""

TRAIL_LOGS: Final = "/aws/cloudtrail/central-logs"
"""The trail's log group, which the pipeline reads like any account's; no function writes to it."""

INDEX: Final = "logs-inbox"
"""The one index that sinks write to."""

ARCHIVE_PREFIX: Final = "raw/"
REJECT_PREFIX: Final = "rejects/"
UNDELIVERED_PREFIX: Final = "undelivered/"
ENRICHMENT_PREFIX: Final = "enrichment/"

ORGANISATION_KEY: Final = f"{ENRICHMENT_PREFIX}organisation.json"
"""The organisation's snapshot: one writes it, the other reads it."""


def function_log_group(function: str) -> str:
    """The log group of one of our functions: ``/central-logs/normalise``."""
    return f"{FUNCTION_LOGS}{function}"


def stack_name(stage: str, *parts: str) -> str:
    """A stack of a deployment: ``CentralLogs-sandbox-door-eu-west-1``."""
    return "-".join(("CentralLogs", stage, *parts))


def log_bucket(account: str, region: str) -> str:
    """A region's own bucket for log files: ``central-logs-111111111111-eu-west-1``."""
    return f"{CENTRAL_LOGS}-{account}-{region}"


def trail_arn(partition: str, region: str, management_account: str) -> str:
    """The organisation's trail, which belongs to the management account whoever makes it.

    Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
    """
    return f"arn:{partition}:cloudtrail:{region}:{management_account}:trail/{TRAIL}"


def objects_bus_arn(account: str, region: str, partition: str) -> str:
    """The bus that rules of other regions have as their target."""
    return f"arn:{partition}:events:{region}:{account}:event-bus/{OBJECTS_BUS}"


def policy_name(region: str) -> str:
    """The account policy of a region; its end tells the core where a log comes from."""
    return f"{CENTRAL_LOGS}-{region}"


def agent_parameter(platform: str) -> str:
    """The agent's configuration for ``linux`` or ``windows``.

    The beginning is the one that AWS's own policy for the agent may read.

    Reference: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchAgentServerPolicy.html
    """
    return f"AmazonCloudWatch-{CENTRAL_LOGS}-{platform}"


def host_policy_name(region: str) -> str:
    """What an instance profile needs in a region; IAM is not regional, so the region is in it."""
    return f"{CENTRAL_LOGS}-host-{region}"


def hybrid_role_name(region: str) -> str:
    """The role of machines outside AWS that are registered in a region."""
    return f"{CENTRAL_LOGS}-hybrid-{region}"


def check_role(region: str) -> str:
    """Role of the check of log groups: ``central-logs-check-log-groups-eu-west-1``."""
    return f"{CHECK_LOG_GROUPS}-{region}"


def log_group_rule(finding: str) -> str:
    """The Config rule that finds log groups without a ``retention``, for example."""
    return f"{CENTRAL_LOGS}-log-group-{finding}"


def telemetry_rule(kind: str) -> str:
    """The rule that switches a kind of log on in the organisation: ``central-logs-vpc-flow``."""
    return f"{CENTRAL_LOGS}-{kind.replace('_', '-')}"


def slow_logs_policy(domain: str) -> str:
    """The resource policy of CloudWatch Logs by which a domain writes its slow logs."""
    return f"{domain}-search"
