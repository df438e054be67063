"""An aggregator of AWS Config: every account's resources and their compliance in one place.

It reads what recorders have recorded; it switches none on, and no log comes of it.

References:
    - https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configurationaggregator.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_config as config
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.config.organisation_sources import ConfigAggregator as Chosen
from infra.constructs.common.statements import allow, service_role, wait_for_rights
from infra.names import CENTRAL_LOGS

L1 = config.CfnConfigurationAggregator

READS = (
    *("DescribeOrganization", "ListAccounts", "ListAWSServiceAccessForOrganization"),
    "ListDelegatedAdministrators",
)
"""The managed policy AWSConfigRoleForOrganizations, action by action:
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSConfigRoleForOrganizations.html"""


class ConfigAggregator(Construct):
    """Collects from all accounts of the organisation, those of tomorrow included.

    Attributes:
        aggregator: The aggregator.
        role: AWS Config takes it to list the accounts.
    """

    def __init__(
        self, scope: Construct, id_: str, *, chosen: Chosen, regions: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        self.role = service_role(
            self,
            "config.amazonaws.com",
            why="AggregateForThisAccount",
            description="Central logs: AWS Config lists the organisation's accounts",
            conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
        )
        reads = [f"organizations:{action}" for action in READS]
        allow(self.role, "ListTheAccounts", reads, ["*"])
        acknowledge_wildcard(
            self.role, "*", "These actions of Organizations take no resource; each only reads"
        )
        self.aggregator = L1(
            self,
            "Aggregator",
            configuration_aggregator_name=CENTRAL_LOGS,
            organization_aggregation_source=L1.OrganizationAggregationSourceProperty(
                role_arn=self.role.role_arn,
                all_aws_regions=True if chosen.all_regions else None,
                aws_regions=None if chosen.all_regions else list(regions),
            ),
        )
        wait_for_rights(self.aggregator, self.role)
