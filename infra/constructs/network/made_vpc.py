"""A VPC without a way to the internet: isolated subnets, one for each zone."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.constructs.network.flow_logs import FlowLogs
from infra.names import CENTRAL_LOGS


class MadeVpc(Construct):
    """Private subnets with one route table, which nothing but endpoints is ever added to.

    Built on L1, because the L2 asks the account for its zones when it is synthesised.

    Attributes:
        vpc: The VPC; names within are resolved by AWS's own server, as private endpoints need it.
        subnet_ids: The subnets, zone by zone.
        route_table_ids: The one route table.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        cidr: str,
        subnets: Sequence[str],
        zones: Sequence[str],
        flow_log_retention_days: int | None,
        removal: cdk.RemovalPolicy,
    ) -> None:
        """Make it.

        Args:
            scope: Whose it is.
            id_: Its name there.
            cidr: Addresses of the VPC.
            subnets: Addresses of each subnet.
            zones: Names of zones for them; the region's first ones where it is empty.
            flow_log_retention_days: How long its flow log is kept; ``None`` for no flow log.
            removal: What becomes of it with its stack: it cannot go while a domain stays in it.
        """
        super().__init__(scope, id_)
        self._removal = removal
        self.vpc = ec2.CfnVPC(
            self,
            "Vpc",
            cidr_block=cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=[cdk.CfnTag(key="Name", value=CENTRAL_LOGS)],
        )
        self.vpc.apply_removal_policy(removal)
        routes = ec2.CfnRouteTable(self, "Routes", vpc_id=self.vpc.ref)
        self.route_table_ids = [routes.ref]
        self.subnet_ids = [
            self._subnet(number, block, zones, routes) for number, block in enumerate(subnets)
        ]
        if flow_log_retention_days is None:
            acknowledge(
                self.vpc, "AwsSolutions-VPC7", "The deployment chose [network] flow_logs = false"
            )
        else:
            FlowLogs(self, "FlowLogs", vpc_id=self.vpc.ref, retention_days=flow_log_retention_days)

    def _subnet(
        self, number: int, block: str, zones: Sequence[str], routes: ec2.CfnRouteTable
    ) -> str:
        subnet = ec2.CfnSubnet(
            self,
            f"Subnet{number}",
            vpc_id=self.vpc.ref,
            cidr_block=block,
            availability_zone=zones[number] if zones else cdk.Fn.select(number, cdk.Fn.get_azs()),
            map_public_ip_on_launch=False,
            tags=[cdk.CfnTag(key="Name", value=f"{CENTRAL_LOGS}-{number}")],
        )
        subnet.apply_removal_policy(self._removal)
        ec2.CfnSubnetRouteTableAssociation(
            self, f"SubnetRoutes{number}", route_table_id=routes.ref, subnet_id=subnet.ref
        )
        return subnet.ref
