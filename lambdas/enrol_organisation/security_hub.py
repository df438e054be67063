"""Security Hub in the central region, and the regions that are linked to it.

Both may be there already: Security Hub can come with being made administrator, and an account has
one hub and one aggregator. CloudFormation would make a second one, which is an error.

References:
    - https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html
    - https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_CreateFindingAggregator.html
"""

from typing import Any

from botocore.exceptions import ClientError

from lambdas.enrol_organisation.request import Choices

THERE = "ResourceConflictException"


def enrol(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    """Switch the hub on and link ``{"linked_regions": ["eu-west-1"]}``."""
    hub = "made" if _made(client) else "found"
    linked = choices["linked_regions"]
    regions = {"Regions": linked} if linked else {}
    mode = {"RegionLinkingMode": "SPECIFIED_REGIONS" if linked else "NO_REGIONS", **regions}
    found = client.list_finding_aggregators()["FindingAggregators"]
    if found:
        [known] = found
        client.update_finding_aggregator(FindingAggregatorArn=known["FindingAggregatorArn"], **mode)
    else:
        client.create_finding_aggregator(**mode)
    return f"hub {hub}, {len(linked)} regions linked"


def leave() -> str:
    """Leave the hub on: an administrator cannot be without one while it has members."""
    return "the hub stays on; accounts keep what they have and manage it themselves"


def _made(client: Any) -> bool:  # noqa: ANN401  a boto3 client
    """Make the hub, without standards, which the configuration policy brings."""
    try:
        client.enable_security_hub(
            EnableDefaultStandards=False, ControlFindingGenerator="SECURITY_CONTROL"
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] != THERE:
            raise
        return False
    return True
