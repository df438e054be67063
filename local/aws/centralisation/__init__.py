"""CloudWatch's centralisation rules: log groups of an organisation copied to one place.

Played: rules with scope, regions, log group selection, the strategy for encrypted groups, the
destination's encryption, names by pattern, and a backup region; trusted access, delegated
administrators and the service-linked role; who may use the destination's key.

Not played: selection by data source, metrics, tags and the context graph, log classes, throughput,
and the wait until a new rule is healthy. AWS does not document what the suffix of a copied stream
looks like, whether units hold those below them, or whether groups of the very place that a rule
copies to are copied as well: here it is ``_ACCOUNT_REGION``, they do, and they are.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
"""

from ministack import app as gateway
from ministack.core import iam_actions
from ministack.services import cloudwatch_logs, iam, kms

from local.aws import patching
from local.aws.centralisation import api, copying
from local.aws.centralisation.resource import TYPES
from local.aws.cloudformation import register
from local.aws.settings import Settings

SERVICE = "observabilityadmin"


def apply(_settings: Settings) -> None:
    """Answer the API under IAM, know the resource type, and copy what is put into log groups."""
    patching.require(cloudwatch_logs, "_create_log_group", "_create_log_stream", "_log_groups")
    patching.require(cloudwatch_logs, "_put_log_events")
    patching.require(iam, "_roles")
    patching.require(kms, "_resolve_key")
    patching.add_entry(gateway, "SERVICE_HANDLERS", SERVICE, api.handle)
    patching.add_entry(iam_actions, "SERVICE_TO_IAM_NAMESPACE", SERVICE, SERVICE)
    patching.add_entry(iam_actions, "_BOTOCORE_SERVICE_MAP", SERVICE, [SERVICE])
    for name, resource in TYPES.items():
        register(name, resource)
    patching.wrap(cloudwatch_logs, "_fanout_to_subscription_filters", copying.with_copies)
