"""Inspector for every member, in every region of the deployment.

Reference: https://docs.aws.amazon.com/inspector/latest/user/managing-multiple-accounts.html
"""

from collections.abc import Sequence

from constructs import Construct

from infra.config.organisation_sources import OrganisationSources
from infra.constructs.sources.enrolment import Enrolment
from infra.sources import inspector_choices

ACTIONS = ("AssociateMember", "Enable", "ListMembers", "UpdateOrganizationConfiguration")


class InspectorMembers(Construct):
    """What is scanned in the administrator's account, of members, and of accounts that join.

    Attributes:
        regions: The custom resource of each region.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: OrganisationSources,
        enrolment: Enrolment,
        regions: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self._grant(enrolment)
        self.regions = {
            region: enrolment.enrol(
                self,
                region,
                service="inspector",
                region=region,
                choices=inspector_choices(config),
            )
            for region in regions
        }

    def _grant(self, enrolment: Enrolment) -> None:
        """What the function needs.

        Reference: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoninspector2.html
        """
        enrolment.may(
            "EnrolInInspector",
            [f"inspector2:{action}" for action in ACTIONS],
            ["*"],
            because="Inspector's actions for accounts take no resource",
        )
        enrolment.may(
            "ListTheAccounts",
            ["organizations:ListAccounts"],
            ["*"],
            because="ListAccounts takes no resource; it only reads",
        )
        enrolment.may_make_service_role("inspector2.amazonaws.com")
        enrolment.may_make_service_role("agentless.inspector2.amazonaws.com")
