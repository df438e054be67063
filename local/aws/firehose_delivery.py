"""Takes one batch of one destination all the way: source, transformation, destination, failures.

Reference: https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope

from local.aws import (
    firehose_access,
    firehose_log,
    firehose_opensearch,
    firehose_s3,
    firehose_transform,
    kinesis_stream,
)
from local.aws.firehose_records import (
    DeliveryBlockedError,
    DeliveryStream,
    DestinationConfig,
    Record,
    Undelivered,
)
from local.aws.opensearch_server import OpenSearchServer

_RETRY_SECONDS = 300.0  # RetryOptions.DurationInSeconds when the destination does not say


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the batches of one destination leave.

    Attributes:
        destination: MiniStack's ``{"type": ..., "config": ...}``; updates change it in place.
        patience_cap_seconds: Longest time that OpenSearch is retried, whatever the options say.
    """

    stream: DeliveryStream
    destination: dict[str, Any]
    server: OpenSearchServer
    patience_cap_seconds: float

    def __call__(self, batch: list[Record]) -> list[Record]:
        """Deliver, and give back what has to wait because a role or a bucket is wrong."""
        waiting = {record.id: record for record in batch}
        arn = parse_arn(self.stream["arn"])
        with request_scope(arn.account_id, arn.region):
            try:
                for settled in self._steps(batch):
                    for record in settled:
                        waiting.pop(record.id, None)
                firehose_log.log_unblocked(self.stream)
            except DeliveryBlockedError as error:
                firehose_log.log_blocked(self.stream, self._config, error)
        return list(waiting.values())

    @property
    def _config(self) -> DestinationConfig:
        config: DestinationConfig = self.destination["config"]
        return config

    @property
    def _s3_config(self) -> DestinationConfig:
        """Where records go, or, for OpenSearch, where copies and failures go."""
        config: DestinationConfig = self._config.get("S3Configuration", self._config)
        return config

    def _steps(self, batch: Sequence[Record]) -> Iterator[Iterable[Record]]:
        """Yield records as soon as they need nothing more, because they arrived or are in S3."""
        self._require_source()
        accepted, failed = firehose_transform.transform(self.stream, self._config, batch)
        self._keep(failed, "processing-failed")
        going_on = {record.id for record in accepted}
        yield [record for record in batch if record.id not in going_on]
        if not accepted:
            return
        if self.destination["type"] == "AmazonOpenSearch":
            yield from self._index(accepted)
        else:
            firehose_s3.write_records(self.stream, self._s3_config, accepted)
            yield accepted

    def _index(self, records: Sequence[Record]) -> Iterator[Iterable[Record]]:
        if self._config.get("S3BackupMode") == "AllDocuments":
            firehose_s3.write_records(self.stream, self._s3_config, records)
        options = self._config.get("RetryOptions") or {}
        patience = float(options.get("DurationInSeconds", _RETRY_SECONDS))
        failed = firehose_opensearch.deliver(
            self.server, self._config, records, min(patience, self.patience_cap_seconds)
        )
        refused = {failure.record.id for failure in failed}
        yield [record for record in records if record.id not in refused]
        self._keep(failed, "AmazonOpenSearchService-failed")
        yield [failure.record for failure in failed]

    def _keep(self, failed: Sequence[Undelivered], kind: str) -> None:
        if failed:
            firehose_log.log_failures(self.stream, self._config, failed)
            firehose_s3.write_failures(self.stream, self._s3_config, kind, failed)

    def _require_source(self) -> None:
        if source := self.stream.get("kinesis_source"):
            stream_arn = source["KinesisStreamARN"]
            key = kinesis_stream.customer_key(kinesis_stream.find(stream_arn))
            firehose_access.require_stream(source["RoleARN"], stream_arn, key)
