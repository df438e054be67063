# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""S3 as this project meets it: SSE-KMS without a key id, loopback as TLS, and who hears of what.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    - https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from xml.etree import ElementTree as ET

from ministack import app as gateway
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import s3

from local.aws import patching, roles
from local.aws.settings import Settings

_ALGORITHM = "x-amz-server-side-encryption"
_KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"


def apply(_settings: Settings) -> None:
    """Replace how S3 chooses a key, and how the gateway sees the transport."""
    patching.require(s3, "_bucket_encryption", "_buckets")  # what deliveries look at
    patching.require(s3, "_bucket_policies", "_error", "_get_object_data")
    patching.require(iam_evaluator, "_verified_key")
    patching.wrap(s3, "_get_object", _with_secrecy)
    patching.wrap(s3, "_resolve_sse_write_headers", _with_managed_key)
    patching.wrap(gateway, "pin_request_origin", _with_loopback_as_tls)


def customer_key(bucket: str) -> str | None:
    """The customer's key that a bucket's objects are encrypted with, by ARN or id."""
    default = s3._bucket_encryption.get(bucket)
    key = ET.fromstring(default).find(".//{*}KMSMasterKeyID") if default else None  # noqa: S314  written by ourselves
    return None if key is None or not key.text or "alias/aws/" in key.text else key.text


def _with_secrecy(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Forbid what is not there to who may not list the bucket, as if it were another's."""

    def get(bucket: str, key: str, *more: Any) -> Any:  # noqa: ANN401  same
        caller = iam_evaluator._verified_key.get()
        if caller and s3._get_object_data(bucket, key) is None:
            policy = s3._bucket_policies.get(bucket) or ""
            arn = f"arn:aws:s3:::{bucket}"
            if why := roles.caller_denied(caller, "s3:ListBucket", arn, resource_policy=policy):
                return s3._error("AccessDenied", why, HTTPStatus.FORBIDDEN)
        return original(bucket, key, *more)

    return get


def _with_managed_key(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Fill in the account's ``aws/s3`` key, which AWS uses when none is named."""

    def resolve(headers: Mapping[str, str], bucket: str) -> Any:  # noqa: ANN401  same
        if headers.get(_ALGORITHM) != "aws:kms" or headers.get(_KEY_ID):
            return original(headers, bucket)
        key = f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/s3"
        return original({**headers, _KEY_ID: key}, bucket)

    return resolve


def _with_loopback_as_tls(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Let ``aws:SecureTransport`` hold on loopback, where nobody can listen in."""

    def pin(source_ip: str, secure_transport: bool) -> None:  # noqa: FBT001  MiniStack's signature
        original(source_ip, secure_transport or ip_address(source_ip).is_loopback)

    return pin
