"""The member stack as text that holds in any account and region.

A StackSet takes a template, not a stack. This is the same stack that a listed account gets, with
CloudFormation's pseudo parameters where that one has its account and region.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from tempfile import TemporaryDirectory
from typing import Any

import aws_cdk as cdk

from infra.config import DeploymentConfig
from infra.config.access import Access
from infra.role_rules import rule_roles
from infra.stacks.member import MemberStack

type Make = Callable[[cdk.App, cdk.IStackSynthesizer], cdk.Stack]
"""Makes a stack in an app, by a synthesizer that needs no bootstrapping."""

WITHOUT_PATHS = {"aws:cdk:enable-path-metadata": False}
"""The cdk command asks for construct paths as metadata, which would change the text."""


def member_template(
    config: DeploymentConfig, left_out: Sequence[str], context: Mapping[str, Any]
) -> str:
    """The template, as compact JSON with sorted keys: the same choices give the same text.

    It knows nothing of bootstrapping, which an account that has just joined has not seen, and
    synthesis fails if it ever needs an asset.

    Args:
        config: What the deployment chose.
        left_out: Log groups that no member sends.
        context: Feature flags of the app; without them logical ids may differ.
    """
    return template_text(
        lambda app, synthesizer: MemberStack(
            app, "Member", config=config, left_out=left_out, synthesizer=synthesizer
        ),
        config.access,
        context,
    )


def template_text(make: Make, access: Access, context: Mapping[str, Any]) -> str:
    """The template of any stack that holds in every account and region, likewise.

    Args:
        make: Makes the stack in an app of its own.
        access: What the organisation demands of roles.
        context: Feature flags of the app; without them logical ids may differ.
    """
    with TemporaryDirectory() as folder:
        app = cdk.App(
            analytics_reporting=False,
            auto_synth=False,  # else the cdk command's own output folder would get this app as well
            context=context,
            outdir=folder,
            post_cli_context=WITHOUT_PATHS,
            tree_metadata=False,
        )
        stack = make(app, cdk.BootstraplessSynthesizer())
        rule_roles(app, access)
        template = app.synth().get_stack_artifact(stack.artifact_id).template
    return json.dumps(template, separators=(",", ":"), sort_keys=True)
