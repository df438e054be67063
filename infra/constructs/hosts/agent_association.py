"""Installs the CloudWatch agent on tagged hosts, configures it, and keeps both as they should be.

References:
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/state-manager-about.html
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html#aws-rundocument
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/installing-cloudwatch-agent-ssm.html
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.config.host_files import Platform
from infra.config.hosts import Hosts
from infra.constructs.hosts.credentials_scripts import LEND_ON_LINUX, LEND_ON_WINDOWS
from infra.names import HOSTS, agent_parameter

type Json = dict[str, Any]
"""One JSON object."""

SYSTEMS: Final[Mapping[Platform, str]] = {"linux": "Linux", "windows": "Windows"}
"""Words of Systems Manager for platforms."""

LENDING: Final[Mapping[Platform, tuple[str, str]]] = {
    "linux": ("aws:runShellScript", LEND_ON_LINUX),
    "windows": ("aws:runPowerShellScript", LEND_ON_WINDOWS),
}
"""Plugin and script that lend an unattended machine's credentials to the CloudWatch agent."""


class AgentAssociation(Construct):
    """A document that does both in their order, and its association with a tag.

    State Manager runs it when a host appears, when the document changes, and by its schedule. The
    document names the digests of the configurations, so that a change of one is a change of it.

    Attributes:
        document: Calls AWS's own documents.
        association: Its ``Ref`` is the id that the command line takes.
    """

    def __init__(
        self, scope: Construct, id_: str, *, config: Hosts, texts: Mapping[Platform, str]
    ) -> None:
        super().__init__(scope, id_)
        self.document = ssm.CfnDocument(
            self,
            "Document",
            name=HOSTS,
            content=_content(texts, is_hybrid=bool(config.hybrid_accounts)),
            document_format="JSON",
            document_type="Command",
            update_method="NewVersion",  # else a named document could not be changed
        )
        self.association = ssm.CfnAssociation(
            self,
            "Association",
            name=self.document.ref,
            association_name=HOSTS,
            compliance_severity=config.severity.upper(),
            max_concurrency=config.max_concurrency,
            max_errors=config.max_errors,
            schedule_expression=_rate(config.every_hours),
            targets=[
                ssm.CfnAssociation.TargetProperty(
                    key=f"tag:{config.tag.key}", values=[config.tag.value]
                )
            ],
        )


def _rate(hours: int) -> str:
    return "rate(1 hour)" if hours == 1 else f"rate({hours} hours)"


def _content(texts: Mapping[Platform, str], *, is_hybrid: bool) -> Json:
    digests = (
        f"{name} {hashlib.sha256(text.encode()).hexdigest()}" for name, text in texts.items()
    )
    lending = [_lend(platform) for platform in texts] if is_hybrid else []
    return {
        "schemaVersion": "2.2",
        "description": f"Central logs: the CloudWatch agent, configured as {', '.join(digests)}",
        "mainSteps": [_install(), *lending, *map(_configure, texts)],
    }


def _install() -> Json:
    """The latest version; what is up to date already is left alone."""
    parameters = {"action": "Install", "name": "AmazonCloudWatchAgent"}
    return _run("install", "AWS-ConfigureAWSPackage", parameters)


def _configure(platform: Platform) -> Json:
    """The agent restarts and goes on in each file where it was."""
    parameters = {
        "action": "configure",
        "mode": "auto",
        "optionalConfigurationSource": "ssm",
        "optionalConfigurationLocation": agent_parameter(platform),
        "optionalRestart": "yes",
    }
    step = _run(f"configure{SYSTEMS[platform]}", "AmazonCloudWatch-ManageAgent", parameters)
    return step | _only_on(platform)


def _lend(platform: Platform) -> Json:
    plugin, script = LENDING[platform]
    inputs = {"runCommand": script.splitlines(), "onFailure": "exit"}
    step = {"action": plugin, "name": f"lendCredentials{SYSTEMS[platform]}", "inputs": inputs}
    return step | _only_on(platform)


def _run(name: str, document: str, parameters: Mapping[str, str]) -> Json:
    inputs = {
        "documentType": "SSMDocument",
        "documentPath": document,
        "documentParameters": dict(parameters),
        "onFailure": "exit",
    }
    return {"action": "aws:runDocument", "name": name, "inputs": inputs}


def _only_on(platform: Platform) -> Json:
    return {"precondition": {"StringEquals": ["platformType", SYSTEMS[platform]]}}
