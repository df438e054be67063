"""A region's door in the central account."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.members.door import Door
from infra.names import KEY_ALIAS


class DoorStack(cdk.Stack):
    """The Destination of one region, in front of the stream of the central region.

    Stream and key are named, not referenced, because they may be in another region.
    """

    def __init__(
        self, scope: Construct, id_: str, *, config: DeploymentConfig, env: cdk.Environment
    ) -> None:
        super().__init__(scope, id_, env=env)
        central = f"{config.central.region}:{config.central.account}"

        self.door = Door(
            self,
            "Door",
            senders=config.senders,
            stream_arn=f"arn:{self.partition}:kinesis:{central}:stream/{config.stream.name}",
            key_arns=[config.key.existing or f"arn:{self.partition}:kms:{central}:key/*"],
            key_alias=None if config.key.existing else KEY_ALIAS,
        )
