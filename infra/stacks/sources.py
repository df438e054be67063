"""The organisation's own log sources, switched on from the central account and region."""

import aws_cdk as cdk
from constructs import Construct

from infra.bundle import Bundle
from infra.config import DeploymentConfig
from infra.constructs.common.removal import removal_policy
from infra.constructs.sources.config_aggregator import ConfigAggregator
from infra.constructs.sources.enrolment import Enrolment
from infra.constructs.sources.guardduty_members import GuardDutyMembers
from infra.constructs.sources.inspector_members import InspectorMembers
from infra.constructs.sources.organisation_trail import OrganisationTrail
from infra.constructs.sources.security_hub_policy import SecurityHubPolicy
from infra.constructs.sources.telemetry_rules import TelemetryRules
from infra.names import OBJECTS_QUEUE, stack_name
from infra.settings import enrolment_settings
from infra.sources import own_trail
from infra.stacks.search import SearchStack


class SourcesStack(cdk.Stack):
    """Enrols the organisation in what the configuration names, in every region from one."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        bundle: Bundle,
        store: SearchStack,
        env: cdk.Environment,
    ) -> None:
        super().__init__(scope, id_, env=env)
        sources, regions = config.organisation_sources, config.regions
        self.enrolment = Enrolment(
            self,
            "Enrolment",
            bundle=bundle,
            config=config.function,
            settings=enrolment_settings(config),
        )
        trail_arn = own_trail(config)
        if trail_arn:
            self.trail = OrganisationTrail(
                self,
                "Trail",
                config=sources.trail,
                enrolment=self.enrolment,
                trail_arn=trail_arn,
                organisation=config.the_organisation,
                key=store.key,
                removal=removal_policy(config),
                left_out=self._own_resources(config, store),
            )
        if sources.guardduty.enabled:
            self.guardduty = GuardDutyMembers(
                self,
                "GuardDuty",
                config=sources.guardduty,
                enrolment=self.enrolment,
                regions=regions,
            )
        if sources.inspector.enabled:
            self.inspector = InspectorMembers(
                self, "Inspector", config=sources, enrolment=self.enrolment, regions=regions
            )
        if sources.telemetry.kinds:
            self.telemetry = TelemetryRules(
                self,
                "Telemetry",
                config=sources.telemetry,
                enrolment=self.enrolment,
                regions=regions,
            )
        if sources.security_hub.enabled:
            self.security_hub = SecurityHubPolicy(
                self,
                "SecurityHub",
                config=sources.security_hub,
                enrolment=self.enrolment,
                regions=regions,
            )
        if sources.config.enabled:
            self.config = ConfigAggregator(self, "Config", chosen=sources.config, regions=regions)

    def _own_resources(self, config: DeploymentConfig, store: SearchStack) -> list[str]:
        """How the ARNs begin of what the pipeline writes to, runs and reads.

        Functions and queues without a name of ours are named after their stack.
        """
        place = f"{self.region}:{self.account}"
        stacks = stack_name(config.stage, "")
        buckets = [store.archive.bucket.bucket_arn, *self._read_buckets(config)]
        return [
            *(f"{bucket}/" for bucket in buckets),
            f"arn:{self.partition}:lambda:{place}:function:{stacks}",
            f"arn:{self.partition}:kinesis:{place}:stream/{config.stream.name}",
            f"arn:{self.partition}:sqs:{place}:{stacks}",
            f"arn:{self.partition}:sqs:{place}:{OBJECTS_QUEUE}",
        ]

    def _read_buckets(self, config: DeploymentConfig) -> list[str]:
        enrichment = config.enrichment
        names = [b.name for b in config.log_buckets]
        names += [o.bucket for o in (enrichment.geo, enrichment.indicators) if o.bucket]
        return [f"arn:{self.partition}:s3:::{name}" for name in dict.fromkeys(names)]
