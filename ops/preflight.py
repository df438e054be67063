"""Looks at the central account before a deployment, and changes nothing.

Each row of ``CHECKS`` is one kind of thing that has stopped a deployment, or made it deliver
nothing. What needs the credentials of another account is in ``ops.elsewhere``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.config import DeploymentConfig
from ops import tree
from ops.answer import Finding
from ops.check import Check, findings, policy_of, rights
from ops.checks import (
    access,
    bootstrap,
    brought_bucket,
    brought_domain,
    brought_key,
    brought_stream,
    buckets,
    capacity,
    centralisation,
    control_policies,
    enrichment,
    firehose,
    identity,
    left_behind,
    login,
    names,
    network,
    organisation,
    redaction,
    search,
    sources,
    stack_set_limits,
    subscriptions,
    ways_out,
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


def _by_stack_sets(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.members.units or config.self_service.units else {}


def _with_self_service(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.self_service.units else {}


def _deployed(config: DeploymentConfig) -> Mapping[str, str]:
    return {region: region for region in dict.fromkeys((*config.regions, *config.log_file_regions))}


def _of_an_organisation(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.organisation else {}


def _with_organisation(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.enrichment.organisation.enabled else {}


def _with_stream(config: DeploymentConfig) -> Mapping[str, str]:
    return {} if config.stream.existing else _central(config)


def _with_domain(config: DeploymentConfig) -> Mapping[str, str]:
    return {} if config.search.existing else _central(config)


def _with_trail(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.organisation_sources.trail.enabled else {}


def _with_recorder(config: DeploymentConfig) -> Mapping[str, str]:
    on = config.organisation_sources.on
    return _regions(config) if "config" in on or "security_hub" in on else {}


def _with_aggregator(config: DeploymentConfig) -> Mapping[str, str]:
    return _central(config) if config.organisation_sources.config.enabled else {}


OWNED = "cloudformation:ListStackResources"
DESCRIBES = "es:DescribeDomain"

IDENTITY = Check("identity", _central, identity.caller, ("sts:GetCallerIdentity",))

CHECKS: tuple[Check[Any], ...] = (
    Check("region", _deployed, identity.region_enabled, ("account:GetRegionOptStatus",)),
    Check("bootstrap", _deployed, bootstrap.version, ("ssm:GetParameter",)),
    Check(
        "organisation",
        _of_an_organisation,
        organisation.organisation,
        ("organizations:DescribeOrganization",),
    ),
    Check(
        "organisation's accounts",
        _with_organisation,
        organisation.readable_accounts,
        ("organizations:ListAccounts",),
    ),
    Check(
        "delegated administrator",
        _by_stack_sets,
        organisation.administrator,
        ("organizations:ListDelegatedAdministrators",),
    ),
    Check(
        "trusted access",
        _by_stack_sets,
        organisation.trusted_access,
        ("cloudformation:DescribeOrganizationsAccess",),
    ),
    Check(
        "control policies of an account",
        control_policies.accounts,
        control_policies.account_allows,
        control_policies.READS,
    ),
    Check(
        "control policies of a unit",
        control_policies.units,
        control_policies.unit_allows,
        control_policies.READS,
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
        "portfolio administrator",
        _with_self_service,
        organisation.portfolio_administrator,
        ("organizations:ListDelegatedAdministrators",),
    ),
    Check(
        "portfolio access",
        _with_self_service,
        organisation.portfolio_access,
        ("servicecatalog:GetAWSOrganizationsAccessStatus",),
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
    Check("name", names.claims, names.name_free, names.NEEDS),
    Check("Kinesis quota", _with_stream, capacity.streams, ("kinesis:DescribeLimits", OWNED)),
    Check(
        "Lambda concurrency", _central, capacity.concurrency, ("lambda:GetAccountSettings", OWNED)
    ),
    Check(
        "OpenSearch quota",
        _with_domain,
        capacity.domains,
        ("es:ListDomainNames", "servicequotas:GetServiceQuota", OWNED),
    ),
    Check(
        "Firehose quota",
        _central,
        firehose.delivery_streams,
        ("firehose:ListDeliveryStreams", "servicequotas:GetServiceQuota", OWNED),
    ),
    Check(
        "Direct PUT quota",
        firehose.by_firehose,
        firehose.direct_put,
        ("cloudformation:DescribeStacks", "cloudwatch:GetMetricStatistics", OWNED),
    ),
    Check(
        "StackSets quota", _by_stack_sets, stack_set_limits.sets, ("cloudformation:ListStackSets",)
    ),
    Check(
        "stacks of a StackSet", stack_set_limits.every_set, stack_set_limits.instances, tree.READS
    ),
    Check(
        "instance type",
        search.instance_types,
        search.instance_type,
        ("es:DescribeInstanceTypeLimits",),
    ),
    Check("service-linked role", _with_domain, search.service_role, ("iam:GetRole",)),
    Check("place of the domain", _with_domain, left_behind.domain_stays, (OWNED, DESCRIBES)),
    Check(
        "zones",
        network.made_networks,
        network.zones_usable,
        ("ec2:DescribeAvailabilityZones", "ec2:DescribeVpcEndpointServices"),
    ),
    Check(
        "VPC",
        network.given_vpcs,
        network.vpc_usable,
        ("ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"),
    ),
    Check("subnets", network.given_vpcs, network.subnets_usable, ("ec2:DescribeSubnets", OWNED)),
    Check(
        "security groups",
        network.given_vpcs,
        network.groups_usable,
        ("ec2:DescribeSecurityGroups",),
    ),
    Check(
        "ways out",
        network.given_vpcs,
        ways_out.ways_out,
        ("ec2:DescribeRouteTables", "ec2:DescribeVpcEndpoints", OWNED),
    ),
    Check("made before", left_behind.brought, left_behind.still_made, (OWNED,)),
    Check(
        "key",
        brought_key.keys,
        brought_key.key_usable,
        ("kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
    ),
    Check("key policy", brought_key.keys, brought_key.key_policy, ("kms:GetKeyPolicy",)),
    Check(
        "bucket",
        brought_bucket.buckets,
        brought_bucket.bucket_usable,
        ("s3:GetBucketLocation", "s3:GetBucketOwnershipControls", "s3:GetBucketVersioning"),
    ),
    Check(
        "bucket's encryption",
        brought_bucket.buckets,
        brought_bucket.bucket_encryption,
        ("s3:GetEncryptionConfiguration",),
    ),
    Check(
        "bucket's lock",
        brought_bucket.buckets,
        brought_bucket.bucket_lock,
        ("s3:GetBucketObjectLockConfiguration",),
    ),
    Check(
        "bucket policy",
        brought_bucket.buckets,
        brought_bucket.bucket_policy,
        ("s3:GetBucketPolicy",),
    ),
    Check(
        "stream",
        brought_stream.streams,
        brought_stream.stream_usable,
        ("kinesis:DescribeStreamSummary",),
    ),
    Check("domain", brought_domain.domains, brought_domain.domain_usable, (DESCRIBES,)),
    Check("domain policy", brought_domain.domains, brought_domain.domain_policy, (DESCRIBES,)),
    Check("master role", brought_domain.domains, brought_domain.master_role, ("iam:GetRole",)),
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
        "administrator",
        sources.handed_over,
        sources.administrator,
        (
            "guardduty:DescribeOrganizationConfiguration",
            "guardduty:ListDetectors",
            "inspector2:GetDelegatedAdminAccount",
            "organizations:ListDelegatedAdministrators",
            "securityhub:DescribeOrganizationConfiguration",
        ),
    ),
    Check("trails", _with_trail, sources.trails, ("cloudtrail:DescribeTrails",)),
    Check(
        "Config recorder",
        _with_recorder,
        sources.recorder,
        ("config:DescribeConfigurationRecorderStatus",),
    ),
    Check(
        "Config aggregator",
        _with_aggregator,
        sources.aggregator,
        ("config:DescribeConfigurationAggregators", OWNED),
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
    return policy_of(rights((IDENTITY, *CHECKS), config))
