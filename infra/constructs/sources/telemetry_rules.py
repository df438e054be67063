"""Logs of resources, switched on by AWS across the organisation.

A rule looks for resources that have no such log, those of tomorrow included, and gives them one in
a log group of their own account and region. There the member's subscription finds it.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/telemetry-config-rules.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-observabilityadmin-organizationtelemetryrule.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from aws_cdk import aws_observabilityadmin as observability
from constructs import Construct

from infra.config.telemetry import Kind, Telemetry
from infra.constructs.sources.enrolment import Enrolment
from infra.names import telemetry_rule

L1 = observability.CfnOrganizationTelemetryRule

EVALUATION = (
    "GetTelemetryEvaluationStatusForOrganization",
    "StartTelemetryEvaluationForOrganization",
    "StopTelemetryEvaluationForOrganization",
)


class Rule(NamedTuple):
    """How one kind of log is switched on.

    Attributes:
        resource: Type of the resources.
        log_group: Pattern of the log group's name, which says to the core what is in it; empty
            where AWS names it.
        sources: Which of the resource's logs; none where it has one.
        parameters: What else the destination is told.
    """

    resource: str
    log_group: str
    sources: Callable[[Telemetry], Sequence[str]] = lambda _chosen: ()
    parameters: Callable[[Telemetry], Mapping[str, Any]] = lambda _chosen: {}


def _flow_parameters(chosen: Telemetry) -> dict[str, Any]:
    return {
        "vpc_flow_log_parameters": L1.VPCFlowLogParametersProperty(
            traffic_type=chosen.traffic, max_aggregation_interval=chosen.aggregation_seconds
        )
    }


def _plain_lines(_chosen: Telemetry) -> dict[str, Any]:
    """The lines that load balancers write to S3, which the core reads."""
    plain = L1.ELBLoadBalancerLoggingParametersProperty(output_format="plain", field_delimiter=" ")
    return {"elb_load_balancer_logging_parameters": plain}


def _waf_logs(_chosen: Telemetry) -> dict[str, Any]:
    return {"waf_logging_parameters": L1.WAFLoggingParametersProperty(log_type="WAF_LOGS")}


RULES: Final[Mapping[Kind, Rule]] = {
    "eks": Rule("AWS::EKS::Cluster", "", lambda chosen: chosen.eks_logs),
    "nlb": Rule(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "/aws/vendedlogs/nlb/<resourceId>",
        parameters=_plain_lines,
    ),
    "resolver_queries": Rule(
        "AWS::EC2::VPC",
        "/aws/vendedlogs/route53resolver/<resourceId>",
        lambda _chosen: ("ROUTE53_RESOLVER_QUERY_LOGS",),
    ),
    "vpc_flow": Rule(
        "AWS::EC2::VPC",
        "/aws/vendedlogs/vpc/flow-logs/<resourceId>",
        lambda _chosen: ("VPC_FLOW_LOGS",),
        _flow_parameters,
    ),
    "waf": Rule("AWS::WAFv2::WebACL", "aws-waf-logs-<resourceId>", parameters=_waf_logs),
}
"""By kind. A control plane's logs are always in ``/aws/eks/<cluster>/cluster``:
https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html"""


class TelemetryRules(Construct):
    """A rule for each kind, made in the central region and repeated by AWS in the others.

    Attributes:
        rules: By kind.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: Telemetry,
        enrolment: Enrolment,
        regions: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        home, *others = regions
        self._grant(enrolment)
        started = enrolment.enrol(
            self, "Evaluation", service="telemetry", region=home, choices={"regions": others}
        )
        self.rules = {kind: self._rule(kind, config, others) for kind in config.kinds}
        for rule in self.rules.values():
            rule.node.add_dependency(started)

    def _rule(self, kind: Kind, chosen: Telemetry, others: Sequence[str]) -> L1:
        rule = RULES[kind]
        return L1(
            self,
            kind,
            rule_name=telemetry_rule(kind),
            rule=L1.TelemetryRuleProperty(
                resource_type=rule.resource,
                telemetry_type="Logs",
                telemetry_source_types=list(rule.sources(chosen)) or None,
                regions=list(others) or None,
                destination_configuration=L1.TelemetryDestinationConfigurationProperty(
                    destination_type="cloud-watch-logs",
                    destination_pattern=rule.log_group or None,
                    retention_in_days=chosen.retention_days,
                    **rule.parameters(chosen),
                ),
            ),
        )

    def _grant(self, enrolment: Enrolment) -> None:
        """What the function needs to begin.

        Reference: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchobservabilityadminservice.html
        """
        enrolment.may(
            "LookAtResourcesOfTheOrganisation",
            [f"observabilityadmin:{action}" for action in EVALUATION],
            ["*"],
            because="The evaluation is the organisation's; its actions take no resource",
        )
        enrolment.may_make_service_role("observabilityadmin.amazonaws.com")
