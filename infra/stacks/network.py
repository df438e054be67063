"""Where domain, functions and Firehose are, where a deployment wants them in a VPC."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.bundle import Bundle
from infra.config import DeploymentConfig
from infra.config.network import Network, subnets
from infra.constructs.common.never_empty import never_empty
from infra.constructs.common.removal import removal_policy
from infra.constructs.network.made_vpc import MadeVpc
from infra.constructs.network.placement import Placement
from infra.constructs.network.preparation import Preparation
from infra.constructs.network.security_groups import SecurityGroups, to_anywhere, to_prefix_list


class NetworkStack(cdk.Stack):
    """A VPC, made or given, and a place in it for each that is there.

    Attributes:
        domain: Place of the domain.
        functions: Place of the functions.
        firehose: Place of Firehose's interfaces.
        endpoints: Place of the endpoints; ``None`` where the VPC has its own ways out.
        route_table_ids: What S3's endpoint is added to.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        network: Network,
        bundle: Bundle,
        env: cdk.Environment,
    ) -> None:
        super().__init__(scope, id_, env=env, termination_protection=config.removal == "retain")
        self._config, self._network, self._bundle = config, network, bundle
        closed_group = self._find()
        groups = self._groups(closed_group)
        self.domain, self.functions, self.firehose, endpoints = (
            Placement(vpc_id=self._vpc_id, subnet_ids=self._subnet_ids, security_group_ids=found)
            for found in groups
        )
        self.endpoints = endpoints if network.endpoints else None
        never_empty(self)
        cdk.CfnOutput(self, "Vpc", value=self._vpc_id)
        cdk.CfnOutput(self, "Subnets", value=",".join(self._subnet_ids))
        cdk.CfnOutput(self, "DomainGroups", value=",".join(self.domain.security_group_ids))
        cdk.CfnOutput(self, "FunctionGroups", value=",".join(self.functions.security_group_ids))
        cdk.CfnOutput(self, "FirehoseGroups", value=",".join(self.firehose.security_group_ids))

    def _find(self) -> str:
        """The VPC and its subnets; gives the default group of one that is made."""
        given = self._network.existing
        if given:
            self._vpc_id, self._subnet_ids = given.vpc, list(given.subnets)
            self.route_table_ids = list(given.route_tables)
            return ""
        days = self._config.function.log_retention_days
        made = MadeVpc(
            self,
            "Made",
            cidr=self._network.cidr or "",
            subnets=subnets(self._network, self._config.search.zones),
            zones=self._network.zones,
            flow_log_retention_days=days if self._network.flow_logs else None,
            removal=removal_policy(self._config),
        )
        self._vpc_id, self._subnet_ids = made.vpc.ref, made.subnet_ids
        self.route_table_ids = made.route_table_ids
        return str(made.vpc.attr_default_security_group)

    def _groups(self, closed_group: str) -> tuple[Sequence[str], ...]:
        """Of domain, functions, Firehose and endpoints."""
        given = self._network.existing
        if given and given.security_groups:
            return (given.security_groups,) * 4
        made = SecurityGroups(
            self,
            "Groups",
            vpc_id=self._vpc_id,
            services=[self._services(closed_group)],
            reader_cidrs=self._network.reader_cidrs,
            reader_prefix_lists=self._network.reader_prefix_lists,
        )
        made.domain.apply_removal_policy(removal_policy(self._config))  # the domain may stay in it
        ordered = (made.domain, made.functions, made.firehose, made.endpoints)
        return tuple([group.attr_group_id] for group in ordered)

    def _services(self, closed_group: str) -> ec2.CfnSecurityGroup.EgressProperty:
        """Where functions connect to beside domain and endpoints: S3, or whatever there is."""
        if not self._network.endpoints:
            return to_anywhere()
        preparation = Preparation(
            self,
            "Preparation",
            bundle=self._bundle,
            config=self._config.function,
            closed_group=closed_group,
        )
        return to_prefix_list(preparation.s3_prefix_list)
