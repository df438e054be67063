"""A finding: of sensitive data in an object, or about the policy of a bucket.

Reference: https://docs.aws.amazon.com/macie/latest/APIReference/findings-describe.html
"""

import re
from typing import Any

from logcore.record import Document
from logcore.shape import integer, obj, text, time, unique
from logcore.sources.macie.actor import actor_of, origin_of
from logcore.sources.macie.sensitive import sensitive_of

KINDS = ("SensitiveData:", "Policy:")
"""How the types of findings begin."""

CATEGORIES = {"CLASSIFICATION": "file", "POLICY": "configuration"}
"""ECS ``event.category`` by Macie's word for the finding."""

_TYPE = re.compile(r"(?P<ruleset>[^/]+)/(?P<family>.+)", re.DOTALL)
_MD5 = re.compile(r"[0-9a-f]{32}")
_MD5_ENCRYPTIONS = frozenset({"NONE", "AES256"})
"""Encryptions under which the ETag of an object that came in one part is its MD5:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html"""


def document_of(found: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a finding; may hold ``None``."""
    affected = obj(found.get("resourcesAffected"))
    bucket, stored = obj(affected.get("s3Bucket")), obj(affected.get("s3Object"))
    policy = obj(found.get("policyDetails"))
    call = obj(obj(policy.get("action")).get("apiCallDetails"))
    actor, origin = actor_of(policy), origin_of(policy, malformed)
    file = _file(found, stored, malformed)
    kind, updated = text(found.get("type")) or "", text(found.get("updatedAt"))
    parts = _TYPE.fullmatch(kind)
    created = time(found.get("createdAt"), "createdAt", malformed)
    return {
        "@timestamp": time(updated, "updatedAt", malformed) or created,
        "message": text(found.get("description")) or text(found.get("title")),
        "event": {
            "id": "/".join(filter(None, (text(found.get("id")), updated))),
            "kind": "state" if found.get("archived") is True else "alert",
            "category": [CATEGORIES.get(text(found.get("category")) or "", "configuration")],
            "type": ["info", "change"] if call else ["info"],
            "action": text(call.get("api")),
            "provider": text(call.get("apiServiceName")),
            "created": created,
            "start": time(call.get("firstSeen"), "firstSeen", malformed),
            "end": time(call.get("lastSeen"), "lastSeen", malformed),
            "severity": integer(obj(found.get("severity")).get("score"), "severity", malformed),
            "reason": text(found.get("title")),
        },
        "rule": {
            "id": kind,
            "name": parts["family"] if parts else kind,
            "ruleset": parts["ruleset"] if parts else None,
            "category": text(found.get("category")),
            "description": text(found.get("description")),
        },
        "cloud": {
            "account": {"id": text(found.get("accountId"))},
            "region": text(found.get("region")),
            "service": {"name": "macie"},
        },
        "observer": {"vendor": "Amazon Macie"},
        "file": file,
        "user": actor.user,
        "source": origin,
        "related": {
            "ip": unique(origin["ip"]),
            "hosts": unique(origin["domain"]),
            "user": unique(*actor.names),
            "hash": unique(file["hash"]["md5"]),
        },
        "macie": {
            "finding_id": text(found.get("id")),
            "type": kind,
            "severity_label": text(obj(found.get("severity")).get("description")),
            "count": integer(found.get("count"), "count", malformed),
            "archived": _truth(found, "archived", malformed),
            "sample": _truth(found, "sample", malformed),
            "actor_type": actor.type,
            **_bucket(bucket, stored, malformed),
            **sensitive_of(obj(found.get("classificationDetails")), malformed),
        },
    }


def _bucket(
    bucket: dict[str, Any], stored: dict[str, Any], malformed: list[str]
) -> dict[str, str | bool | None]:
    """Whose bucket it is, who may read it, and how it is encrypted."""
    return {
        "bucket": text(bucket.get("name")),
        "bucket_owner": text(obj(bucket.get("owner")).get("displayName")),
        "bucket_access": text(obj(bucket.get("publicAccess")).get("effectivePermission")),
        "bucket_encryption": _encryption(bucket, "defaultServerSideEncryption"),
        "unencrypted_uploads": text(bucket.get("allowsUnencryptedObjectUploads")),
        "object_encryption": _encryption(stored, "serverSideEncryption"),
        "object_public": _truth(stored, "publicAccess", malformed),
    }


def _encryption(holder: dict[str, Any], section: str) -> str | None:
    return text(obj(holder.get(section)).get("encryptionType"))


def _file(found: dict[str, Any], stored: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The object, whose path is its key, as the other sources of S3 have it."""
    key = text(stored.get("key"))
    result = obj(obj(found.get("classificationDetails")).get("result"))
    return {
        "path": key,
        "name": key.rpartition("/")[2] or None if key else None,
        "extension": (text(stored.get("extension")) or "").lower() or None,
        "size": integer(stored.get("size"), "s3Object.size", malformed),
        "mime_type": text(result.get("mimeType")),
        "mtime": time(stored.get("lastModified"), "lastModified", malformed),
        "hash": {"md5": _md5(stored)},
    }


def _md5(stored: dict[str, Any]) -> str | None:
    """The ETag where it is the MD5 of the content; of parts or of what KMS encrypted it is not."""
    tag = (text(stored.get("eTag")) or "").strip('"')
    plain = _encryption(stored, "serverSideEncryption") in _MD5_ENCRYPTIONS
    return tag if plain and _MD5.fullmatch(tag) else None


def _truth(holder: dict[str, Any], name: str, malformed: list[str]) -> bool | None:
    value = holder.get(name)
    if value is None or isinstance(value, bool):
        return value
    malformed.append(name)
    return None
