"""Switches on what CloudFormation has no resource for, or one that does not work from here."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.bundle import Bundle
from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.provider import function_provider
from infra.constructs.common.statements import Conditions, allow
from lambdas.enrol_organisation.settings import Settings


class Enrolment(Construct):
    """A function that enrols the organisation in services, one custom resource for each.

    It has no right of its own: whoever enrols a service gives it that service's.

    Attributes:
        function: The function.
        role: Its role.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bundle: Bundle,
        config: FunctionConfig,
        settings: Settings,
    ) -> None:
        super().__init__(scope, id_)
        self.function = PythonFunction(
            self,
            "Function",
            name="enrol_organisation",
            bundle=bundle,
            config=config,
            environment=settings.to_env(),
            memory_mib=256,
            timeout=cdk.Duration.minutes(15),  # a request for each account, few of them a second
        )
        self.role = self.function.role
        self._provider = function_provider(
            self, self.function, why="CallTheEnrolmentFunction", config=config
        )

    def enrol(
        self, scope: Construct, id_: str, *, service: str, region: str, choices: Mapping[str, Any]
    ) -> cdk.CustomResource:
        """One service in one region.

        Args:
            scope: Whose resource it is.
            id_: Its id there.
            service: A key of ``lambdas.enrol_organisation.services.SERVICES``.
            region: Where the service is switched on; the function is here.
            choices: What was chosen; may hold tokens.
        """
        resource = cdk.CustomResource(
            scope,
            id_,
            resource_type="Custom::OrganisationEnrolment",
            service_token=self._provider.service_token,
            properties={
                "Service": service,
                "Region": region,
                "Choices": cdk.Stack.of(scope).to_json_string(dict(choices)),
            },
        )
        # Rights are given after the function is made, and must be there before it is called.
        resource.node.add_dependency(self.role)
        return resource

    def may(
        self,
        why: str,
        actions: Sequence[str],
        resources: Sequence[str],
        *,
        because: str = "",
        conditions: Conditions | None = None,
    ) -> None:
        """Give the function a right.

        Args:
            why: The ``Sid``.
            actions: What.
            resources: With what, as ARNs.
            because: Why a wildcard in a resource is right; where there is one.
            conditions: When.
        """
        for resource in resources:
            if because and "*" in resource:
                acknowledge_wildcard(self.role, resource, because)
        allow(self.role, why, actions, resources, conditions=conditions)

    def may_make_service_role(self, service: str) -> None:
        """Let the function make the role that a service works with in this account.

        Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
        """
        stack = cdk.Stack.of(self)
        role = f"role/aws-service-role/{service}/*"
        self.may(
            f"MakeTheRoleOf{in_one_word(service)}",
            ["iam:CreateServiceLinkedRole"],
            [f"arn:{stack.partition}:iam::{stack.account}:{role}"],
            because="The service chooses the name of its role; the condition names the service",
            conditions={"StringEquals": {"iam:AWSServiceName": service}},
        )


def in_one_word(service: str) -> str:
    """``agentless.inspector2.amazonaws.com`` as ``AgentlessInspector2``, as a ``Sid`` has it."""
    words = re.split(r"[.-]", service.removesuffix(".amazonaws.com"))
    return "".join(word.capitalize() for word in words)
