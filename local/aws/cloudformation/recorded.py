# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Types that are only recorded: the service is not played, but stacks with it must deploy.

They get a physical id and the attributes that templates usually read; a warning in the log says so.
"""

import logging

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

from local.aws.cloudformation.resource import Created, Properties, Resource, Resources

log = logging.getLogger("local.aws.cloudformation")

RECORDED = (
    "AWS::CloudTrail::Trail",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::Config::ConfigRule",
    "AWS::Config::ConfigurationAggregator",
    "AWS::Config::RemediationConfiguration",
    "AWS::EC2::FlowLog",
    "AWS::GuardDuty::Detector",
    "AWS::ObservabilityAdmin::OrganizationTelemetryRule",
    "AWS::Route53Resolver::ResolverQueryLoggingConfig",
    "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
    "AWS::SecurityHub::ConfigurationPolicy",
    "AWS::SecurityHub::Hub",
    "AWS::SecurityHub::OrganizationConfiguration",
    "AWS::SecurityHub::PolicyAssociation",
    "AWS::ServiceCatalog::CloudFormationProduct",
    "AWS::ServiceCatalog::LaunchRoleConstraint",
    "AWS::ServiceCatalog::LaunchTemplateConstraint",
    "AWS::ServiceCatalog::Portfolio",
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
    "AWS::ServiceCatalog::PortfolioProductAssociation",
    "AWS::ServiceCatalog::TagOption",
    "AWS::ServiceCatalog::TagOptionAssociation",
)


NAMED = {"AWS::Config::ConfigRule": "ConfigRuleName"}
"""Types that AWS knows by a name which the template gives, and the property that has it."""


def _recorded(name: str) -> Resource:
    _aws, service, kind = name.split("::")

    def attributes(physical_id: str) -> dict[str, str]:
        place = f"{service.lower()}:{get_region()}:{get_account_id()}"
        arn = f"arn:aws:{place}:{kind.lower()}/{physical_id}"
        return {"Arn": arn, "Id": physical_id, "Name": physical_id}

    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        log.warning("%s %s is only recorded: the local cloud does not play it", name, logical_id)
        given = properties.get(NAMED.get(name, ""))
        physical_id = given or provisioners._physical_name(stack, logical_id, max_len=64)
        return physical_id, attributes(physical_id)

    def update(
        physical_id: str, _old: Properties, _new: Properties, _stack: str, _logical_id: str
    ) -> Created:
        return physical_id, attributes(physical_id)

    return Resource(create=create, update=update, delete=lambda _id, _properties: None)


TYPES: Resources = {name: _recorded(name) for name in RECORDED}
