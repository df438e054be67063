"""What CloudWatch needs before it copies log groups, and whose rules copy here as well."""

from typing import Any, Final

from infra.names import CENTRALISATION_RULE
from ops.answer import Answer, error, ok, warning
from ops.checks.organisation import administers
from ops.refusal import DENIED, unless
from ops.view import View

CLOUDWATCH: Final = "observabilityadmin.amazonaws.com"
"""Service principal under which CloudWatch works for an organisation:
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-cloudwatch.html"""

ROLE: Final = "AWSServiceRoleForObservabilityAdmin_LogsCentralization"
ROLE_OF: Final = "logs-centralization.observabilityadmin.amazonaws.com"
"""Who takes the role:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-service-linked-roles.html"""

MOST_RULES: Final = 50
"""In a region, unless it was raised:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""


def trusted_access(_region: str, view: View) -> Answer:
    """CloudWatch may act in the organisation.

    Only the management account and delegated administrators may ask.

    Reference: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html
    """
    organizations = view.client("organizations")
    pages = organizations.get_paginator("list_aws_service_access_for_organization")
    listed = unless(DENIED, lambda: list(pages.paginate()))
    found = {
        s["ServicePrincipal"] for page in listed or () for s in page["EnabledServicePrincipals"]
    }
    if CLOUDWATCH in found:
        return ok(f"{CLOUDWATCH} has it")
    return error(
        "which services have it, may not be asked from here"
        if listed is None
        else f"{len(found)} services have it, CloudWatch has not",
        CLOUDWATCH,
        f"aws organizations enable-aws-service-access --service-principal {CLOUDWATCH}, "
        "in the management account",
    )


def administrator(_region: str, view: View) -> Answer:
    """The central account is a delegated administrator of CloudWatch."""
    return administers(CLOUDWATCH, view)


def service_role(_region: str, view: View) -> Answer:
    """The central account has the role by which CloudWatch writes copies.

    AWS makes it when trusted access is given in the console, and only then.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
    """
    iam = view.client("iam")
    if unless({"NoSuchEntity"}, lambda: iam.get_role(RoleName=ROLE)):
        return ok(ROLE)
    return error(
        f"no {ROLE}",
        "the role, or nothing is copied",
        f"aws iam create-service-linked-role --aws-service-name {ROLE_OF}",
    )


def rules(region: str, view: View) -> Answer:
    """No other rule copies to the central account, and there is room for ours.

    Reference: https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_ListCentralizationRulesForOrganization.html
    """
    observability = view.client("observabilityadmin", region)
    pages = observability.get_paginator("list_centralization_rules_for_organization")
    listed = [
        rule
        for page in pages.paginate(AllRegions=True)
        for rule in page["CentralizationRuleSummaries"]
    ]
    here = [rule for rule in listed if rule["CreatedRegion"] == region]
    foreign = [rule for rule in listed if _copies_here_as_well(rule, region, view)]
    if foreign:
        return warning(
            f"{foreign[0]['RuleName']} of {foreign[0]['CreatedRegion']} copies to "
            f"{view.config.central.account} in {region} as well",
            f"{CENTRALISATION_RULE} alone: copies of others are subscribed like every log group, "
            "and count as the central account's own",
            "when its owner agrees: aws observabilityadmin "
            f"delete-centralization-rule-for-organization --rule-identifier "
            f"{foreign[0]['RuleName']} --region {foreign[0]['CreatedRegion']}",
        )
    if len(here) >= MOST_RULES and not view.owned("centralisation"):
        return error(
            f"{len(here)} rules in {region}",
            f"less than {MOST_RULES}, unless the quota was raised",
            "aws service-quotas request-service-quota-increase --service-code observabilityadmin "
            f"--quota-code L-B8EC8109 --desired-value {len(here) + 1} --region {region}",
        )
    return ok(f"{len(here)} of {MOST_RULES} rules")


def _copies_here_as_well(rule: dict[str, Any], region: str, view: View) -> bool:
    place = (rule.get("DestinationAccountId"), rule.get("DestinationRegion"))
    is_ours = (rule["RuleName"], rule["CreatedRegion"]) == (CENTRALISATION_RULE, region)
    return place == (view.config.central.account, region) and not is_ours
