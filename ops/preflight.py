"""Looks at the central account before a deployment, and changes nothing.

Each row of ``CHECKS`` is one kind of thing that has stopped a deployment, or made it deliver
nothing. What needs the credentials of another account is in ``ops.elsewhere``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.config import DeploymentConfig
from ops.answer import Finding
from ops.check import Check, findings
from ops.checks import (
    access,
    bootstrap,
    buckets,
    capacity,
    centralisation,
    enrichment,
    identity,
    login,
    names,
    organisation,
    redaction,
    search,
    subscriptions,
)
from ops.view import View


def _central(config: DeploymentConfig) -> Mapping[str, str]:
    return {config.central.region: config.central.region}


def _regions(config: DeploymentConfig) -> Mapping[str, str]:
    return {region: region for region in config.regions}


def _doors(config: DeploymentConfig) -> Mapping[str, str]:
    return {region: region for region in config.doors}


def _centralised(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.members.centralises else {}


def _by_units(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.members.units else {}


def _with_organisation(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.enrichment.organisation.enabled else {}


OWNED = "cloudformation:ListStackResources"

IDENTITY = Check("identity", _central, identity.caller, ("sts:GetCallerIdentity",))

CHECKS: tuple[Check[Any], ...] = (
    Check("region", _regions, identity.region_enabled, ("account:GetRegionOptStatus",)),
    Check("bootstrap", _regions, bootstrap.version, ("ssm:GetParameter",)),
    Check(
        "organisation", _central, organisation.organisation, ("organizations:DescribeOrganization",)
    ),
    Check(
        "organisation's accounts",
        _with_organisation,
        organisation.readable_accounts,
        ("organizations:ListAccounts",),
    ),
    Check(
        "delegated administrator",
        _by_units,
        organisation.administrator,
        ("organizations:ListDelegatedAdministrators",),
    ),
    Check(
        "trusted access",
        _by_units,
        organisation.trusted_access,
        ("cloudformation:DescribeOrganizationsAccess",),
    ),
    Check(
        "CloudWatch's trusted access",
        _centralised,
        centralisation.trusted_access,
        ("organizations:ListAWSServiceAccessForOrganization",),
    ),
    Check(
        "CloudWatch's delegated administrator",
        _centralised,
        centralisation.administrator,
        ("organizations:ListDelegatedAdministrators",),
    ),
    Check(
        "CloudWatch's service-linked role",
        _centralised,
        centralisation.service_role,
        ("iam:GetRole",),
    ),
    Check(
        "centralisation rules",
        _centralised,
        centralisation.rules,
        ("observabilityadmin:ListCentralizationRulesForOrganization", OWNED),
    ),
    Check(
        "account policy", _doors, subscriptions.account_policy, ("logs:DescribeAccountPolicies",)
    ),
    Check(
        "subscription filters",
        _doors,
        subscriptions.log_group_filters,
        ("logs:DescribeLogGroups", "logs:DescribeSubscriptionFilters"),
    ),
    Check("log classes", _regions, subscriptions.log_classes, ("logs:DescribeLogGroups",)),
    Check(
        "name",
        names.claims,
        names.name_free,
        (
            OWNED,
            "es:DescribeDomain",
            "events:DescribeEventBus",
            "iam:GetRole",
            "kinesis:DescribeStreamSummary",
            "kms:ListAliases",
            "logs:DescribeDestinations",
            "observabilityadmin:GetCentralizationRuleForOrganization",
            "sqs:GetQueueUrl",
        ),
    ),
    Check("Kinesis quota", _central, capacity.streams, ("kinesis:DescribeLimits", OWNED)),
    Check(
        "Lambda concurrency", _central, capacity.concurrency, ("lambda:GetAccountSettings", OWNED)
    ),
    Check(
        "OpenSearch quota",
        _central,
        capacity.domains,
        ("es:ListDomainNames", "servicequotas:GetServiceQuota", OWNED),
    ),
    Check(
        "instance type",
        search.instance_types,
        search.instance_type,
        ("es:DescribeInstanceTypeLimits",),
    ),
    Check("service-linked role", _central, search.service_role, ("iam:GetRole",)),
    Check(
        "log bucket",
        buckets.own_buckets,
        buckets.announces,
        ("s3:GetBucketLocation", "s3:GetBucketNotification"),
    ),
    Check(
        "enrichment",
        enrichment.brought,
        enrichment.readable,
        ("s3:GetObject", "s3:ListBucket", OWNED),
    ),
    Check(
        "redaction", redaction.secrets, redaction.secret_kept, ("secretsmanager:DescribeSecret",)
    ),
    Check("permission boundary", access.boundaries, access.boundary, ("iam:GetPolicy",)),
    Check("break glass", access.users, access.second_factor, ("iam:GetUser", "iam:ListMFADevices")),
    Check(
        "break glass is heard",
        access.heard,
        access.logging_trail,
        (
            "cloudtrail:DescribeTrails",
            "cloudtrail:GetEventSelectors",
            "cloudtrail:GetTrailStatus",
        ),
    ),
    Check(
        "sign-in",
        login.ways,
        login.there,
        (
            "cognito-identity:DescribeIdentityPool",
            "cognito-idp:DescribeUserPool",
            "cognito-idp:DescribeUserPoolDomain",
            "sso:ListInstances",
            OWNED,
        ),
    ),
)
"""In the order in which they are reported: what explains others comes first."""


def preflight(view: View) -> Iterator[Finding]:
    """Look at everything that the configuration has, unless this is another account."""
    for found in findings(IDENTITY, view):
        yield found
        if found.answer.status == "error":
            return
    for check in CHECKS:
        yield from findings(check, view)


def policy(config: DeploymentConfig) -> dict[str, Any]:
    """An IAM policy with the rights of the checks that have something to look at; all only read."""
    wanted = (check for check in (IDENTITY, *CHECKS) if check.subjects(config))
    rights = {right for check in wanted for right in check.needs}
    statement = {"Effect": "Allow", "Action": sorted(rights), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
