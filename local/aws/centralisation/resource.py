"""``AWS::ObservabilityAdmin::OrganizationCentralizationRule``.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-observabilityadmin-organizationcentralizationrule.html
"""

from local.aws.centralisation import control
from local.aws.centralisation.rule import Rule, RuleError
from local.aws.cloudformation.resource import Created, Properties, Resource, Resources


def _made(rule: Rule) -> Created:
    return rule.arn, {"RuleArn": rule.arn}


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    return _made(control.create(properties["RuleName"], properties["Rule"]))


def _update(
    physical_id: str, _old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    return _made(control.update(physical_id, new["Rule"]))


def _delete(physical_id: str, _properties: Properties) -> None:
    try:
        control.delete(physical_id)
    except RuleError as gone:
        if gone.code != "ResourceNotFoundException":
            raise


TYPES: Resources = {
    "AWS::ObservabilityAdmin::OrganizationCentralizationRule": Resource(
        create=_create, update=_update, delete=_delete, replaced_by=("RuleName",)
    )
}
