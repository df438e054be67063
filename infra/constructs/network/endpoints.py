"""Endpoints of the services that functions call, each for those calls alone.

Reference: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.called_services import GATEWAY, endpoint_name
from infra.constructs.network.placement import Placement


class Call(NamedTuple):
    """What a function does with a service.

    Attributes:
        service: As endpoints call it: ``kinesis-firehose``.
        why: The statement's ``Sid``; another one for each call of a service.
        roles: ARNs of who does it.
        actions: What.
        resources: With what.
    """

    service: str
    why: str
    roles: Sequence[str]
    actions: Sequence[str]
    resources: Sequence[str]


class Endpoints(Construct):
    """An endpoint for each service that is called, which lets through these calls and no others.

    Attributes:
        endpoints: By service.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        place: Placement,
        route_table_ids: Sequence[str],
        calls: Iterable[Call],
    ) -> None:
        super().__init__(scope, id_)
        by_service = groupby(sorted(calls, key=_service), key=_service)
        self.endpoints = {
            service: self._endpoint(service, place, route_table_ids, _policy(tuple(of_service)))
            for service, of_service in by_service
        }

    def _endpoint(
        self,
        service: str,
        place: Placement,
        route_table_ids: Sequence[str],
        policy: iam.PolicyDocument,
    ) -> ec2.CfnVPCEndpoint:
        is_gateway = service == GATEWAY
        return ec2.CfnVPCEndpoint(
            self,
            service.title().replace("-", ""),
            service_name=endpoint_name(service, cdk.Stack.of(self).region),
            vpc_id=place.vpc_id,
            policy_document=policy,
            vpc_endpoint_type="Gateway" if is_gateway else "Interface",
            private_dns_enabled=None if is_gateway else True,
            route_table_ids=list(route_table_ids) if is_gateway else None,
            security_group_ids=None if is_gateway else list(place.security_group_ids),
            subnet_ids=None if is_gateway else list(place.subnet_ids),
        )


def _service(call: Call) -> str:
    return call.service


def _policy(calls: Sequence[Call]) -> iam.PolicyDocument:
    """A principal cannot be a role here for a gateway; the role is a condition for each.

    Reference: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#gateway-endpoint-principals
    """
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                sid=call.why,
                principals=[iam.AnyPrincipal()],
                actions=list(call.actions),
                resources=list(call.resources),
                conditions={"ArnEquals": {"aws:PrincipalArn": list(call.roles)}},
            )
            for call in calls
        ]
    )
