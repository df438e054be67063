"""What a region has for log files in S3: a bucket, who may deliver to it, and who is told."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.common.removal import removal_policy
from infra.constructs.objects.central_bucket import CentralBucket
from infra.constructs.objects.object_forwarding import ObjectForwarding
from infra.constructs.objects.vended_delivery import VendedDelivery
from infra.names import objects_bus_arn


class LogFilesStack(cdk.Stack):
    """One region of the central account; the central one needs nobody to forward.

    Bus and buckets are named, not referenced, because they may be in another region.
    """

    def __init__(
        self, scope: Construct, id_: str, *, config: DeploymentConfig, env: cdk.Environment
    ) -> None:
        super().__init__(scope, id_, env=env, termination_protection=config.removal == "retain")
        central, made = config.central, {b.region: b.name for b in config.made_buckets}
        followed = [
            bucket
            for bucket in config.log_buckets
            if (bucket.account, bucket.region) == (central.account, env.region)
        ]
        if env.region in made:
            self.files = CentralBucket(
                self,
                "Files",
                config=config.objects.central,
                senders=config.senders,
                removal=removal_policy(config),
            )
            cdk.CfnOutput(self, "LogBucket", value=self.files.bucket.bucket_name)
        if made:
            self.delivery = VendedDelivery(
                self,
                "Delivery",
                bucket=made.get(env.region, made[central.region]),
                senders=config.senders,
            )
        if env.region != central.region and followed:
            self.forwarding = ObjectForwarding(
                self,
                "Forwarding",
                bus_arn=objects_bus_arn(central.account, central.region, self.partition),
                buckets=followed,
            )
