"""What every account gets in every region, the central account included."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.hosts.host_logs import HostLogs
from infra.constructs.members.door import destination_arn
from infra.constructs.members.event_forwarding import EventForwarding
from infra.constructs.members.subscription import Subscription
from infra.constructs.stream.event_hub import bus_arn


class MemberStack(cdk.Stack):
    """Subscribes the account's log groups to the region's door, and forwards its events.

    Where members are centralised, the central account and region alone is subscribed. Where a
    deployment says so, hosts get the agent that fills such log groups.

    Without ``env`` its template holds in any account and region.

    Attributes:
        subscription: The subscription; ``None`` where log groups are copied instead.
        events: The rule that forwards.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        left_out: Sequence[str],
        env: cdk.Environment | None = None,
        synthesizer: cdk.IStackSynthesizer | None = None,
    ) -> None:
        super().__init__(scope, id_, env=env, synthesizer=synthesizer)
        central = config.central

        is_central = (self.account, self.region) == (central.account, central.region)
        self.subscription = (
            Subscription(
                self,
                "Subscription",
                destination_arn=destination_arn(central.account, self.region, self.partition),
                left_out=left_out,
            )
            if config.members.subscribes or is_central
            else None
        )
        self.events = EventForwarding(
            self,
            "Events",
            bus_arn=bus_arn(central.account, central.region, self.partition),
            sources=config.event_sources,
        )
        if config.hosts.enabled:
            self.hosts = HostLogs(self, "Hosts", config=config.hosts)
