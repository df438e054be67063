"""The sink that puts documents on a Firehose stream, which buffers and writes them to OpenSearch.

Reference: https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.delivery.sinks.backoff import Pause, until_taken
from lambdas.delivery.sinks.sink import Leftover, Parcel, Refusal, chunks

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient

LARGEST_RECORD = 1_000 * 1_024  # bytes before base64, from the reference above
LARGEST_BATCH = 4 * 1_024 * 1_024  # bytes of one request, likewise
MOST_RECORDS = 500  # of one request, likewise


class FirehoseSink:
    """Direct PUT in batches; only the entries that failed are sent again."""

    def __init__(self, client: "FirehoseClient", stream: str, *, pause: Pause = time.sleep) -> None:
        self._client = client
        self._stream = stream
        self._pause = pause

    def put(self, parcels: Sequence[Parcel]) -> Leftover:
        """Send every document that fits a record; the first saturated batch ends the sending.

        What Firehose did not take after several tries is left for the stream's own retry, and so
        is all that would have followed: a throttled stream is not helped by more requests.
        """
        left = Leftover()
        fitting = []
        for parcel in parcels:
            if len(parcel.body) <= LARGEST_RECORD:
                fitting.append(parcel)
            else:
                detail = f"{len(parcel.body)} bytes, Firehose takes {LARGEST_RECORD}"
                left.refused.append(Refusal(parcel, "document_too_large", detail))
        for batch in chunks(fitting, count=MOST_RECORDS, size=LARGEST_BATCH):
            if left.undelivered:
                left.undelivered.extend(batch)
            else:
                left.undelivered.extend(until_taken(self._attempt, batch, pause=self._pause))
        return left

    def _attempt(self, batch: Sequence[Parcel]) -> list[Parcel]:
        """Send one batch; gives the entries that failed, all of them when the request did."""
        try:
            response = self._client.put_record_batch(
                DeliveryStreamName=self._stream,
                Records=[{"Data": parcel.body} for parcel in batch],
            )
        except (BotoCoreError, ClientError) as error:
            return _retryable(error, batch)
        if not response["FailedPutCount"]:
            return []
        answers = response["RequestResponses"]
        return [p for p, answer in zip(batch, answers, strict=True) if "ErrorCode" in answer]


TRANSIENT = frozenset({"ServiceUnavailableException", "ThrottlingException", "InternalFailure"})


def _retryable(error: BotoCoreError | ClientError, batch: Sequence[Parcel]) -> list[Parcel]:
    """The batch when another try can help.

    Raises:
        ClientError: permission, a missing stream, a bad request: someone must act.
    """
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code not in TRANSIENT and status < 500:  # noqa: PLR2004  HTTP: the server's fault from here
            raise error
    return list(batch)
