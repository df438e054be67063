"""CloudTrail's digest files: which log files were delivered in an hour, and their hashes.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
"""

from typing import Any

from logcore.record import Document
from logcore.shape import compact, listed, obj, text, time, unique

MARK = "digestS3Object"
"""A key that every digest has and no event."""


def digest_document(digest: dict[str, Any]) -> Document:
    """Turn one digest into an ECS event; a chain of these shows that no log file was taken away.

    Its identity is its place, for CloudTrail never writes two digests to one. ``related.hash`` has
    the digest before it and every log file, so that a file's hash leads to who vouches for it.
    """
    malformed: list[str] = []
    bucket, key = text(digest.get("digestS3Bucket")), text(digest.get(MARK))
    hashes = (text(obj(file).get("hashValue")) for file in listed(digest.get("logFiles")))
    end = time(digest.get("digestEndTime"), "digestEndTime", malformed)
    document = compact(
        {
            "@timestamp": end,
            "event": {
                "id": f"s3://{bucket}/{key}" if bucket and key else None,
                "kind": "event",
                "category": ["file"],
                "type": ["info"],
                "action": "digest",
                "provider": "cloudtrail.amazonaws.com",
                "start": time(digest.get("digestStartTime"), "digestStartTime", malformed),
                "end": end,
            },
            "cloud": {
                "account": {"id": text(digest.get("awsAccountId"))},
                "service": {"name": "cloudtrail"},
            },
            "file": {"path": key},
            "related": {"hash": unique(text(digest.get("previousDigestHashValue")), *hashes)},
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"cloudtrail": digest}
    return document
