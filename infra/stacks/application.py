"""What one application gets that onboards itself, by Service Catalog or as a plain stack."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.constructs.members.application_onboarding import ApplicationOnboarding
from infra.constructs.members.door import destination_arn


class ApplicationStack(cdk.Stack):
    """A log group, by parameters; its template holds in any account and region."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        central: str,
        retentions: Sequence[int],
        synthesizer: cdk.IStackSynthesizer | None = None,
    ) -> None:
        super().__init__(
            scope,
            id_,
            description="Central logs: the log group of an application",
            synthesizer=synthesizer,
        )
        self.onboarding = ApplicationOnboarding(
            self,
            "Application",
            destination_arn=destination_arn(central, self.region, self.partition),
            retentions=retentions,
        )
