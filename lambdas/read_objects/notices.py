"""Reads what a message says about objects, in each form in which AWS announces one.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    - https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""

import json
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from logcore.transports.envelope import text_at

CONTINUED = "central-logs-object"
"""The one key of our own messages, which say where to go on."""


TEST_FILE = "LogTestFile"
"""End of the key that a load balancer tries a bucket with: ``ELBAccessLogTestFile``; no log."""


class NoticeError(Exception):
    """A message is in no form that announces objects; someone else writes to the queue."""


class Notice(NamedTuple):
    """An object to be read.

    Attributes:
        bucket: Its bucket.
        key: Its key, decoded.
        version: Version id; empty where the bucket keeps no versions or the message names none.
        etag: Entity tag that it had; empty where the message does not say.
        first: Number of the record to begin with.
    """

    bucket: str
    key: str
    version: str = ""
    etag: str = ""
    first: int = 1

    def message(self) -> str:
        """A message by which the reading goes on; ``notices`` reads it."""
        return json.dumps({CONTINUED: self._asdict()})


def notices(body: str) -> list[Notice]:
    """The objects that a message announces; none for tests and for what was removed.

    Raises:
        NoticeError: the message is in none of the forms.
    """
    try:
        found = _notices(json.loads(body))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise NoticeError(f"expected a message about S3 objects, found {error!r}") from error
    return [notice for notice in found if not notice.key.endswith(TEST_FILE)]


def _notices(message: Any) -> list[Notice]:  # noqa: ANN401  any JSON
    if CONTINUED in message:
        return [_by_ourselves(message[CONTINUED])]
    if message.get("Type") == "Notification":  # SNS around one of the others
        return _notices(json.loads(message["Message"]))
    if message.get("Event") == "s3:TestEvent":
        return []
    if "Records" in message:
        return [_by_s3(r["s3"]) for r in message["Records"] if _is_creation(r["eventName"])]
    if message["source"] == "aws.s3":
        return [_by_eventbridge(message["detail"])] if _is_creation(message["detail-type"]) else []
    raise ValueError(f"source {message['source']!r}")


def _is_creation(event: str) -> bool:
    """``ObjectCreated:Put`` as S3 names it, ``Object Created`` as EventBridge does."""
    return event.startswith(("ObjectCreated:", "Object Created"))


def _by_ourselves(said: dict[str, Any]) -> Notice:
    return Notice(
        **{name: text_at(said, name) for name in ("bucket", "key", "version", "etag")},
        first=int(said["first"]),
    )


def _by_s3(entry: dict[str, Any]) -> Notice:
    found = {"versionId": "", "eTag": ""} | entry["object"]
    return Notice(
        bucket=text_at(entry["bucket"], "name"),
        key=unquote_plus(text_at(found, "key")),  # as a form has it; EventBridge has it as it is
        version=text_at(found, "versionId"),
        etag=text_at(found, "eTag"),
    )


def _by_eventbridge(detail: dict[str, Any]) -> Notice:
    found = {"version-id": "", "etag": ""} | detail["object"]
    return Notice(
        bucket=text_at(detail["bucket"], "name"),
        key=text_at(found, "key"),
        version=text_at(found, "version-id"),
        etag=text_at(found, "etag"),
    )
