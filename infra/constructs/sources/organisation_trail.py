"""One trail for every account and region of the organisation.

References:
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config.organisation_sources import Trail
from infra.constructs.common.statements import wait_for_rights
from infra.constructs.sources.enrolment import Enrolment
from infra.constructs.sources.trail_bucket import TrailBucket
from infra.constructs.sources.trail_logs import TrailLogs
from infra.names import TRAIL
from infra.sources import event_selectors

CHANGES = (
    *("CreateTrail", "DeleteTrail", "PutEventSelectors", "PutInsightSelectors"),
    *("StartLogging", "UpdateTrail"),
)
LOOKS = ("DescribeOrganization", "ListAWSServiceAccessForOrganization")
"""What CloudTrail asks of the organisation in the caller's name."""

SERVICE = "cloudtrail.amazonaws.com"


class OrganisationTrail(Construct):
    """A trail that validates its files, logs in all regions, and says nothing of its own delivery.

    Attributes:
        store: Its bucket.
        logs: Its log group, where that is how it comes in.
        trail: The custom resource that makes it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: Trail,
        enrolment: Enrolment,
        trail_arn: str,
        organisation: str,
        key: kms.IKey,
        removal: cdk.RemovalPolicy,
        left_out: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.store = TrailBucket(
            self,
            "Store",
            config=config,
            trail_arn=trail_arn,
            organisation=organisation,
            key=key,
            removal=removal,
        )
        self.logs = (
            TrailLogs(
                self,
                "Logs",
                retention_days=config.log_retention_days,
                trail_arn=trail_arn,
                organisation=organisation,
            )
            if config.ingest == "cloudwatch_logs"
            else None
        )
        self._grant(enrolment, trail_arn)
        own = f"arn:{stack.partition}:s3:::{config.bucket}/"
        self.trail = enrolment.enrol(
            self,
            "Trail",
            service="trail",
            region=stack.region,
            choices={
                "arn": trail_arn,
                "name": TRAIL,
                "bucket": self.store.bucket.bucket_name,
                "key": key.key_arn,
                "log_group": self.logs.log_group.log_group_arn if self.logs else "",
                "log_role": self.logs.role.role_arn if self.logs else "",
                "selectors": event_selectors(config, [own, *left_out]),
                "insights": list(config.insights),
            },
        )
        self.trail.node.add_dependency(self.store.bucket.node.find_child("Policy"))
        if self.logs:
            wait_for_rights(self.trail, self.logs.role)

    def _grant(self, enrolment: Enrolment, trail_arn: str) -> None:
        """What the function needs for the trail.

        Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html
        """
        changes = [f"cloudtrail:{action}" for action in CHANGES]
        stack = cdk.Stack.of(self)
        # A request that names a trail may be judged by the ARN of the caller's account: AWS's
        # pages do not say.
        own = f"arn:{stack.partition}:cloudtrail:{stack.region}:{stack.account}:trail/{TRAIL}"
        enrolment.may("ManageTheTrail", changes, [trail_arn, own])
        looks = [f"organizations:{action}" for action in LOOKS]
        enrolment.may(
            "LookAtTheOrganisation",
            looks,
            ["*"],
            because="These actions of Organizations take no resource; each only reads",
        )
        enrolment.may_make_service_role(SERVICE)
        if self.logs:
            enrolment.may(
                "HandTheRoleToTheTrail",
                ["iam:PassRole"],
                [self.logs.role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": SERVICE}},
            )
