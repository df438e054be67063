"""Security Hub for every account of root or units, by central configuration.

Accounts of today and of tomorrow inherit one policy, in the central region and those linked to it.
Local configuration would enrol accounts that join only, region by region.

References:
    - https://docs.aws.amazon.com/securityhub/latest/userguide/central-configuration-intro.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SecurityHub.html
"""

from collections.abc import Mapping, Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_securityhub as hub
from constructs import Construct

from infra.config.organisation_sources import SecurityHub, Standard
from infra.constructs.sources.enrolment import Enrolment

STANDARDS: Final[Mapping[Standard, str]] = {
    "cis": "cis-aws-foundations-benchmark/v/3.0.0",
    "fsbp": "aws-foundational-security-best-practices/v/1.0.0",
    "nist": "nist-800-53/v/5.0.0",
    "pci": "pci-dss/v/4.0.1",
}
"""Standards by a short name: https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html"""

PREPARES = (
    *("CreateFindingAggregator", "EnableSecurityHub", "ListFindingAggregators"),
    "UpdateFindingAggregator",
)

P = hub.CfnConfigurationPolicy


class SecurityHubPolicy(Construct):
    """A home region that findings come together in, and a policy for who is meant.

    The hub is made in the home region only; in linked ones the policy switches it on.

    Attributes:
        policy: What is checked.
        targets: Which root or unit has the policy.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: SecurityHub,
        enrolment: Enrolment,
        regions: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        home, *linked = regions
        self._grant(enrolment)
        prepared = enrolment.enrol(
            self, "Hub", service="security_hub", region=home, choices={"linked_regions": linked}
        )
        organisation = hub.CfnOrganizationConfiguration(
            self,
            "Organisation",
            auto_enable=False,  # central configuration takes no other value: its policy enrols
            auto_enable_standards="NONE",
            configuration_type="CENTRAL",
        )
        self.policy = P(
            self,
            "Policy",
            name="central-logs",
            description="Central logs: Security Hub for every account",
            configuration_policy=P.PolicyProperty(
                security_hub=P.SecurityHubPolicyProperty(
                    service_enabled=True,
                    enabled_standard_identifiers=standard_arns(
                        config.standards, cdk.Stack.of(self).partition, home
                    ),
                    security_controls_configuration=P.SecurityControlsConfigurationProperty(
                        disabled_security_control_identifiers=[]
                    ),
                )
            ),
        )
        self.targets = {target: self._associate(target) for target in config.targets}
        organisation.node.add_dependency(prepared)
        self.policy.node.add_dependency(organisation)

    def _grant(self, enrolment: Enrolment) -> None:
        """What the function needs to prepare the home region.

        Reference: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecurityhub.html
        """
        enrolment.may(
            "PrepareSecurityHub",
            [f"securityhub:{action}" for action in PREPARES],
            ["*"],
            because="A hub and an aggregator that are yet to be made have no ARN",
        )
        enrolment.may_make_service_role("securityhub.amazonaws.com")

    def _associate(self, target: str) -> hub.CfnPolicyAssociation:
        return hub.CfnPolicyAssociation(
            self,
            target,
            configuration_policy_id=self.policy.attr_id,
            target_id=target,
            target_type="ROOT" if target.startswith("r-") else "ORGANIZATIONAL_UNIT",
        )


def standard_arns(standards: Sequence[Standard], partition: str, region: str) -> list[str]:
    """What a policy names standards by."""
    return [f"arn:{partition}:securityhub:{region}::standards/{STANDARDS[s]}" for s in standards]
