"""The story's organisation, as the local cloud lists it and as the app then knows it."""

import time
from collections.abc import Mapping
from typing import Any

from infra.names import ORGANISATION_KEY
from local.aws.centralisation.destination import PRINCIPAL
from local.aws.delegation import CLOUDWATCH, STACK_SETS
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from local.deploy.cdk import DeployError
from local.story.organisation import NAMES, TAGS, UNITS
from logcore.codec import dump_json

MANAGEMENT_ACCOUNT = "777777777777"
"""Manages the organisation where a StackSet onboards it; nothing of the story happens there."""

PATIENCE_S = 60.0  # a new schedule begins at once, give or take the cloud's own tick


def as_json() -> str:
    """The accounts for ``Settings.organisation`` of the local cloud."""
    accounts = {
        account: {"name": name, "unit": UNITS[account], "tags": TAGS[account]}
        for account, name in NAMES.items()
    }
    return dump_json(accounts).decode()


def delegate_stack_sets(cloud: LocalCloud) -> None:
    """Do what docs/deploy/README.md has the management account do before units can be onboarded."""
    cloud.client("cloudformation", MANAGEMENT_ACCOUNT).activate_organizations_access()
    cloud.client("organizations", MANAGEMENT_ACCOUNT).register_delegated_administrator(
        AccountId=CENTRAL_ACCOUNT, ServicePrincipal=STACK_SETS
    )


def delegate_centralisation(cloud: LocalCloud) -> None:
    """Do what docs/deploy/onboarding.md has the management account do before rules can copy."""
    manager = cloud.client("organizations", MANAGEMENT_ACCOUNT)
    manager.enable_aws_service_access(ServicePrincipal=CLOUDWATCH)
    manager.register_delegated_administrator(AccountId=CENTRAL_ACCOUNT, ServicePrincipal=CLOUDWATCH)
    cloud.client("iam").create_service_linked_role(AWSServiceName=PRINCIPAL)


def await_snapshot(s3: Any, outputs: Mapping[str, Mapping[str, Any]]) -> None:  # noqa: ANN401  a boto3 client
    """Wait until the app's own schedule has written its first snapshot.

    Raises:
        DeployError: it did not come in time; the function's log says why.
    """
    (bucket,) = (stack["ArchiveBucket"] for stack in outputs.values() if "ArchiveBucket" in stack)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = s3.list_objects_v2(Bucket=bucket, Prefix=ORGANISATION_KEY)
        if found["KeyCount"]:
            return
        time.sleep(0.2)
    raise DeployError(f"no {ORGANISATION_KEY} in {bucket} within {PATIENCE_S:.0f} s")
