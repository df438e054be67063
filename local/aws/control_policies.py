# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Service control policies: who may read them, who may change them, and what a unit begins with.

MiniStack keeps them, answers whoever asks, and denies nothing by them. It attaches the one that
allows everything to accounts that are made, and not to units, which then would allow nothing.

References:
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html
"""

import json
from typing import Any, Final

from ministack.core.responses import get_region, request_scope
from ministack.services import organizations

from local.aws import delegation, patching
from local.aws.organizations import Answer, management_account
from local.aws.settings import Settings

READS: Final = (
    "DescribePolicy",
    "ListPolicies",
    "ListPoliciesForTarget",
    "ListTargetsForPolicy",
)

CHANGES: Final = (
    "AttachPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "DetachPolicy",
    "UpdatePolicy",
)


def apply(settings: Settings) -> None:
    """Refuse members that administer nothing, where the settings name an organisation."""
    if not settings.organisation:
        return
    for action in READS:
        patching.wrap_entry(organizations, "_DISPATCH", action, delegation.for_administrators)
    for action in CHANGES:
        patching.wrap_entry(organizations, "_DISPATCH", action, delegation.for_the_manager)
    patching.require(organizations, "FULL_ACCESS_POLICY_ID", "_attachments")
    patching.wrap_entry(organizations, "_DISPATCH", "CreateOrganizationalUnit", _allowing)


def _allowing(original: Answer) -> Answer:
    """Attach the policy that allows everything to a unit that is made, as AWS does.

    Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """

    def create(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
        response = original(request)
        if response[0] == 200:  # noqa: PLR2004  HTTP: OK
            unit = json.loads(response[2])["OrganizationalUnit"]["Id"]
            with request_scope(management_account(), get_region()):
                attached = organizations._attachments[organizations.FULL_ACCESS_POLICY_ID]
                attached.append(unit)
        return response

    return create
