"""Where buckets of other regions announce the log files that were written to them.

Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_events as events
from constructs import Construct

from infra.names import OBJECTS_BUS
from infra.senders import Senders


class ObjectBus(Construct):
    """A bus beside the event hub, so that no announcement goes onto the stream as an event.

    Rules of this account, in whatever region, need their role's right alone. Other accounts are
    named, and must be of the organisation where senders are one.

    Attributes:
        bus: The bus; its name is ``central-logs-objects``.
    """

    def __init__(
        self, scope: Construct, id_: str, *, senders: Senders, accounts: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        partition = cdk.Stack.of(self).partition
        self.bus = events.EventBus(
            self, "Bus", event_bus_name=OBJECTS_BUS, description="New log files of other regions"
        )
        for account in accounts:
            events.CfnEventBusPolicy(
                self,
                f"Account{account}",
                event_bus_name=self.bus.event_bus_name,
                statement_id=f"announce{account}",
                statement={
                    "Sid": f"announce{account}",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
                    "Action": "events:PutEvents",
                    "Resource": self.bus.event_bus_arn,
                    **senders.callers,
                },
            )
