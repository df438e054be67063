"""Writes down every so often what the organisation says of its accounts.

The central account must be a delegated administrator of the organisation, of any service: that
gives it the right to read.

Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
"""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.bundle import Bundle
from infra.config.enrichment import Organisation
from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.grants import grant_put_object
from infra.constructs.common.statements import allow, service_role, wait_for_rights
from infra.constructs.network.placement import Placement
from lambdas.snapshot_organisation.settings import Settings

L1 = scheduler.CfnSchedule

READS = (
    *("DescribeOrganization", "ListAccounts", "ListAccountsForParent"),
    *("ListOrganizationalUnitsForParent", "ListRoots", "ListTagsForResource"),
)


class OrganisationSnapshot(Construct):
    """A function on a schedule: reads the organisation, writes one object.

    Attributes:
        function: The function.
        schedule: Its schedule.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: Organisation,
        function: FunctionConfig,
        bundle: Bundle,
        bucket: s3.IBucket,
        key: kms.IKey,
        settings: Settings,
        place: Placement | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.function = PythonFunction(
            self,
            "Function",
            name="snapshot_organisation",
            bundle=bundle,
            config=function,
            environment=settings.to_env(),
            memory_mib=256,
            timeout=cdk.Duration.minutes(15),  # a request for each account, few of them a second
            place=place,
        )
        self._grant_reads()
        grant_put_object(self.function.role, bucket, key, settings.key, why="KeepTheSnapshot")
        self.schedule = self._schedule(config.snapshot_minutes)

    def _grant_reads(self) -> None:
        role = self.function.role
        reads = [f"organizations:{action}" for action in READS]
        allow(role, "ReadTheOrganisation", reads, ["*"])
        acknowledge_wildcard(
            role,
            "*",
            "Accounts and units are named by the management account, which the deployment does "
            "not know; each action only reads",
        )

    def _schedule(self, minutes: int) -> scheduler.CfnSchedule:
        role = service_role(
            self,
            "scheduler.amazonaws.com",
            why="ScheduleForThisAccount",
            description="Central logs: calls the snapshot_organisation function",
            conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
        )
        arn = self.function.function.function_arn
        allow(role, "CallTheSnapshotFunction", ["lambda:InvokeFunction"], [arn])
        schedule = L1(
            self,
            "Schedule",
            description="A snapshot of the organisation",
            flexible_time_window=L1.FlexibleTimeWindowProperty(mode="OFF"),
            schedule_expression=f"rate({minutes} minutes)",
            target=L1.TargetProperty(
                arn=arn,
                role_arn=role.role_arn,
                retry_policy=L1.RetryPolicyProperty(
                    maximum_event_age_in_seconds=minutes * 60, maximum_retry_attempts=3
                ),
            ),
        )
        wait_for_rights(schedule, role)
        return schedule
