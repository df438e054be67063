"""Copies members' log groups into the central account and region, by a rule of CloudWatch itself.

The central account must be a delegated administrator of CloudWatch, and its subscription policy
covers the copies like every other log group of its own.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-observabilityadmin-organizationcentralizationrule.html
"""

from collections.abc import Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_observabilityadmin as observability
from constructs import Construct

from infra.config.centralise import Backup, Centralise
from infra.names import CENTRALISATION_RULE, FUNCTION_LOGS
from logcore.transports.copied_groups import COPIES, PATTERN

L1 = observability.CfnOrganizationCentralizationRule

SELECTION: Final = " AND ".join(
    f"LogGroupName NOT LIKE '{prefix}%'" for prefix in (FUNCTION_LOGS, COPIES)
)
"""Neither the pipeline's own log groups, which all begin so (``infra.recursion``), nor copies.

2,000 characters are allowed:
https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_SourceLogsConfiguration.html"""

STRATEGIES: Final = {"copy": "ALLOW", "skip": "SKIP"}


class Centralisation(Construct):
    """A rule that copies what arrives from now on, each group under a name that says its source.

    Every group that it makes is encrypted with our key, whatever its source is. A group of that
    name which somebody made without the key is written to all the same: the other choice of AWS
    drops the records.

    Attributes:
        rule: The rule.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        sources: str,
        regions: Sequence[str],
        chosen: Centralise,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.rule = L1(
            self,
            "Rule",
            rule_name=CENTRALISATION_RULE,
            rule=L1.CentralizationRuleProperty(
                source=L1.CentralizationRuleSourceProperty(
                    regions=list(regions),
                    scope=sources,
                    source_logs_configuration=L1.SourceLogsConfigurationProperty(
                        encrypted_log_group_strategy=STRATEGIES[chosen.encrypted],
                        log_group_selection_criteria=SELECTION,
                    ),
                ),
                destination=L1.CentralizationRuleDestinationProperty(
                    account=stack.account,
                    region=stack.region,
                    destination_logs_configuration=_copies(key, chosen.backup),
                ),
            ),
        )


def _copies(key: kms.IKey, backup: Backup | None) -> L1.DestinationLogsConfigurationProperty:
    return L1.DestinationLogsConfigurationProperty(
        backup_configuration=L1.LogsBackupConfigurationProperty(
            region=backup.region, kms_key_arn=backup.key_arn
        )
        if backup
        else None,
        log_group_name_configuration=L1.LogGroupNameConfigurationProperty(
            log_group_name_pattern=PATTERN
        ),
        logs_encryption_configuration=L1.LogsEncryptionConfigurationProperty(
            encryption_strategy="CUSTOMER_MANAGED",
            encryption_scope="NEW_DESTINATION_LOG_GROUPS",
            encryption_conflict_resolution_strategy="ALLOW",
            kms_key_arn=key.key_arn,
        ),
    )
