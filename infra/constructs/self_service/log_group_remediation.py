"""An Automation document that puts a log group right, and when Config runs it.

References:
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
    - https://docs.aws.amazon.com/config/latest/developerguide/remediation.html
"""

from pathlib import Path
from typing import Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_config as config_
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.config.self_service import LogGroupRules as RulesConfig
from infra.constructs.common.statements import allow, service_role, wait_for_rights
from infra.names import FUNCTION_LOGS

L1 = config_.CfnRemediationConfiguration

SCRIPT: Final = Path(__file__).parents[3] / "lambdas" / "remediate_log_group" / "script.py"

OWN_LOGS: Final = f"{FUNCTION_LOGS}*"
"""The pipeline's own log groups, which no rule looks at."""

type Setting = Literal["retention", "encryption"]


class LogGroupRemediation(Construct):
    """A document with one script, and a role that may do what the script does.

    Attributes:
        document: The document; it may be run by hand as well.
        role: Automation takes it for executions of this account only.
    """

    def __init__(self, scope: Construct, id_: str, *, config: RulesConfig) -> None:
        super().__init__(scope, id_)
        self._config = config
        self.role = service_role(
            self,
            "ssm.amazonaws.com",
            why="RemediateForThisAccount",
            description="Central logs: sets retention and key of log groups",
            conditions={
                "StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account},
                "ArnLike": {"aws:SourceArn": self._arn("ssm", "automation-execution/*")},
            },
        )
        groups = self._arn("logs", "log-group:*")
        allow(self.role, "FindTheLogGroup", ["logs:DescribeLogGroups"], [groups])
        allow(self.role, "SetRetention", ["logs:PutRetentionPolicy"], [groups])
        acknowledge_wildcard(self.role, groups, "Any log group may be found without retention")
        if config.key_alias:
            self._allow_key(config.key_alias, groups)
        self.document = ssm.CfnDocument(
            self,
            "Document",
            content=document(config, self.role.role_arn),
            document_format="JSON",
            document_type="Automation",
            update_method="NewVersion",
        )

    def put_right(self, rule: config_.CfnConfigRule, setting: Setting) -> None:
        """Let Config run the document for what a rule has found."""
        remediation, automatic = self._config.remediation, self._config.remediation.mode
        values = {
            "AutomationAssumeRole": {"StaticValue": {"Values": [self.role.role_arn]}},
            "LogGroup": {"ResourceValue": {"Value": "RESOURCE_ID"}},
            "Setting": {"StaticValue": {"Values": [setting]}},
        }
        made = L1(
            self,
            setting.title(),
            config_rule_name=rule.ref,
            target_type="SSM_DOCUMENT",
            target_id=self.document.ref,
            automatic=automatic == "automatic",
            maximum_automatic_attempts=remediation.attempts,
            retry_attempt_seconds=remediation.within_seconds,
            execution_controls=L1.ExecutionControlsProperty(
                ssm_controls=L1.SsmControlsProperty(
                    concurrent_execution_rate_percentage=remediation.concurrency_percentage,
                    error_percentage=remediation.error_percentage,
                )
            ),
            parameters=values,
        )
        wait_for_rights(made, self.role)

    def _allow_key(self, alias: str, groups: str) -> None:
        allow(self.role, "AssociateTheKey", ["logs:AssociateKmsKey"], [groups])
        keys = self._arn("kms", "key/*")
        allow(
            self.role,
            "FindTheKeyOfTheAlias",
            ["kms:DescribeKey"],
            [keys],
            conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}},
        )
        acknowledge_wildcard(
            self.role, keys, "The alias is the condition; each account has its key"
        )

    def _arn(self, service: str, resource: str) -> str:
        stack = cdk.Stack.of(self)
        return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"


def document(config: RulesConfig, role_arn: str) -> dict[str, object]:
    """The document's content: one script, told what the configuration chose.

    Args:
        config: Chooses retention, key and exclusions.
        role_arn: The role that it runs with unless another is given.
    """
    return {
        "schemaVersion": "0.3",
        "description": "Central logs: gives a log group its retention or its key",
        "assumeRole": "{{ AutomationAssumeRole }}",
        "parameters": {
            "AutomationAssumeRole": {"type": "AWS::IAM::Role::Arn", "default": role_arn},
            "LogGroup": {"type": "String", "description": "Name or ARN"},
            "Setting": {"type": "String", "allowedValues": ["retention", "encryption"]},
        },
        "mainSteps": [
            {
                "name": "PutRight",
                "action": "aws:executeScript",
                "timeoutSeconds": 300,
                "isEnd": True,
                "inputs": {
                    "Runtime": "python3.11",
                    "Handler": "script_handler",
                    "InputPayload": {
                        "LogGroup": "{{ LogGroup }}",
                        "Setting": "{{ Setting }}",
                        "RetentionDays": config.retention_days,
                        "KeyAlias": config.key_alias,
                        "Excluded": [OWN_LOGS, *config.excluded],
                    },
                    "Script": SCRIPT.read_text(encoding="utf-8"),
                },
                "outputs": [{"Name": "Done", "Selector": "$.Payload.Done", "Type": "String"}],
            }
        ],
    }
