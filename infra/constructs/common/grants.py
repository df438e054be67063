"""What a role needs for one thing, action by action, where CDK's own grants give more.

CDK's ``grant_put`` brings ``s3:Abort*``, object locks and tags, and every way to use the key.
Each function here gives the list of an AWS page and nothing else, and says why by the ``Sid`` of
each statement. A key may be used through the service that stores the data only.

Reference: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from infra.acknowledge import acknowledge_wildcard
from infra.config.objects import LogBucket
from infra.constructs.common.statements import Conditions, allow
from infra.enrichment import Located

type Reader = Literal["lambda", "firehose"]
"""Which service polls a stream."""

POLLS: Final[dict[Reader, tuple[str, ...]]] = {
    "firehose": ("DescribeStream", "GetRecords", "GetShardIterator", "ListShards"),
    "lambda": (
        *("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator"),
        *("ListShards", "ListStreams", "SubscribeToShard"),
    ),
}
"""What each asks of its role; Lambda checks all of it before it makes an event source mapping.

References:
    - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaKinesisExecutionRole.html
    - https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
"""


def grant_put_objects(
    role: iam.Role, bucket: s3.IBucket, key: kms.IKey, prefix: str, *, why: str
) -> None:
    """Let a role write objects below a prefix of an encrypted bucket.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    allow(role, why, ["s3:PutObject"], _below(role, bucket, (prefix,)))
    _grant_encrypt(role, "EncryptObjects", key, "s3")


def grant_put_object(
    role: iam.Role, bucket: s3.IBucket, key: kms.IKey, name: str, *, why: str
) -> None:
    """Let a role write one object of an encrypted bucket."""
    allow(role, why, ["s3:PutObject"], [bucket.arn_for_objects(name)])
    _grant_encrypt(role, "EncryptObjects", key, "s3")


def grant_get_objects(role: iam.Role, objects: Iterable[Located]) -> None:
    """Let a role read objects by their whole name, and use the keys that you encrypt them with.

    Our own key is not among them: who puts objects may decrypt with it already.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    found = tuple(objects)
    if found:
        allow(role, "ReadLookups", ["s3:GetObject"], [each.arn for each in found])
    keys = [each.key_arn for each in found if each.key_arn]
    if keys:
        _grant_decrypt(role, "DecryptLookups", keys, "s3")


def grant_deliver_objects(
    role: iam.Role, bucket: s3.IBucket, key: kms.IKey, prefixes: Sequence[str]
) -> None:
    """Let Firehose deliver to prefixes of an encrypted bucket.

    Reference: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
    """
    of_objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    of_bucket = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    allow(role, "DeliverObjects", of_objects, _below(role, bucket, prefixes))
    allow(role, "FindTheBucketAndItsUploads", of_bucket, [bucket.bucket_arn])
    _grant_encrypt(role, "EncryptObjects", key, "s3")


def grant_read_stream(
    role: iam.Role, stream: kinesis.IStream, key: kms.IKey, *, reader: Reader
) -> None:
    """Let Lambda or Firehose poll an encrypted stream."""
    polls = [f"kinesis:{action}" for action in POLLS[reader]]
    allow(role, "PollTheStream", polls, [stream.stream_arn])
    _grant_decrypt(role, "DecryptRecords", [key.key_arn], "kinesis")


def grant_write_stream(role: iam.Role, stream: kinesis.IStream, key: kms.IKey) -> None:
    """Let EventBridge put events on an encrypted stream.

    Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
    """
    puts = ["kinesis:PutRecord", "kinesis:PutRecords"]
    allow(role, "PutEventsOnTheStream", puts, [stream.stream_arn])
    through = through_service("kinesis", cdk.Stack.of(role).region)
    allow(role, "EncryptRecords", ["kms:GenerateDataKey"], [key.key_arn], conditions=through)


def grant_read_objects(role: iam.Role, buckets: Sequence[LogBucket]) -> None:
    """Let a role read the log files of buckets.

    Without the right to list, S3 says that an object which is gone is forbidden, and nobody could
    tell the two apart.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    arns, objects = log_objects(role, buckets)
    for named in objects:
        acknowledge_wildcard(
            role,
            named,
            "Log files are named by their writers; the deployment says below what prefix",
        )
    allow(role, "ReadLogFiles", ["s3:GetObject", "s3:GetObjectVersion"], objects)
    allow(role, "TellGoneFromForbidden", ["s3:ListBucket"], arns)
    keys = [bucket.key_arn for bucket in buckets if bucket.key_arn]
    if keys:
        _grant_decrypt(role, "DecryptLogFiles", keys, "s3")


def log_objects(role: iam.Role, buckets: Sequence[LogBucket]) -> tuple[list[str], list[str]]:
    """ARNs of buckets, and of the log files in them, as a role's policy names them."""
    arns = [f"arn:{cdk.Stack.of(role).partition}:s3:::{bucket.name}" for bucket in buckets]
    objects = [f"{arn}/{bucket.prefix}*" for arn, bucket in zip(arns, buckets, strict=True)]
    return arns, objects


def grant_take_and_send_messages(
    role: iam.Role, queue: sqs.IQueue, key: kms.IKey, *, why: str
) -> None:
    """Let Lambda poll an encrypted queue, and its function send messages to it.

    Reference: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html
    """
    polls = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    allow(role, "PollTheQueue", polls, [queue.queue_arn])
    grant_send_messages(role, queue, key, why=why)


def grant_send_messages(role: iam.Role, queue: sqs.IQueue, key: kms.IKey, *, why: str) -> None:
    """Let a role send messages to an encrypted queue, which includes to decrypt them.

    Reference: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    allow(role, why, ["sqs:SendMessage"], [queue.queue_arn])
    _grant_encrypt(role, "EncryptMessages", key, "sqs")


def grant_read_secret(role: iam.Role, secret: str, *, why: str) -> None:
    """Let a role read one secret, which the account's default key encrypts.

    Reference: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
    """
    allow(role, why, ["secretsmanager:GetSecretValue"], [secret])


def grant_write_log(role: iam.Role, log_group: logs.ILogGroup) -> None:
    """Let a role write one log group, which exists."""
    writes = ["logs:CreateLogStream", "logs:PutLogEvents"]
    allow(role, "WriteOwnLog", writes, [log_group.log_group_arn])


def through_service(service: str, *regions: str) -> Conditions:
    """The condition that a key is used by a service for the role, never by the role itself.

    Args:
        service: Such as ``s3``.
        regions: Where the service stores the data.
    """
    names = [f"{service}.{region}.amazonaws.com" for region in regions]
    return {"StringEquals": {"kms:ViaService": names[0] if len(names) == 1 else names}}


def _grant_decrypt(role: iam.Role, why: str, key_arns: Sequence[str], service: str) -> None:
    keys = list(dict.fromkeys(key_arns))
    regions = dict.fromkeys(_region(role, key) for key in keys)
    allow(role, why, ["kms:Decrypt"], keys, conditions=through_service(service, *regions))


def _grant_encrypt(role: iam.Role, why: str, key: kms.IKey, service: str) -> None:
    """Who encrypts decrypts as well: the data key of the upload or the message group before."""
    through = through_service(service, cdk.Stack.of(role).region)
    allow(role, why, ["kms:Decrypt", "kms:GenerateDataKey"], [key.key_arn], conditions=through)


def _region(role: iam.Role, key_arn: str) -> str:
    """The region that a key says; our own key, which is a reference here, is in the role's."""
    if cdk.Token.is_unresolved(key_arn):
        return cdk.Stack.of(role).region
    return key_arn.split(":")[3]


def _below(role: iam.Role, bucket: s3.IBucket, prefixes: Sequence[str]) -> list[str]:
    """The ARNs of all objects below prefixes; that they end in a wildcard is acknowledged."""
    for prefix in prefixes:
        acknowledge_wildcard(
            role,
            f"{_arn_as_seen_by(role, bucket)}/{prefix}*",
            f"Objects are named by their time; the role writes below {prefix} and nowhere else",
        )
    return [bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes]


def _arn_as_seen_by(role: iam.Role, bucket: s3.IBucket) -> str:
    """The bucket's ARN, or the export that CDK makes of it for another stack."""
    owner = cdk.Stack.of(bucket)
    is_given = not isinstance(bucket, s3.Bucket)  # by its name, which needs no export
    if is_given or owner.node.path == cdk.Stack.of(role).node.path:
        return bucket.bucket_arn
    return str(owner.export_value(bucket.bucket_arn))
