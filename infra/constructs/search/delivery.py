"""The way from functions that normalise to the index, by both sinks, and to the reject store."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.common.grants import grant_put_objects
from infra.constructs.common.log_group import own_log_group
from infra.constructs.network.placement import Placement
from infra.constructs.search.domain import Domain
from infra.constructs.search.firehose_to_opensearch import Buffering, FirehoseToOpenSearch
from infra.names import INDEX, REJECT_PREFIX, UNDELIVERED_PREFIX


class Delivery(Construct):
    """One delivery stream for all datasets, beside the direct way for those that choose it.

    Attributes:
        stream: Firehose to the domain.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        domain: Domain,
        bucket: s3.IBucket,
        key: kms.IKey,
        place: Placement | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._bucket, self._key, self._domain = bucket, key, domain
        self._direct = any(dataset.sink == "direct" for dataset in config.datasets.values())
        log_group = own_log_group(
            self, "delivery", retention_days=config.function.log_retention_days
        )
        for name in ("documents", "failed"):
            log_group.add_stream(name, log_stream_name=name)
        self.stream = FirehoseToOpenSearch(
            self,
            "Stream",
            domain_arn=domain.arn,
            index=INDEX,
            bucket=bucket,
            failed_prefix=f"{UNDELIVERED_PREFIX}documents/",
            log_group=log_group,
            key=key,
            buffering=Buffering(
                interval=cdk.Duration.seconds(config.delivery.buffer_seconds),
                size=cdk.Size.mebibytes(config.delivery.buffer_mib),
            ),
            retry=cdk.Duration.seconds(config.delivery.retry_seconds),
            place=place,
        )

    def grant_write(self, role: iam.Role) -> None:
        """Let a function use the sinks that the deployment chose, and keep rejects."""
        self.stream.grant_put_records(role)
        grant_put_objects(role, self._bucket, self._key, REJECT_PREFIX, why="KeepRejects")
        if self._direct:
            self._domain.grant_http(role, "Post", why="PostDocuments")
