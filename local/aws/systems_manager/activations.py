"""Activations, with which machines outside AWS would register; no machine does so here.

The role must be one that Systems Manager may take for the account and region.

Reference: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateActivation.html
"""

import secrets
import uuid
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from local.aws import roles
from local.aws.systems_manager.errors import SystemsManagerError

SERVICE = "ssm.amazonaws.com"

_activations = AccountRegionScopedDict()


def create(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``CreateActivation``: an id and a code, which is told once.

    Raises:
        SystemsManagerError: Systems Manager may not take the role for a machine of the account, or
            a machine with the role could not report itself.
    """
    account, region = get_account_id(), get_region()
    role = f"arn:aws:iam::{account}:role/{request['IamRole']}"
    machines = f"arn:aws:ssm:{region}:{account}:managed-instance/"
    why = roles.denied(
        role, "ssm:UpdateInstanceInformation", machines + "*", SERVICE, source_arn=machines + "mi-0"
    )
    if why:
        raise SystemsManagerError(f"Not existing role: {role}: {why}")
    identity = str(uuid.uuid4())
    _activations[identity] = {
        "ActivationId": identity,
        "IamRole": request["IamRole"],
        "RegistrationLimit": request.get("RegistrationLimit", 1),
        "RegistrationsCount": 0,
        "Tags": request.get("Tags", []),
    }
    return {"ActivationId": identity, "ActivationCode": secrets.token_hex(10)}


def describe(_request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DescribeActivations``: never with the code."""
    return {"ActivationList": list(_activations.values())}


def reset() -> None:
    """Forget every activation."""
    _activations.clear()
