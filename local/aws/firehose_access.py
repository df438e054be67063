"""What the role of a delivery stream has to be allowed to do, as AWS documents it.

All of it is required here, although AWS needs some of it only under load: a role that
passes on a laptop has to be enough in production.

Reference: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
"""

from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region

from local.aws import roles
from local.aws.firehose_records import DeliveryBlockedError

SERVICE = "firehose.amazonaws.com"
_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
_OBJECT = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")
_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
_STREAM = (
    "kinesis:DescribeStream",
    "kinesis:GetShardIterator",
    "kinesis:GetRecords",
    "kinesis:ListShards",
)
_DOMAIN = ("es:DescribeDomain", "es:DescribeDomains", "es:DescribeDomainConfig")
_DOMAIN_WRITE = ("es:ESHttpPost", "es:ESHttpPut")
# `<index>/_mapping/<type>` is documented too; OpenSearch has no types, so it is not asked for.
_DOMAIN_READ = ("_all/_settings", "_cluster/stats", "_nodes", "_nodes/stats", "_stats")


def require_bucket(role: str, bucket: str, key: str, kms_key: str | None) -> None:
    """Make sure ``role`` may write ``key`` into ``bucket``, encrypted with ``kms_key`` if any.

    Raises:
        DeliveryBlockedError: ``S3.AccessDenied`` or ``S3.KMS.AccessDenied``; extend the role.
    """
    arn = f"arn:aws:s3:::{bucket}"
    _require("S3.AccessDenied", role, _BUCKET, arn)
    _require("S3.AccessDenied", role, _OBJECT, f"{arn}/{key}")
    if kms_key:
        _require("S3.KMS.AccessDenied", role, _KEY, key_arn(kms_key), through="s3")


def require_stream(role: str, stream_arn: str, kms_key: str | None) -> None:
    """Make sure ``role`` may read the Kinesis stream that feeds the delivery stream.

    Raises:
        DeliveryBlockedError: ``Kinesis.AccessDenied``; extend the role.
    """
    _require("Kinesis.AccessDenied", role, _STREAM, stream_arn)
    if kms_key:
        decrypt, key = ("kms:Decrypt",), key_arn(kms_key)
        _require("Kinesis.AccessDenied", role, decrypt, key, through="kinesis")


def require_domain(role: str, domain_arn: str, index: str) -> None:
    """Make sure ``role`` may look at the domain and write to ``index``.

    Raises:
        DeliveryBlockedError: ``OS.AccessDenied``; extend the role.
    """
    _require("OS.AccessDenied", role, _DOMAIN, domain_arn)
    _require("OS.AccessDenied", role, _DOMAIN_WRITE, f"{domain_arn}/_bulk")
    for path in (*_DOMAIN_READ, f"{index}/_stats"):
        _require("OS.AccessDenied", role, ("es:ESHttpGet",), f"{domain_arn}/{path}")


def require_function(role: str, function_arn: str) -> str | None:
    """Why ``role`` may not invoke the transformation, or ``None``."""
    return roles.denied(role, "lambda:InvokeFunction", function_arn, SERVICE)


def require_log_stream(role: str, log_stream_arn: str) -> str | None:
    """Why ``role`` may not write delivery errors to the log stream, or ``None``."""
    return roles.denied(role, "logs:PutLogEvents", log_stream_arn, SERVICE)


def key_arn(key: str) -> str:
    """The ARN of a KMS key given as ARN or as id in the current account and region."""
    if key.startswith("arn:"):
        return key
    return f"arn:aws:kms:{get_region()}:{get_account_id()}:key/{key}"


def resource_name(arn: str) -> str:
    """What follows the last slash of the ARN's resource: a stream's or a domain's name."""
    spec: Any = parse_arn(arn)
    return str(spec.resource).rsplit("/", 1)[-1]


def _require(
    code: str, role: str, actions: tuple[str, ...], resource: str, *, through: str = ""
) -> None:
    for action in actions:
        if why := roles.denied(role, action, resource, SERVICE, through=through):
            raise DeliveryBlockedError(code, why)
