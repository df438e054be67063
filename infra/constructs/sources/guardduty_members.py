"""GuardDuty for every member, in every region of the deployment.

Reference: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.config.organisation_sources import GuardDuty
from infra.constructs.sources.enrolment import Enrolment
from infra.sources import guardduty_choices


class GuardDutyMembers(Construct):
    """The administrator's detector and the organisation's configuration, region by region.

    Attributes:
        regions: The custom resource of each region.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: GuardDuty,
        enrolment: Enrolment,
        regions: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self._grant(enrolment, regions)
        self.regions = {
            region: enrolment.enrol(
                self,
                region,
                service="guardduty",
                region=region,
                choices=guardduty_choices(config, region),
            )
            for region in regions
        }

    def _grant(self, enrolment: Enrolment, regions: Sequence[str]) -> None:
        """What the function needs.

        Reference: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonguardduty.html
        """
        stack = cdk.Stack.of(self)
        places = [f"arn:{stack.partition}:guardduty:{r}:{stack.account}:detector" for r in regions]
        changes = ["UpdateDetector", "UpdateOrganizationConfiguration"]
        enrolment.may(
            "FindOrMakeTheDetector",
            ["guardduty:CreateDetector", "guardduty:ListDetectors"],
            ["*"],
            because="A detector that is yet to be found or made has no ARN",
        )
        enrolment.may(
            "ConfigureTheDetector",
            [f"guardduty:{action}" for action in changes],
            [f"{place}/*" for place in places],
            because="The detector's id is AWS's choice; an account has one in a region",
        )
        enrolment.may_make_service_role("guardduty.amazonaws.com")
        enrolment.may_make_service_role("malware-protection.guardduty.amazonaws.com")
