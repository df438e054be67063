# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Reads a query's parameters as properties of a template, which every other module takes."""

from typing import Any

from ministack.services.cloudformation import helpers

from local.aws.stack_sets.model import Json

type Params = dict[str, Any]
"""A query's parameters: ``{"DeploymentTargets.Accounts.member.1": ["222222222222"]}``."""

_TEXTS = ("StackSetName", "TemplateBody", "PermissionModel", "Description")
_COUNTS = (
    *("FailureToleranceCount", "FailureTolerancePercentage"),
    *("MaxConcurrentCount", "MaxConcurrentPercentage"),
)


def targets(params: Params) -> Json:
    """``DeploymentTargets`` of a query."""
    prefix = "DeploymentTargets"
    return {
        "OrganizationalUnitIds": helpers._extract_string_members(
            params, f"{prefix}.OrganizationalUnitIds"
        ),
        "Accounts": helpers._extract_string_members(params, f"{prefix}.Accounts"),
        "AccountFilterType": helpers._p(params, f"{prefix}.AccountFilterType") or None,
    }


def properties(params: Params) -> Json:
    """A query's parameters as properties of a template; what is absent is left out."""
    deployment = {
        key: helpers._p(params, f"AutoDeployment.{key}")
        for key in ("Enabled", "RetainStacksOnAccountRemoval")
        if f"AutoDeployment.{key}" in params
    }
    given = {
        **{key: helpers._p(params, key) for key in _TEXTS},
        "CallAs": helpers._p(params, "CallAs", "SELF"),
        "Capabilities": helpers._extract_string_members(params, "Capabilities"),
        "AutoDeployment": deployment,
        "OperationPreferences": _preferences(params),
    }
    return {key: value for key, value in given.items() if value}


def _preferences(params: Params) -> Json:
    prefix = "OperationPreferences"
    texts = ("ConcurrencyMode", "RegionConcurrencyType", *_COUNTS)
    return {
        **{
            key: helpers._p(params, f"{prefix}.{key}")
            for key in texts
            if f"{prefix}.{key}" in params
        },
        "RegionOrder": helpers._extract_string_members(params, f"{prefix}.RegionOrder"),
    }
