# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Service-linked roles under the names that AWS gives them, which MiniStack guesses.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

from typing import Any, Final

from ministack.services import iam

from local.aws import patching
from local.aws.settings import Settings

NAMES: Final = {
    "logs-centralization.observabilityadmin.amazonaws.com": (
        "AWSServiceRoleForObservabilityAdmin_LogsCentralization"
    ),
    "opensearchservice.amazonaws.com": "AWSServiceRoleForAmazonOpenSearchService",
}
"""Those that this project speaks of, by service."""


def apply(_settings: Settings) -> None:
    """Rename what is made; the request's answer says so too."""
    patching.require(iam, "_error", "_p", "_roles")
    patching.wrap(iam, "_create_service_linked_role", _with_its_name)
    patching.wrap_entry(iam, "_IAM_HANDLERS", "CreateServiceLinkedRole", _with_its_name)


def _with_its_name(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def create(parameters: dict[str, Any]) -> Any:  # noqa: ANN401  same
        name = NAMES.get(iam._p(parameters, "AWSServiceName"))
        if name is None:
            return original(parameters)
        if name in iam._roles:
            words = f"Role with name {name} already exists."
            return iam._error(409, "EntityAlreadyExists", words, ns="iam")
        before = set(iam._roles)
        status, headers, body = original(parameters)
        for guessed in set(iam._roles) - before:
            role = iam._roles.pop(guessed)
            arn = role["Arn"].replace(f"/{guessed}", f"/{name}")
            iam._roles[name] = {**role, "RoleName": name, "Arn": arn}
            body = body.replace(guessed.encode(), name.encode())
        return status, headers, body

    return create
