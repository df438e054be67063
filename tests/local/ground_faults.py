"""What can be wrong with a central account, and what preflight says of it."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from botocore.exceptions import ClientError

from infra.names import (
    CENTRAL_LOGS,
    CENTRALISATION_RULE,
    KEY_ALIAS,
    LOG_DELIVERY,
    OBJECTS_BUS,
    OBJECTS_QUEUE,
    OBJECTS_ROLE,
    SETUP_ROLE,
    log_bucket,
    policy_name,
)
from local.aws.organizations import ROOT_ID
from ops.checks.centralisation import ROLE
from ops.checks.organisation import SERVICE_CATALOG
from ops.checks.search import SERVICE_ROLE
from ops.checks.subscriptions import KIND
from tests.local import landscape as made
from tests.local.centralised import rule
from tests.local.ground import (
    BOUNDARY,
    MANAGEMENT,
    PLACES,
    REGIONS,
    SECRET_NAME,
    TRAIL,
    USER,
    Ground,
    Json,
    Pages,
    instance_limits,
    kinesis_limits,
    recording,
    sources,
)

HOME, IRELAND = REGIONS


class Fault(NamedTuple):
    """One fault.

    Attributes:
        spoil: Plants it.
        check: Name of the check that finds it.
        subject: How the name of what it is about begins.
        status: How bad it is.
        fix: A part of the fix.
    """

    spoil: Callable[[Ground], object]
    check: str
    subject: str
    status: str
    fix: str


def not_bootstrapped(ground: Ground) -> None:
    ground.client("ssm", IRELAND).delete_parameter(Name="/cdk-bootstrap/hnb659fds/version")


def old_bootstrap(ground: Ground) -> None:
    ground.client("ssm", IRELAND).put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="5", Type="String", Overwrite=True
    )


class NotForPortfolios:
    """A paginator of Organizations, in an organisation that keeps Service Catalog to itself."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def paginate(self, **asked: str) -> Any:
        if asked.get("ServicePrincipal") == SERVICE_CATALOG:
            return [{"DelegatedAdministrators": []}]
        return self._original.paginate(**asked)


def no_portfolio_administrator(ground: Ground) -> None:
    organizations = ground.client("organizations")
    ground.answers["organizations"] = {
        "get_paginator": lambda name: NotForPortfolios(organizations.get_paginator(name))
    }


def no_portfolio_access(ground: Ground) -> None:
    ground.answers["servicecatalog"] = {
        "get_aws_organizations_access_status": lambda: {"AccessStatus": "DISABLED"}
    }


def other_organisation(ground: Ground) -> None:
    ground.changes["organisation"] = "o-someoneelse"


def foreign_policy(ground: Ground) -> None:
    subscribe(ground, "siem", made.stream(ground.cloud, ground.account, IRELAND))


def our_policy_to_elsewhere(ground: Ground) -> None:
    subscribe(ground, policy_name(IRELAND), made.stream(ground.cloud, ground.account, IRELAND))


def door(ground: Ground) -> str:
    """Make a Destination of the door's name before another stream; gives its ARN."""
    stream = made.stream(ground.cloud, ground.account, IRELAND)
    found = ground.client("logs", IRELAND).put_destination(
        destinationName=CENTRAL_LOGS, targetArn=stream, roleArn=writer(ground, stream)
    )
    arn: str = found["destination"]["arn"]
    return arn


def subscribe(ground: Ground, policy: str, target: str) -> None:
    """Give the account and region its subscription policy."""
    document = {"DestinationArn": target, "RoleArn": writer(ground, target)}
    ground.client("logs", IRELAND).put_account_policy(
        policyName=policy,
        policyType=KIND,
        policyDocument=json.dumps(document),
        selectionCriteria='LogGroupName NOT IN ["/siem"]',
    )


def writer(ground: Ground, stream: str) -> str:
    """A role by which CloudWatch Logs may put records on a stream."""
    allowed = made.allow("kinesis:PutRecord", stream)
    return made.role(ground.cloud, "logs.amazonaws.com", allowed, account=ground.account)


def instance_of_another_kind(ground: Ground) -> None:
    ground.answers["opensearch"]["describe_instance_type_limits"] = lambda **_: {"LimitsByRole": {}}


def small_volumes(ground: Ground) -> None:
    ground.answers["opensearch"]["describe_instance_type_limits"] = lambda **_: instance_limits(
        gib=(10, 15)
    )


def too_many_nodes(ground: Ground) -> None:
    ground.changes["search"] = {"data_nodes": 11}


def shards_in_use(ground: Ground) -> None:
    ground.answers["kinesis"]["describe_limits"] = lambda: kinesis_limits(OpenShardCount=500)


def streams_in_use(ground: Ground) -> None:
    ground.changes["stream"] = {"mode": "on_demand"}
    ground.answers["kinesis"]["describe_limits"] = lambda: kinesis_limits(OnDemandStreamCount=50)


def no_more_domains(ground: Ground) -> None:
    most = {"es": 0.0, "firehose": 100.0}
    ground.answers["service-quotas"]["get_service_quota"] = lambda **asked: {
        "Quota": {"Value": most[asked["ServiceCode"]]}
    }


def no_more_delivery_streams(ground: Ground) -> None:
    names = [f"stream-{n}" for n in range(99)]
    ground.answers["firehose"] = {
        "list_delivery_streams": lambda **_: {"DeliveryStreamNames": names}
    }


def more_shards_than_direct_put_takes(ground: Ground) -> None:
    ground.changes["stream"] = {"shards": 6}


def no_more_stack_sets(ground: Ground) -> None:
    known = [{"StackSetName": f"set-{n}"} for n in range(998)]
    ground.list_instead("cloudformation", "list_stack_sets", {"Summaries": known})


def account_of_ten(ground: Ground) -> None:
    limits = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
    ground.answers["lambda"] = {"get_account_settings": lambda: {"AccountLimit": limits}}


def reserving_in_an_account_of_ten(ground: Ground) -> None:
    account_of_ten(ground)
    ground.changes["function"] = {"reserved_concurrency": 5}


def region_switched_off(ground: Ground) -> None:
    off = {"RegionOptStatus": "DISABLED"}
    on = {"RegionOptStatus": "ENABLED_BY_DEFAULT"}
    ground.answers["account"] = {
        "get_region_opt_status": lambda RegionName: off if RegionName == IRELAND else on
    }


def bucket_without_events(ground: Ground) -> None:
    ground.client("s3").put_bucket_notification_configuration(
        Bucket=ground.bucket, NotificationConfiguration={}
    )


def bucket_of_another_region(ground: Ground) -> None:
    ground.answers["s3"] = {"get_bucket_location": lambda **_: {"LocationConstraint": IRELAND}}


def log_bucket_there(ground: Ground) -> None:
    ground.client("s3").create_bucket(Bucket=log_bucket(ground.account, HOME))


def log_bucket_of_a_stranger(ground: Ground) -> None:
    def forbid(**asked: str) -> Json:
        code = "403" if asked["Bucket"].endswith(IRELAND) else "404"
        raise ClientError({"Error": {"Code": code, "Message": "-"}}, "HeadBucket")

    ground.answers["s3"] = {"head_bucket": forbid}


def delivery_there(ground: Ground) -> None:
    to = {"destinationResourceArn": "arn:aws:s3:::elsewhere"}
    ground.client("logs", IRELAND).put_delivery_destination(
        name=LOG_DELIVERY, deliveryDestinationConfiguration=to
    )


def bucket_gone(ground: Ground) -> None:
    ground.client("s3").delete_bucket(Bucket=ground.bucket)


def places_gone(ground: Ground) -> None:
    ground.client("s3").delete_object(Bucket=ground.objects, Key=PLACES)


def places_in_the_archive(ground: Ground) -> None:
    ground.changes["enrichment"] = {"geo": {"keys": [PLACES]}}


def secret_leaving(ground: Ground) -> None:
    ground.client("secretsmanager").delete_secret(SecretId=SECRET_NAME)


def secret_gone(ground: Ground) -> None:
    ground.client("secretsmanager").delete_secret(
        SecretId=SECRET_NAME, ForceDeleteWithoutRecovery=True
    )


def no_service_role(ground: Ground) -> None:
    ground.client("iam").delete_role(RoleName=SERVICE_ROLE)


def alias(ground: Ground) -> None:
    kms = ground.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=KEY_ALIAS, TargetKeyId=key)


def infrequent_group(ground: Ground) -> None:
    ground.client("logs", IRELAND).create_log_group(
        logGroupName="/audit", logGroupClass="INFREQUENT_ACCESS"
    )


def boundary_gone(ground: Ground) -> None:
    arn = f"arn:aws:iam::{ground.account}:policy/{BOUNDARY}"
    ground.client("iam").delete_policy(PolicyArn=arn)


def no_second_factor(ground: Ground) -> None:
    ground.answers["iam"]["list_mfa_devices"] = lambda **_: {"MFADevices": []}


def no_such_user(ground: Ground) -> None:
    ground.client("iam").delete_user(UserName=USER)


def trail_stopped(ground: Ground) -> None:
    ground.client("cloudtrail").stop_logging(Name=TRAIL)


def trail_without_reads(ground: Ground) -> None:
    ground.client("cloudtrail").put_event_selectors(
        TrailName=TRAIL,
        EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}],
    )


def no_sign_in_page(ground: Ground) -> None:
    cognito = ground.client("cognito-idp")
    ground.people = cognito.create_user_pool(PoolName="others")["UserPool"]["Id"]


def pool_gone(ground: Ground) -> None:
    ground.people = f"{HOME}_AbCdEfGhI"


def pool_with_guests(ground: Ground) -> None:
    ground.identities = ground.client("cognito-identity").create_identity_pool(
        IdentityPoolName="guests", AllowUnauthenticatedIdentities=True
    )["IdentityPoolId"]


def prefix_of_another(ground: Ground) -> None:
    pool = ground.client("cognito-idp").create_user_pool(PoolName="others")["UserPool"]["Id"]
    prefix = made.name("taken")
    ground.client("cognito-idp").create_user_pool_domain(Domain=prefix, UserPoolId=pool)
    ground.changes["search"] = {"login": {"kind": "cognito", "cognito": {"domain_prefix": prefix}}}


def another_instance(ground: Ground) -> None:
    """Identity Center is not played here: its pages come from this test."""
    seen = {"Instances": [{"InstanceArn": "arn:aws:sso:::instance/ssoins-fedcba9876543210"}]}
    pages = SimpleNamespace(paginate=lambda: [seen])
    ground.answers["sso-admin"] = {"get_paginator": lambda _: cast("Json", pages)}
    center = {"instance_arn": "arn:aws:sso:::instance/ssoins-0123456789abcdef"}
    ground.changes["search"] = {"login": {"kind": "identity_center", "identity_center": center}}


def no_administrator(ground: Ground) -> None:
    words = "You must be the management account or delegated admin account of an organization"

    def refuse(**_: str) -> Json:
        answer: Any = {"Error": {"Code": "ValidationError", "Message": words}}
        raise ClientError(answer, "DescribeOrganizationsAccess")

    ground.answers["cloudformation"] = {"describe_organizations_access": refuse}


def no_access_for_cloudwatch(ground: Ground) -> None:
    found = {"EnabledServicePrincipals": [{"ServicePrincipal": "config.amazonaws.com"}]}
    ground.list_instead("organizations", "list_aws_service_access_for_organization", found)


def no_role_for_copies(ground: Ground) -> None:
    ground.client("iam").delete_role(RoleName=ROLE)


def create_rule(ground: Ground, name: str, region: str) -> None:
    """A rule that copies to the central account and region, made in a region."""
    copies = rule()
    copies["Destination"]["Account"] = ground.account
    ground.client("observabilityadmin", region).create_centralization_rule_for_organization(
        RuleName=name, Rule=copies
    )


def rules_in_use(ground: Ground) -> None:
    known = {"RuleName": "x", "CreatedRegion": HOME, "DestinationAccountId": "999999999999"}
    pages = Pages({"CentralizationRuleSummaries": [known] * 50})
    ground.answers["observabilityadmin"] = {"get_paginator": lambda _operation: pages}


def in_one_region(ground: Ground) -> None:
    """What is asked in every region is then asked once."""
    ground.changes["members"] = {"accounts": None, "units": [ROOT_ID], "regions": [HOME]}


def no_detector(ground: Ground) -> None:
    in_one_region(ground)
    ground.answers["guardduty"]["list_detectors"] = lambda: {"DetectorIds": []}


def administrator_refused(service: str, method: str, code: str) -> Callable[[Ground], None]:
    """A service that knows another administrator, or none."""

    def plant(ground: Ground) -> None:
        in_one_region(ground)

        def refuse(**_: str) -> Json:
            answer: Any = {"Error": {"Code": code, "Message": "not an administrator"}}
            raise ClientError(answer, method)

        ground.answers[service][method] = refuse

    return plant


def inspector_of_another_account(ground: Ground) -> None:
    in_one_region(ground)
    other = {"delegatedAdmin": {"accountId": made.MEMBER, "relationshipStatus": "ENABLED"}}
    ground.answers["inspector2"]["get_delegated_admin_account"] = lambda: other


def trail_of_the_organisation(name: str = "everything", **changes: Any) -> Json:
    """As DescribeTrails shows a trail."""
    return {
        "Name": name,
        "TrailARN": f"arn:aws:cloudtrail:{HOME}:{MANAGEMENT}:trail/{name}",
        "S3BucketName": "audit",
        "IsOrganizationTrail": True,
        "IsMultiRegionTrail": True,
        "CloudWatchLogsLogGroupArn": "arn",
        **changes,
    }


def trails(ground: Ground, *known: Json) -> None:
    there = ground.client("cloudtrail").describe_trails()["trailList"]
    listed = {"trailList": [*there, *known]}
    ground.answers["cloudtrail"] = {"describe_trails": lambda **_: listed}


def five_trails(ground: Ground) -> None:
    trails(ground, *(trail_of_the_organisation(f"t{n}") for n in range(5)))


def brought(ground: Ground, known: Json, **chosen: Any) -> None:
    """Bring a trail instead of making one."""
    arn = trail_of_the_organisation()["TrailARN"]
    trail = {"enabled": True, "existing": arn, **chosen}
    ground.changes["organisation_sources"] = {**sources(""), "trail": trail}
    trails(ground, known)


def recorder_stopped(ground: Ground) -> None:
    in_one_region(ground)
    ground.answers["config"]["describe_configuration_recorder_status"] = lambda: recording(on=False)


def foreign_aggregator(ground: Ground) -> None:
    known = {"ConfigurationAggregators": [{"ConfigurationAggregatorName": CENTRAL_LOGS}]}
    ground.answers["config"]["describe_configuration_aggregators"] = lambda **_: known


FAULTS = [
    Fault(
        no_more_delivery_streams,
        "Firehose quota",
        HOME,
        "error",
        "--quota-code L-14BB0BE7 --desired-value 101 --region us-east-1",
    ),
    Fault(
        more_shards_than_direct_put_takes,
        "Direct PUT quota",
        HOME,
        "warning",
        'sink = "direct"',
    ),
    Fault(
        no_more_stack_sets, "StackSets quota", HOME, "warning", "--quota-code L-EC62D81A, in the"
    ),
    Fault(
        no_portfolio_administrator,
        "portfolio administrator",
        HOME,
        "error",
        "--service-principal servicecatalog.amazonaws.com",
    ),
    Fault(
        no_portfolio_access,
        "portfolio access",
        HOME,
        "error",
        "aws servicecatalog enable-aws-organizations-access",
    ),
    Fault(
        no_detector,
        "administrator",
        "guardduty · ",
        "error",
        "enable-organization-admin-account --admin-account-id",
    ),
    Fault(
        administrator_refused(
            "guardduty", "describe_organization_configuration", "BadRequestException"
        ),
        "administrator",
        "guardduty · ",
        "error",
        "service-principal malware-protection.guardduty.amazonaws.com && aws guardduty",
    ),
    Fault(
        administrator_refused(
            "securityhub", "describe_organization_configuration", "InvalidAccessException"
        ),
        "administrator",
        f"security_hub · {HOME}",
        "error",
        "aws securityhub enable-organization-admin-account",
    ),
    Fault(
        inspector_of_another_account,
        "administrator",
        "inspector · ",
        "error",
        "aws inspector2 enable-delegated-admin-account",
    ),
    Fault(five_trails, "trails", HOME, "error", "delete-trail"),
    Fault(
        lambda g: trails(g, trail_of_the_organisation()),
        "trails",
        HOME,
        "warning",
        f'existing = "arn:aws:cloudtrail:{HOME}:{MANAGEMENT}:trail/everything"',
    ),
    Fault(
        lambda g: brought(g, trail_of_the_organisation("other")),
        "trails",
        HOME,
        "error",
        "the right ARN under existing",
    ),
    Fault(
        lambda g: brought(g, trail_of_the_organisation(IsMultiRegionTrail=False)),
        "trails",
        HOME,
        "error",
        "--is-multi-region-trail",
    ),
    Fault(
        lambda g: brought(g, trail_of_the_organisation(CloudWatchLogsLogGroupArn="")),
        "trails",
        HOME,
        "error",
        "--cloud-watch-logs-log-group-arn",
    ),
    Fault(recorder_stopped, "Config recorder", "", "warning", "stop-start-recorder"),
    Fault(
        foreign_aggregator, "Config aggregator", HOME, "error", "delete-configuration-aggregator"
    ),
    Fault(
        lambda g: g.client("s3").create_bucket(Bucket=g.trail_bucket),
        "name",
        f"trail's bucket · {HOME}",
        "error",
        "another [organisation_sources.trail] bucket",
    ),
    Fault(no_administrator, "trusted access", HOME, "error", "activate-organizations-access"),
    Fault(
        no_access_for_cloudwatch,
        "CloudWatch's trusted access",
        HOME,
        "error",
        "enable-aws-service-access --service-principal observabilityadmin.amazonaws.com",
    ),
    Fault(
        no_role_for_copies,
        "CloudWatch's service-linked role",
        HOME,
        "error",
        "--aws-service-name logs-centralization.observabilityadmin.amazonaws.com",
    ),
    Fault(
        lambda g: create_rule(g, "archive", IRELAND),
        "centralisation rules",
        HOME,
        "warning",
        "--rule-identifier archive --region eu-west-1",
    ),
    Fault(rules_in_use, "centralisation rules", HOME, "error", "--desired-value 51"),
    Fault(
        lambda g: create_rule(g, CENTRALISATION_RULE, HOME),
        "name",
        "centralisation rule · us-east-1",
        "error",
        "delete-centralization-rule-for-organization --rule-identifier arn:aws:",
    ),
    Fault(region_switched_off, "region", IRELAND, "error", "enable-region --region-name eu-west-1"),
    Fault(not_bootstrapped, "bootstrap", IRELAND, "error", "cdk bootstrap aws://"),
    Fault(old_bootstrap, "bootstrap", IRELAND, "error", "/eu-west-1"),
    Fault(other_organisation, "organisation", HOME, "error", 'organisation = "o-exampleorgid"'),
    Fault(foreign_policy, "account policy", IRELAND, "error", "--policy-name siem"),
    Fault(
        our_policy_to_elsewhere, "account policy", IRELAND, "error", "--policy-name central-logs-"
    ),
    Fault(infrequent_group, "log classes", IRELAND, "warning", "create-log-group"),
    Fault(door, "name", "Destination · eu-west-1", "error", "delete-destination"),
    Fault(
        lambda g: g.client("kinesis").create_stream(StreamName=CENTRAL_LOGS, ShardCount=1),
        "name",
        "stream · us-east-1",
        "error",
        "kinesis delete-stream",
    ),
    Fault(
        lambda g: g.client("events").create_event_bus(Name=CENTRAL_LOGS),
        "name",
        "event bus · us-east-1",
        "error",
        "events delete-event-bus",
    ),
    Fault(
        lambda g: g.client("opensearch").create_domain(DomainName=CENTRAL_LOGS),
        "name",
        "domain · us-east-1",
        "error",
        "opensearch delete-domain",
    ),
    Fault(
        lambda g: g.client("iam").create_role(
            RoleName=SETUP_ROLE, AssumeRolePolicyDocument=made.policy()
        ),
        "name",
        "setup role · us-east-1",
        "error",
        "iam delete-role",
    ),
    Fault(
        lambda g: g.client("sqs").create_queue(QueueName=OBJECTS_QUEUE),
        "name",
        "queue · us-east-1",
        "error",
        "sqs delete-queue --queue-url http",
    ),
    Fault(
        lambda g: g.client("iam").create_role(
            RoleName=OBJECTS_ROLE, AssumeRolePolicyDocument=made.policy()
        ),
        "name",
        "reader's role · us-east-1",
        "error",
        f"iam delete-role --role-name {OBJECTS_ROLE}",
    ),
    Fault(
        lambda g: g.client("events").create_event_bus(Name=OBJECTS_BUS),
        "name",
        "announcements' bus · us-east-1",
        "error",
        f"delete-event-bus --name {OBJECTS_BUS}",
    ),
    Fault(
        log_bucket_there, "name", "log bucket · us-east-1", "error", "s3 rb --force s3://central"
    ),
    Fault(
        log_bucket_of_a_stranger,
        "name",
        "log bucket · eu-west-1",
        "error",
        "leave [objects.central] out",
    ),
    Fault(
        delivery_there,
        "name",
        "delivery destination · eu-west-1",
        "error",
        "delete-delivery-destination --name central-logs --region eu-west-1",
    ),
    Fault(alias, "name", "key alias · us-east-1", "error", "kms delete-alias"),
    Fault(shards_in_use, "Kinesis quota", HOME, "error", "fewer [stream] shards"),
    Fault(streams_in_use, "Kinesis quota", HOME, "error", 'mode = "provisioned"'),
    Fault(account_of_ten, "Lambda concurrency", HOME, "warning", "--quota-code L-B99A9384"),
    Fault(reserving_in_an_account_of_ten, "Lambda concurrency", HOME, "error", "L-B99A9384"),
    Fault(no_more_domains, "OpenSearch quota", HOME, "error", "--desired-value 1 "),
    Fault(
        instance_of_another_kind,
        "instance type",
        "[search] instance_type",
        "error",
        "list-instance-type-details",
    ),
    Fault(small_volumes, "instance type", "[search] instance_type", "error", "volume_gib = 15"),
    Fault(too_many_nodes, "instance type", "[search] instance_type", "error", "data_nodes = 10"),
    Fault(no_service_role, "service-linked role", HOME, "warning", "create-service-linked-role"),
    Fault(bucket_without_events, "log bucket", "s3://", "error", "EventBridgeConfiguration"),
    Fault(bucket_of_another_region, "log bucket", "s3://", "error", 'region = "eu-west-1"'),
    Fault(bucket_gone, "log bucket", "s3://", "error", "[[objects.buckets]]"),
    Fault(
        places_gone, "enrichment", "s3://", "warning", "aws s3 cp GeoLite2-City.mmdb s3://databases"
    ),
    Fault(places_in_the_archive, "enrichment", "s3://(archive)", "warning", "after the deployment"),
    Fault(secret_gone, "redaction", "[redaction] key_secret", "error", "create-secret"),
    Fault(
        boundary_gone,
        "permission boundary",
        "[access] permission_boundary",
        "error",
        "create-policy --policy-name developer-boundary",
    ),
    Fault(no_second_factor, "break glass", "arn:", "warning", "create-virtual-mfa-device"),
    Fault(no_such_user, "break glass", "arn:", "error", "create-user --user-name on-call"),
    Fault(trail_stopped, "break glass is heard", HOME, "warning", "start-logging"),
    Fault(trail_without_reads, "break glass is heard", HOME, "warning", "put-event-selectors"),
    Fault(no_sign_in_page, "sign-in", "user pool: ", "error", "create-user-pool-domain"),
    Fault(pool_gone, "sign-in", "user pool: ", "error", "user_pool_id"),
    Fault(
        pool_with_guests,
        "sign-in",
        "identity pool: ",
        "error",
        "--no-allow-unauthenticated-identities",
    ),
    Fault(prefix_of_another, "sign-in", "sign-in page: taken", "error", "domain_prefix"),
    Fault(another_instance, "sign-in", "Identity Center: ", "error", "instance_arn"),
    Fault(secret_leaving, "redaction", "[redaction] key_secret", "error", "restore-secret"),
]
