"""The sink that writes documents to OpenSearch itself: seconds of latency, no Firehose.

Reference: https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
"""

import time
from collections.abc import Sequence

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as OpenSearchConnectionError
from opensearchpy.exceptions import TransportError

from lambdas.delivery.sinks.backoff import Pause, until_taken
from lambdas.delivery.sinks.sink import Leftover, Parcel, Refusal, chunks
from logcore.codec import dump_json

ACTION = b'{"index":{}}\n'  # no _id: the index's pipeline takes it from event.id
LARGEST_BODY = 9 * 1_024 * 1_024  # bytes; the smallest instance types take 10 MiB: SIEM met it
MOST_DOCUMENTS = 2_000  # of one request; larger ones gained nothing
TRY_AGAIN = frozenset({408, 429, 500, 502, 503, 504})  # HTTP statuses that may pass


class DirectSink:
    """``_bulk`` with an outcome per item; only items that may yet succeed are sent again."""

    def __init__(self, client: OpenSearch, index: str, *, pause: Pause = time.sleep) -> None:
        self._client = client
        self._index = index
        self._pause = pause

    def put(self, parcels: Sequence[Parcel]) -> Leftover:
        """Send every document; an item that the index refuses is left as a refusal with its reason.

        After the first request that stays unanswered nothing more is sent, as in the other sink.
        """
        left = Leftover()
        fitting = []
        for parcel in parcels:
            if len(parcel.body) + len(ACTION) + 1 <= LARGEST_BODY:
                fitting.append(parcel)
            else:
                detail = f"{len(parcel.body)} bytes, one request takes {LARGEST_BODY}"
                left.refused.append(Refusal(parcel, "document_too_large", detail))

        def attempt(batch: Sequence[Parcel]) -> list[Parcel]:
            return self._attempt(batch, left.refused)

        overhead = len(ACTION) + 1
        for batch in chunks(fitting, count=MOST_DOCUMENTS, size=LARGEST_BODY, overhead=overhead):
            if left.undelivered:
                left.undelivered.extend(batch)
            else:
                left.undelivered.extend(until_taken(attempt, batch, pause=self._pause))
        return left

    def _attempt(self, batch: Sequence[Parcel], refused: list[Refusal]) -> list[Parcel]:
        """Send one request; notes refusals and gives the items to send again.

        Raises:
            TransportError: the whole request was refused: permission or a missing index.
        """
        body = b"".join(part for parcel in batch for part in (ACTION, parcel.body, b"\n"))
        try:
            response = self._client.bulk(
                body=body,
                index=self._index,
                params={"filter_path": "errors,items.*.status,items.*.error"},
            )
        except OpenSearchConnectionError:
            return list(batch)
        except TransportError as error:
            if error.status_code in TRY_AGAIN:
                return list(batch)
            raise
        if not response["errors"]:
            return []
        again = []
        for parcel, item in zip(batch, response["items"], strict=True):
            answer = item["index"]
            if answer["status"] in TRY_AGAIN:
                again.append(parcel)
            elif "error" in answer:
                detail = dump_json(answer["error"]).decode()
                refused.append(Refusal(parcel, "index_refused", detail))
        return again
